/** The policies of a replay in a thread of their own, fed with the events of a timeline. */
import { Worker } from "node:worker_threads";
import type { FlowKeys, Policy } from "../policies/policy.ts";
import type { EventBlock } from "./event-block.ts";
import { END, EVENTS, KEY_ROWS, KEYS, PolicyRing } from "./policy-ring.ts";
import type { PolicyOutcome } from "./policy-run.ts";
import type { Span, TimelineSink } from "./timeline.ts";

/** What the thread is started with. */
export interface PolicyJob {
  memory: SharedArrayBuffer;
  policies: readonly string[];
  servers: number;
  windowNs: number;
  seed: number;
}

/** For timelines that announce connections without slots, which is those of whole connections. */
export class PolicyThread implements TimelineSink {
  readonly #ring = new PolicyRing();
  readonly #policies: readonly Policy[];
  readonly #worker: Worker;
  readonly #outcomes: Promise<PolicyOutcome[]>;

  constructor(policies: readonly Policy[], servers: number, windowNs: number, seed: number) {
    const names = policies.map(({ name }) => name);
    const workerData: PolicyJob = {
      memory: this.#ring.memory,
      policies: names,
      servers,
      windowNs,
      seed,
    };
    this.#policies = policies;
    this.#worker = new Worker(new URL("./policy-worker.js", import.meta.url), { workerData });
    this.#outcomes = new Promise((resolve, reject) => {
      this.#worker.once("message", resolve);
      this.#worker.once("error", reject);
    });
    // Whoever asks for the outcomes is told; until then a failure must not end the program.
    this.#outcomes.catch(() => {});
  }

  announce(keys: FlowKeys, count: number): void {
    for (let from = 0; from < count; from += KEY_ROWS) {
      const to = Math.min(count, from + KEY_ROWS);
      const { head, keys: into } = this.#ring.next("writer");
      into.client.set(keys.client.subarray(4 * from, 4 * to));
      into.server.set(keys.server.subarray(4 * from, 4 * to));
      into.clientPort.set(keys.clientPort.subarray(from, to));
      into.serverPort.set(keys.serverPort.subarray(from, to));
      into.protocol.set(keys.protocol.subarray(from, to));
      head.set([KEYS, to - from, 0]);
      this.#ring.done("writer");
    }
  }

  replay(block: EventBlock, slots: number): void {
    const { head, block: into } = this.#ring.next("writer");
    const { count } = block;
    into.code.set(block.code.subarray(0, count));
    into.bytes.set(block.bytes.subarray(0, count));
    into.rate.set(block.rate.subarray(0, count));
    into.payload.set(block.payload.subarray(0, count));
    head.set([EVENTS, count, slots]);
    this.#ring.done("writer");
  }

  /** What each policy came to, in the order given, once the timeline has finished. */
  async outcomes(span: Span): Promise<{ policy: Policy; outcome: PolicyOutcome }[]> {
    const { head, block } = this.#ring.next("writer");
    block.bytes[0] = span.startNs;
    head.set([END, 0, 0]);
    this.#ring.done("writer");
    const outcomes = await this.#outcomes;
    await this.#worker.terminate();
    return outcomes.map((outcome, i) => ({ policy: this.#policies[i], outcome }));
  }
}
