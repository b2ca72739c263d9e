/**
 * Captures followed in a thread of their own: reading, decoding and the connection table there,
 * whatever is done with the connections here. The same activities arrive in the same order as
 * without a thread, so every result is the same to the byte.
 *
 * One thread follows all packets because a connection's packets must be seen in order; cutting the
 * file would leave to the merge what the table is for.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Activity } from "../activity.ts";
import type { ConnectionOptions } from "../connections.ts";
import { TraceError } from "../errors.ts";
import type { CaptureFacts, FollowedCapture } from "../followed-capture.ts";
import type { CaptureJob, FromCapture, ToCapture } from "./messages.ts";
import { unpack } from "./parcel.ts";

/**
 * Opens captures and follows their connections in another thread; none of them may be a stream.
 * @throws {TraceError} when one cannot be opened
 */
export async function followInThread(
  names: readonly string[],
  following: ConnectionOptions,
  signal?: AbortSignal,
): Promise<FollowedCapture> {
  const workerData: CaptureJob = { names, following };
  const worker = new Worker(new URL("./capture-worker.js", import.meta.url), { workerData });
  const capture = new CaptureThread(worker);
  await capture.opened();
  signal?.addEventListener("abort", () => capture.stop(), { once: true });
  if (signal?.aborted) capture.stop();
  return capture;
}

class CaptureThread implements FollowedCapture {
  readonly #worker: Worker;
  readonly #arrived: FromCapture[] = [];
  #failure: unknown = null;
  #wake: () => void = () => {};
  #facts: CaptureFacts | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (message: FromCapture) => {
      this.#arrived.push(message);
      this.#wake();
    });
    worker.on("error", (error) => {
      this.#failure = error;
      this.#wake();
    });
  }

  async opened(): Promise<void> {
    const message = await this.#next();
    if (message.kind === "refused") {
      await once(this.#worker, "exit");
      throw new TraceError(message.damage);
    }
    this.#take(message);
  }

  stop(): void {
    this.#tell({ kind: "stop" });
  }

  facts(): CaptureFacts {
    if (!this.#facts) throw new Error("unreachable: facts before the capture was opened");
    return this.#facts;
  }

  async *activities(): AsyncGenerator<Activity> {
    try {
      for (;;) {
        const message = await this.#next();
        this.#take(message);
        if (message.kind !== "parcels") return;
        for (const parcel of message.parcels) yield unpack(parcel);
        this.#tell({ kind: "used", parcels: message.parcels }, message.parcels);
      }
    } finally {
      await this.#worker.terminate();
    }
  }

  #take(message: FromCapture): void {
    if (message.kind === "refused") throw new TraceError(message.damage);
    this.#facts = message.facts;
  }

  async #next(): Promise<FromCapture> {
    for (;;) {
      const message = this.#arrived.shift();
      if (message) return message;
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #tell(message: ToCapture, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
