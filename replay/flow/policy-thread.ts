/** The policies of a replay in a thread of their own, fed with the events of a timeline. */
import { Worker } from "node:worker_threads";
import type { TraceMemory } from "../../traces/trace-memory.ts";
import type { FlowKeys, Policy } from "../policies/policy.ts";
import type { EventBlock } from "./event-block.ts";
import {
  PLACES,
  PolicyRing,
  RING_BYTES,
  type RingPlace,
  TO_FILL,
  TO_REPLAY,
} from "./policy-ring.ts";
import type { PolicyOutcome } from "./policy-run.ts";
import type { Span, TimelineSink } from "./timeline.ts";

const PROGRAM = new URL("./policy-worker.js", import.meta.url);

/** What the thread is started with. */
export interface PolicyJob {
  memory: WebAssembly.Memory;
  /** Where the ring lies in it. */
  ring: number;
  policies: readonly string[];
  servers: number;
  windowNs: number;
  seed: number;
}

export class PolicyThread implements TimelineSink {
  readonly #ring: PolicyRing;
  readonly #policies: readonly Policy[];
  readonly #worker: Worker;
  readonly #outcomes: Promise<PolicyOutcome[]>;
  readonly #failure: Promise<never>;
  #at = 0;

  /** Works in `memory`; `program` is what the thread runs. */
  constructor(
    policies: readonly Policy[],
    servers: number,
    windowNs: number,
    seed: number,
    memory: TraceMemory,
    program = PROGRAM,
  ) {
    const names = policies.map(({ name }) => name);
    const ring = memory.place(RING_BYTES);
    this.#ring = new PolicyRing(memory.buffer, ring);
    const job = { policies: names, servers, windowNs, seed };
    const workerData: PolicyJob = { memory: memory.memory, ring, ...job };
    this.#policies = policies;
    this.#worker = new Worker(program, { workerData });
    this.#outcomes = new Promise((resolve) => this.#worker.once("message", resolve));
    this.#failure = new Promise((_, reject) => {
      this.#worker.once("error", reject);
      this.#worker.once("exit", () => reject(new Error("the policies' thread has ended")));
    });
    // Whoever waits for the thread is told; until then a failure must not end the program.
    this.#failure.catch(() => {});
  }

  get #place(): RingPlace {
    return this.#ring.places[this.#at];
  }

  room(): EventBlock | null {
    if (!this.#ring.turns.is(this.#at, TO_FILL)) return null;
    this.#place.clear();
    return this.#place.block;
  }

  /** Waits until there is room. */
  free(): Promise<void> {
    return this.#ring.turns.come(this.#at, TO_FILL, this.#failure);
  }

  announce(keys: FlowKeys, first: number, end: number, slots: Int32Array, bound: number): void {
    this.#place.announce(keys, first, end, slots, bound);
  }

  replay(_block: EventBlock, bound: number): void {
    this.#place.seal(bound);
    this.#passOn();
  }

  #passOn(): void {
    this.#ring.turns.pass(this.#at, TO_REPLAY);
    this.#at = (this.#at + 1) % PLACES;
  }

  /** What each policy came to, in the order given, once the timeline has finished. */
  async outcomes(span: Span): Promise<{ policy: Policy; outcome: PolicyOutcome }[]> {
    await this.free();
    this.#place.setEnd(span.startNs);
    this.#passOn();
    const outcomes = await Promise.race([this.#outcomes, this.#failure]);
    return outcomes.map((outcome, i) => ({ policy: this.#policies[i], outcome }));
  }

  /** Ends the thread, whatever it is at. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
