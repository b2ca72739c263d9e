/** The flow engine: one pass over a trace, every policy over the same events. */
import { TraceMemory } from "../../traces/trace-memory.ts";
import { metricsIn } from "../metrics/metrics-code.ts";
import type { FlowKeys, Policy } from "../policies/policy.ts";
import { EventBlock, RATE_UNIT } from "./event-block.ts";
import { type FlowCode, flowCode } from "./flow-code.ts";
import { keyRows } from "./key-rows.ts";
import {
  AHEAD,
  AS_THEY_OPEN,
  COMPILED,
  HASHED,
  type PolicyOutcome,
  PolicyRun,
} from "./policy-run.ts";
import type { Span, TimelineSink } from "./timeline.ts";

/** Connections shown to a policy at once. */
const ROWS = 8192;
const FEWEST_SLOTS = 1024;

export class FlowEngine implements TimelineSink {
  readonly memory: WebAssembly.Memory;
  readonly code: FlowCode;
  readonly #runs: readonly PolicyRun[];
  /** Those of them whose picks `code` makes, in the order that it knows them by. */
  readonly #compiled: readonly PolicyRun[];
  readonly #rowSlots: Int32Array;
  #block: EventBlock | null = null;
  /** Slots that there is room for, and what all policies picked for the connections in them. */
  #slots = 0;
  #picks: Uint16Array = new Uint16Array(0);

  /** In `memory`, which is a `TraceMemory`'s, and may have been given out in part. */
  constructor(
    policies: readonly Policy[],
    servers: number,
    windowNs: number,
    seed: number,
    memory = new TraceMemory().memory,
  ) {
    this.memory = memory;
    this.code = flowCode(memory, {
      replay: (count, slots) => {
        const block = this.room();
        block.count = count;
        this.replay(block, slots);
      },
      sample: (times, bytesTimes) => {
        for (const run of this.#runs) run.sample(times, bytesTimes);
      },
    });
    this.code.beginServers(policies.length, servers, RATE_UNIT * windowNs);
    this.#rowSlots = this.words(ROWS);
    const loadsAt = this.code.loadsAt() >>> 0;
    const bytesAt = this.code.windowBytesAt() >>> 0;
    const metrics = metricsIn(memory);
    this.#runs = policies.map((policy, i) => {
      const room = PolicyRun.picks(ROWS);
      const picks = new Uint16Array(...this.#place(2 * room), room);
      const loads = new Float64Array(memory.buffer, loadsAt + 8 * i * servers, servers);
      const bytes = new Float64Array(memory.buffer, bytesAt + 8 * i * servers, servers);
      const run = new PolicyRun(policy, windowNs, seed, { picks, loads, bytes, metrics });
      if (run.way === COMPILED) this.code.pickFewest(i, picks.byteOffset);
      return run;
    });
    this.#compiled = this.#runs.filter(({ way }) => way === COMPILED);
  }

  /** Where `bytes` of memory are, as who lies there wants it. */
  #place(bytes: number): [SharedArrayBuffer, number] {
    const address = this.code.allocate(bytes) >>> 0;
    return [this.memory.buffer, address];
  }

  /** Room for `count` whole numbers of 32 bits where its code finds them. */
  words(count: number): Int32Array {
    return new Int32Array(...this.#place(4 * count), count);
  }

  room(): EventBlock {
    this.#block ??= new EventBlock(...this.#place(EventBlock.bytes));
    this.#block.count = 0;
    return this.#block;
  }

  /** There always is room. */
  async free(): Promise<void> {}

  /** There is nothing to end. */
  async end(): Promise<void> {}

  announce(keys: FlowKeys, first: number, end: number, slots: Int32Array, bound: number): void {
    this.#reserve(bound);
    for (let from = first; from < end; from += ROWS) {
      const to = Math.min(end, from + ROWS);
      const rows = keyRows(keys, from, to);
      this.#rowSlots.set(slots.subarray(from - first, to - first));
      this.code.readPicks(this.#rowSlots.byteOffset, to - from);
      for (const [policy, run] of this.#runs.entries()) {
        if (run.way !== AHEAD) continue;
        const picks = run.pick(rows, to - from);
        this.code.place(policy, picks, this.#rowSlots.byteOffset, to - from);
      }
    }
  }

  replay(block: EventBlock, slots: number): void {
    this.#reserve(slots);
    for (const [policy, run] of this.#runs.entries()) {
      if (run.way === AS_THEY_OPEN) run.dispatch(block, this.#picks, policy, this.#runs.length);
    }
    this.code.account(block.address, block.count);
    this.#takePicks(HASHED);
  }

  /** Hands policies the picks that were made for them, if they are `least` at least. */
  #takePicks(least: number): void {
    for (const [index, run] of this.#compiled.entries()) {
      const picked = this.code.picked(index);
      if (picked < least) continue;
      run.digest(picked);
      this.code.forgetPicks(index);
    }
  }

  /** Makes room for picks of connections in slots below `slots`. */
  #reserve(slots: number): void {
    if (slots <= this.#slots) return;
    this.#slots = Math.max(FEWEST_SLOTS, 2 ** Math.ceil(Math.log2(slots)));
    const picks = this.code.picksOf(this.#slots) >>> 0;
    const cells = this.#slots * this.#runs.length;
    this.#picks = new Uint16Array(this.memory.buffer, picks, cells);
  }

  /** What each policy came to, in the order given, once the timeline has finished. */
  outcomes(span: Span): { policy: Policy; outcome: PolicyOutcome }[] {
    this.#takePicks(0);
    return this.#runs.map((run, policy) => ({
      policy: run.policy,
      outcome: run.outcome(span.startNs, (server) => ({
        connections: this.code.connectionsOf(policy, server),
        peakActive: this.code.peakOf(policy, server),
        payloadBytes: this.code.payloadOf(policy, server),
      })),
    }));
  }
}
