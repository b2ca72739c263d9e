/** One policy at work on the event stream: its servers' loads, totals and measures. */
import { createHash } from "node:crypto";
import { ImbalanceRecorder, type LoadSummary } from "../metrics/imbalance.ts";
import { type LoadOverTime, LoadSeries } from "../metrics/load-series.ts";
import type { Dispatcher, FlowKeys, Policy } from "../policies/policy.ts";
import { randomStream } from "../random.ts";
import type { EventBlock } from "./event-block.ts";
import * as event from "./event-block.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { BYTES, OPEN, RATE_UNIT, WINDOW } = event;

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

export class PolicyRun {
  readonly policy: Policy;
  readonly #servers: number;
  readonly #windowNs: number;
  readonly #dispatcher: Dispatcher;
  readonly #active: Int32Array;
  readonly #peak: Int32Array;
  readonly #opened: Float64Array;
  readonly #payload: Float64Array;
  /** Bytes of the current window on top of the steady rate. */
  readonly #extra: Float64Array;
  readonly #rate: Float64Array;
  readonly #loads: Float64Array;
  readonly #windowBytes: Float64Array;
  readonly #ofConnections = new ImbalanceRecorder();
  readonly #ofBytes = new ImbalanceRecorder();
  readonly #series: LoadSeries;
  readonly #sha = createHash("sha256");
  readonly #unhashed = new Uint16Array(16384);
  #hashable = 0;
  /** Server of the connection in each slot. */
  #serverOf = new Uint16Array(1024);
  /** Picks of opens to come stand in `#serverOf` already, not in the queue. */
  #placed = false;
  /** Picks made ahead of their OPEN events, from `#at` to `#end`. */
  #picks = new Uint16Array(1024);
  #at = 0;
  #end = 0;

  constructor(policy: Policy, servers: number, windowNs: number, seed: number) {
    this.policy = policy;
    this.#servers = servers;
    this.#windowNs = windowNs;
    this.#active = new Int32Array(servers);
    this.#peak = new Int32Array(servers);
    const column = () => new Float64Array(servers);
    this.#opened = column();
    this.#payload = column();
    this.#extra = column();
    this.#rate = column();
    this.#loads = column();
    this.#windowBytes = column();
    this.#series = new LoadSeries(servers);
    const random = randomStream(seed, `policy/${policy.name}`);
    this.#dispatcher = policy.create({ servers, loads: this.#active, random });
  }

  /**
   * Shows the next `count` connections to a policy that picks without looking at loads. With
   * `slots`, the picks are noted there at once; without, they wait in a queue for their opens.
   */
  announce(keys: FlowKeys, count: number, slots?: Int32Array): void {
    const { pickBlock } = this.#dispatcher;
    if (!pickBlock) return;
    if (slots) this.#at = this.#end = 0;
    this.#reserve(count);
    const picks = this.#picks.subarray(this.#end, this.#end + count);
    pickBlock(keys, count, picks);
    if (!slots) {
      this.#end += count;
      return;
    }
    this.#placed = true;
    for (let i = 0; i < count; i++) {
      if (slots[i] >= this.#serverOf.length) this.#widen(slots[i] + 1);
      this.#serverOf[slots[i]] = picks[i];
    }
  }

  /** Makes room for `count` more picks in the queue. */
  #reserve(count: number): void {
    if (this.#end + count <= this.#picks.length) return;
    const pending = this.#picks.subarray(this.#at, this.#end);
    const room = 2 * (pending.length + count);
    const roomy = room > this.#picks.length ? new Uint16Array(room) : this.#picks;
    roomy.set(pending);
    this.#end -= this.#at;
    this.#at = 0;
    this.#picks = roomy;
  }

  #widen(slots: number): void {
    const wider = new Uint16Array(Math.max(slots, Math.ceil(1.3 * this.#serverOf.length)));
    wider.set(this.#serverOf);
    this.#serverOf = wider;
  }

  /** Runs over a block whose slots all lie below `slots`. */
  replay(block: EventBlock, slots: number): void {
    if (slots > this.#serverOf.length) this.#widen(slots);
    const { count, code, bytes, rate, payload } = block;
    const aware = this.#dispatcher.loadChanged ? this.#dispatcher : null;
    const serverOf = this.#serverOf;
    const active = this.#active;
    const extra = this.#extra;
    const rates = this.#rate;
    const totals = this.#payload;
    for (let i = 0; i < count; i++) {
      const kind = code[i] & 3;
      if (kind === WINDOW) {
        this.#sample(bytes[i]);
        continue;
      }
      const slot = code[i] >>> 2;
      let server: number;
      if (kind === BYTES) {
        extra[serverOf[slot]] += bytes[i];
        continue;
      }
      if (kind === OPEN) {
        if (aware !== null) server = aware.pick(NO_KEYS, 0);
        else server = this.#placed ? serverOf[slot] : this.#picks[this.#at++];
        serverOf[slot] = server;
        this.#opened[server]++;
        if (++active[server] > this.#peak[server]) this.#peak[server] = active[server];
        this.#unhashed[this.#hashable++] = server;
        if (this.#hashable === this.#unhashed.length) this.#digest();
        aware?.loadChanged?.(server);
      } else {
        server = serverOf[slot];
        active[server]--;
        aware?.loadChanged?.(server);
      }
      extra[server] += bytes[i];
      rates[server] += rate[i];
      totals[server] += payload[i];
    }
  }

  #digest(): void {
    this.#sha.update(new Uint8Array(this.#unhashed.buffer, 0, 2 * this.#hashable));
    this.#hashable = 0;
  }

  #sample(times: number): void {
    this.#loads.set(this.#active);
    this.#ofConnections.add(this.#loads, times);
    this.#sampleBytes(1);
    this.#extra.fill(0);
    if (times > 1) this.#sampleBytes(times - 1);
  }

  #sampleBytes(times: number): void {
    const perRate = RATE_UNIT * this.#windowNs;
    for (let i = 0; i < this.#servers; i++) {
      const sum = this.#extra[i] + this.#rate[i] * perRate;
      // What a rate that came and went in one window leaves behind is rounding, not traffic.
      this.#windowBytes[i] = sum > 1e-3 ? sum : 0;
    }
    this.#ofBytes.add(this.#windowBytes, times);
    this.#series.add(this.#loads, this.#windowBytes, times);
  }

  /** The result, once the last block has been replayed; the first window began at `startNs`. */
  outcome(startNs: number): PolicyOutcome {
    this.#digest();
    return {
      connections: this.#ofConnections.summary(),
      bytes: this.#ofBytes.summary(),
      servers: Array.from({ length: this.#servers }, (_, i) => ({
        connections: this.#opened[i],
        peakActive: this.#peak[i],
        payloadBytes: this.#payload[i],
      })),
      assignments: `sha256:${this.#sha.digest("hex")}`,
      load: this.#series.summary(startNs / 1e9, this.#windowNs / 1e9),
    };
  }
}
