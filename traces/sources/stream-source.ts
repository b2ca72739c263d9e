/** Pipes: standard input, named pipes, a decompressor's output. */
import type { Readable } from "node:stream";
import { type ByteSource, Interruption, SourceError } from "./source.ts";

export class StreamSource implements ByteSource {
  readonly size = null;
  readonly reopenable = false;
  taken = 0;
  readonly #stream: Readable;
  #left: Uint8Array = new Uint8Array(0);
  #failure: Error | null = null;
  #ended = false;
  #aborted = false;
  #wake: (() => void) | null = null;

  /** Takes over `stream`; an aborted `signal` ends the wait for its next bytes by an `Interruption`. */
  constructor(stream: Readable, signal?: AbortSignal) {
    this.#stream = stream;
    const wake = () => this.#wake?.();
    stream.on("readable", wake);
    stream.on("end", () => {
      this.#ended = true;
      wake();
    });
    stream.on("close", () => {
      this.#ended = true;
      wake();
    });
    stream.on("error", (error: Error) => {
      this.#failure = error;
      wake();
    });
    const abort = () => {
      this.#aborted = true;
      wake();
    };
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#left.length === 0) {
      const next = this.#stream.read() as Buffer | null;
      if (next !== null) {
        this.#left = next;
      } else if (this.#failure) {
        throw new SourceError("more bytes", `a read error (${this.#failure.message})`);
      } else if (this.#aborted) {
        throw new Interruption();
      } else if (this.#ended) {
        return 0;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    }
    const count = Math.min(length, this.#left.length);
    into.set(this.#left.subarray(0, count), at);
    this.#left = this.#left.subarray(count);
    this.taken += count;
    return count;
  }

  close(): void {
    this.#stream.destroy();
  }
}
