/** One policy at work on the event stream: its picks and its measures. */
import { createHash } from "node:crypto";
import { ImbalanceRecorder, type LoadSummary } from "../metrics/imbalance.ts";
import { type LoadOverTime, LoadSeries } from "../metrics/load-series.ts";
import type { Metrics } from "../metrics/metrics-code.ts";
import type { Dispatcher, FlowKeys, Policy } from "../policies/policy.ts";
import { randomStream } from "../random.ts";
import type { EventBlock } from "./event-block.ts";
import * as event from "./event-block.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { CLOSE, CODE_STEP, OPEN } = event;

/** What one server came to. */
export interface ServerTotals {
  connections: number;
  peakActive: number;
  payloadBytes: number;
}

export interface PolicyOutcome {
  connections: LoadSummary;
  bytes: LoadSummary;
  servers: ServerTotals[];
  /** SHA-256 over the server index of each connection in order of opening, 16 bits, little-endian. */
  assignments: string;
  load: LoadOverTime;
}

/** Policies that read loads are asked in the middle of a block, when addresses are long gone. */
const NO_KEYS: FlowKeys = {
  client: new Uint32Array(4),
  server: new Uint32Array(4),
  clientPort: new Uint16Array(1),
  serverPort: new Uint16Array(1),
  protocol: new Uint8Array(1),
};

/** What lies where `wasm/servers.ts` reads and writes it. */
export interface PolicyMemory {
  /** Room for `PolicyRun.picks` of them. */
  picks: Uint16Array;
  /** Per server: its load, and its bytes in the window, when a sample is taken. */
  loads: Float64Array;
  bytes: Float64Array;
  metrics: Metrics;
}

/** Picks hashed at once, at least. */
export const HASHED = 16384;

/** When a policy picks: before connections open, as they do, or as they do in `wasm/fewest-open.ts`. */
export const AHEAD = 0;
export const AS_THEY_OPEN = 1;
export const COMPILED = 2;

/** Up to so many servers are looked through faster than least-connection's tree of them is kept. */
const FEW = 16;

export class PolicyRun {
  readonly policy: Policy;
  /** One of `AHEAD`, `AS_THEY_OPEN` and `COMPILED`. */
  readonly way: number;
  readonly #servers: number;
  readonly #memory: PolicyMemory;
  readonly #windowNs: number;
  readonly #dispatcher: Dispatcher;
  readonly #loads: Int32Array;
  readonly #ofConnections: ImbalanceRecorder;
  readonly #ofBytes: ImbalanceRecorder;
  readonly #series: LoadSeries;
  readonly #sha = createHash("sha256");
  /** The latest picks in order of opening, and how many of them there are. */
  readonly #picks: Uint16Array;
  #picked = 0;

  constructor(policy: Policy, windowNs: number, seed: number, memory: PolicyMemory) {
    this.policy = policy;
    this.#windowNs = windowNs;
    this.#memory = memory;
    this.#picks = memory.picks;
    const servers = memory.loads.length;
    this.#servers = servers;
    const isCompiled = policy.picksFewestOpen === true && servers <= FEW;
    this.way = !policy.readsLoads ? AHEAD : isCompiled ? COMPILED : AS_THEY_OPEN;
    this.#loads = new Int32Array(servers);
    this.#ofConnections = new ImbalanceRecorder(memory.metrics);
    this.#ofBytes = new ImbalanceRecorder(memory.metrics);
    this.#series = new LoadSeries(servers);
    const random = randomStream(seed, `policy/${policy.name}`);
    this.#dispatcher = policy.create({ servers, loads: this.#loads, random });
  }

  /** Room for picks, of which at most `atOnce` are made at once. */
  static picks(atOnce: number): number {
    return HASHED + atOnce;
  }

  /**
   * Picks servers for rows 0 … `count` − 1, the next that open. Returns the address of the picks.
   */
  pick(keys: FlowKeys, count: number): number {
    const first = this.#picked;
    const picks = this.#picks.subarray(first, first + count);
    if (this.#dispatcher.pickBlock) this.#dispatcher.pickBlock(keys, count, picks);
    else for (let row = 0; row < count; row++) picks[row] = this.#dispatcher.pick(keys, row);
    this.#note(first + count);
    return picks.byteOffset;
  }

  /**
   * Picks servers for the connections that open in a block. Those of the connection in slot s stand
   * at `width` · s + `at` of `servers`; no slot is used twice in a block.
   */
  dispatch(block: EventBlock, servers: Uint16Array, at: number, width: number): void {
    const dispatcher = this.#dispatcher;
    const loads = this.#loads;
    const picks = this.#picks;
    let picked = this.#picked;
    const { codes } = block;
    const end = block.count * CODE_STEP;
    for (let i = 0; i < end; i += CODE_STEP) {
      const kind = codes[i] & 3;
      if (kind > CLOSE) continue;
      // One way for opens and closes: a capture begins with one kind, and its code must do for both.
      const place = (codes[i] >>> 2) * width + at;
      const server = kind === OPEN ? dispatcher.pick(NO_KEYS, 0) : servers[place];
      servers[place] = server;
      picks[picked] = server;
      picked += 1 - kind;
      loads[server] += 1 - 2 * kind;
      dispatcher.loadChanged?.(server);
    }
    this.#note(picked);
  }

  /** There are `count` picks not hashed yet. */
  #note(count: number): void {
    this.#picked = count < HASHED ? count : 0;
    if (count >= HASHED) this.digest(count);
  }

  /** Hashes the first `count` picks. */
  digest(count: number): void {
    const { buffer, byteOffset } = this.#picks;
    this.#sha.update(new Uint8Array(buffer, byteOffset, 2 * count));
  }

  /** `times` windows ended with the loads that there are, and `bytesTimes` with the bytes. */
  sample(times: number, bytesTimes: number): void {
    const { loads, bytes } = this.#memory;
    if (times > 0) this.#ofConnections.add(loads, times);
    this.#ofBytes.add(bytes, bytesTimes);
    this.#series.add(loads, bytes, bytesTimes);
  }

  /**
   * The result, once the last block has been replayed; the first window began at `startNs`, and
   * `totals` tells what each server came to.
   */
  outcome(startNs: number, totals: (server: number) => ServerTotals): PolicyOutcome {
    this.digest(this.#picked);
    return {
      connections: this.#ofConnections.summary(),
      bytes: this.#ofBytes.summary(),
      servers: Array.from({ length: this.#servers }, (_, server) => totals(server)),
      assignments: `sha256:${this.#sha.digest("hex")}`,
      load: this.#series.summary(startNs / 1e9, this.#windowNs / 1e9),
    };
  }
}
