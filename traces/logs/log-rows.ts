/**
 * Log entries to connections. A log says when a request came, from whom, and how much was sent; the
 * rest is a model, and every trace made this way says so:
 *
 *  - an entry is one TCP connection that closes by FIN;
 *  - entries of one second are spread evenly over it, in the order of the log;
 *  - where the log does not say how long it took, the olympic96 model of holding time does
 *    (synthetic/transfer-time.ts);
 *  - a client's ports count up; a request is its first line and 310 bytes of headers.
 *
 * Logs are written when a request ends, so entries are put in order of time within a window.
 */

import { ConnectionColumns, copyRows } from "../connection.ts";
import { RandomStream } from "../random.ts";
import { microseconds } from "../synthetic/arrivals.ts";
import { segmentsOf } from "../synthetic/segments.ts";
import { type TransferTime, transferTime } from "../synthetic/transfer-time.ts";

export const MODELLED = "modelled: one connection a request, olympic96 holding times";
/** Headers of a request behind its first line, so that the mean is that of the Olympic server. */
export const REQUEST_HEADERS = 310;

const BLOCK = 65_536;
/** Entries held back so that late ones find their place. */
const HELD = 2 * BLOCK;
const FIRST_PORT = 1024;
const PORTS = 64_512;
const HEADERS = 54;
const SECOND = 1e9;

/** What a log says of one request. Words are an address as four 32-bit numbers. */
export interface LogEntry {
  /** Whole seconds since 1970, negative before. */
  seconds: number;
  client: Uint32Array;
  server: Uint32Array;
  serverPort: number;
  /** 0 where the log does not say. */
  clientPort: number;
  requestBytes: number;
  responseBytes: number;
  /** Seconds it took, or null where the log does not say. */
  took: number | null;
}

export class LogRows {
  /** Seconds since 1970 of time 0: the first entry's; null without one. */
  originSeconds: number | null = null;
  /** Entries that came after later ones had been handed out; they count as of then. */
  late = 0;
  private readonly held = new ConnectionColumns(HELD);
  private readonly out = new ConnectionColumns(BLOCK);
  private readonly random = new RandomStream(1, "log durations");
  private readonly time: TransferTime = { seconds: 0, retransmitted: 0 };
  private sorted = true;
  private passed = Number.NEGATIVE_INFINITY;
  private made = 0;

  /** True when `drain` must be called before the next `add`. */
  get full(): boolean {
    return this.held.count === HELD;
  }

  add(entry: LogEntry): void {
    const { held } = this;
    this.originSeconds ??= entry.seconds;
    let start = (entry.seconds - this.originSeconds) * SECOND;
    if (start < this.passed) {
      start = this.passed;
      this.late++;
    }
    const i = held.count++;
    if (i > 0 && start < held.start[i - 1]) this.sorted = false;
    const client = clientNumber(entry.client);
    const model = entry.took === null;
    if (model) transferTime(entry.responseBytes, client, this.random, this.time);
    held.start[i] = start;
    held.duration[i] = microseconds(entry.took ?? this.time.seconds);
    held.client.set(entry.client, 4 * i);
    held.server.set(entry.server, 4 * i);
    held.clientPort[i] = entry.clientPort || FIRST_PORT + ((this.made + i + client) % PORTS);
    held.serverPort[i] = entry.serverPort;
    held.protocol[i] = 6;
    held.close[i] = 0;
    held.flags[i] = 0;
    const segments = segmentsOf(entry.responseBytes);
    held.clientBytes[i] = entry.requestBytes;
    held.serverBytes[i] = entry.responseBytes;
    held.clientPackets[i] = 3 + Math.ceil(segments / 2);
    held.serverPackets[i] = 3 + segments;
    held.clientWireBytes[i] = entry.requestBytes + HEADERS * held.clientPackets[i];
    held.serverWireBytes[i] = entry.responseBytes + HEADERS * held.serverPackets[i];
  }

  /** Hands out what can no longer be overtaken; with `final`, everything. Blocks are reused. */
  *drain(final: boolean): Generator<ConnectionColumns> {
    const { held, out } = this;
    if (!this.sorted) this.sort();
    this.sorted = true;
    let count = final ? held.count : Math.min(BLOCK, held.count);
    // A second is handed out whole, so that its entries are spread over it; unless it fills us.
    if (!final) while (count > 1 && held.start[count - 1] === held.start[count]) count--;
    if (!final && count === 1) count = BLOCK;
    this.spread(count);
    for (let from = 0; from < count; from += BLOCK) {
      out.count = Math.min(BLOCK, count - from);
      copyRows(held, from, out, 0, out.count);
      for (let i = 0; i < out.count; i++) out.id[i] = this.made++;
      yield out;
    }
    if (count > 0) this.passed = held.start[count - 1];
    copyRows(held, count, held, 0, held.count - count);
    held.count -= count;
  }

  /** Spreads entries of one second evenly over it, on whole microseconds. */
  private spread(count: number): void {
    const { start } = this.held;
    for (let from = 0; from < count; ) {
      let to = from + 1;
      while (to < count && start[to] === start[from]) to++;
      const second = start[from];
      for (let i = from + 1; i < to; i++)
        start[i] = second + microseconds((i - from) / (to - from));
      from = to;
    }
  }

  /** Puts the entries held in order of time, keeping the log's own among equals. */
  private sort(): void {
    const { held } = this;
    const order = Uint32Array.from({ length: held.count }, (_, i) => i);
    order.sort((a, b) => held.start[a] - held.start[b] || a - b);
    const sorted = new ConnectionColumns(held.count);
    order.forEach((from, to) => {
      copyRows(held, from, sorted, to, 1);
    });
    copyRows(sorted, 0, held, 0, held.count);
  }
}

/** A number that belongs to the client, for its share of throughput and round trip. */
function clientNumber(words: Uint32Array): number {
  const mixed = Math.imul(words[0] ^ words[1] ^ words[2] ^ words[3], 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) & 0x3fffffff;
}
