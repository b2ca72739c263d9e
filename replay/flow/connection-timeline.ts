/** Whole connections in order of start become events: durations and bytes are known at the open. */
import type { ByteChoice } from "../../traces/activity.ts";
import type { ConnectionColumns } from "../../traces/connection.ts";
import { CloseCalendar } from "./close-calendar.ts";
import type { EventBlock } from "./event-block.ts";
import * as event from "./event-block.ts";
import { Slots } from "./slots.ts";
import type { Span, TimelineSink } from "./timeline.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { CLOSE, OPEN, RATE_UNIT, WINDOW } = event;

/** Events between two looks whether there is room for them: the end of a window, and one more. */
const EVENTS_AT_ONCE = 2;

export class ConnectionTimeline {
  readonly #windowNs: number;
  readonly #choice: ByteChoice;
  readonly #sink: TimelineSink;
  #block: EventBlock | null = null;
  readonly #calendar = new CloseCalendar();
  readonly #slots = new Slots();
  /** Slots of the connections opened in this block: of rows `#announced` and on. */
  #opening = new Int32Array(256);
  #announced = 0;
  /** Slots closed in this block, which are free after it. */
  #closed = new Int32Array(256);
  #closedCount = 0;
  /** Per slot: bytes in the window of the close, and the steady rate that ends there. */
  #tail = new Float64Array(1024);
  #rate = new Float64Array(1024);
  /** Index of the window being filled; the first one's. −∞ before the first connection. */
  #window = Number.NEGATIVE_INFINITY;
  #first = Number.NEGATIVE_INFINITY;
  #windowEnd = Number.NEGATIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(windowNs: number, choice: ByteChoice, sink: TimelineSink) {
    this.#windowNs = windowNs;
    this.#choice = choice;
    this.#sink = sink;
  }

  /**
   * Adds the next connections, from row `first` on. One that starts before its predecessor opens
   * right after it. Returns the first row that was not taken because the sink has to be waited for;
   * the number of rows if all were.
   */
  take(connections: ConnectionColumns, first = 0): number {
    const { count, start, duration, clientBytes, serverBytes } = connections;
    this.#announced = first;
    let row = first;
    for (; row < count; row++) {
      const opens = Math.max(start[row], this.#latest);
      this.#latest = opens;
      if (!this.#advance(opens, connections, row)) return row;
      const payload = clientBytes[row] + serverBytes[row];
      this.#open(
        row,
        opens,
        opens + Math.max(0, duration[row]),
        bytesOf(connections, row, this.#choice),
        payload,
      );
    }
    this.#announce(connections, row);
    return row;
  }

  /**
   * Closes what is open, ends the last window and hands the rest on; false when the sink has to be
   * waited for first.
   */
  finish(): boolean {
    if (this.#first === Number.NEGATIVE_INFINITY) return true;
    while (this.#calendar.size > 0) {
      if (!this.#advance(this.#calendar.earliest, null, 0)) return false;
    }
    const block = this.#roomy(null, 0);
    if (!block) return false;
    block.push(WINDOW, 0, 1, 0, 0);
    this.#flush(block);
    return true;
  }

  /** Where its windows lay, once it has finished. */
  get span(): Span {
    if (this.#first === Number.NEGATIVE_INFINITY) return { startNs: 0, windows: 0 };
    return { startNs: this.#first * this.#windowNs, windows: this.#window - this.#first + 1 };
  }

  /**
   * Ends windows and closes connections up to and including time `to`, for `row` to open; false when
   * there is no room for all that.
   */
  #advance(to: number, connections: ConnectionColumns | null, row: number): boolean {
    const calendar = this.#calendar;
    for (;;) {
      const block = this.#roomy(connections, row);
      if (!block) return false;
      const close = calendar.earliest;
      const next = Math.min(close, to);
      if (next >= this.#windowEnd) this.#endWindows(next, block);
      if (close > to) return true;
      const slot = calendar.pop();
      block.push(CLOSE, slot, this.#tail[slot], -this.#rate[slot], 0);
      this.#closed[this.#closedCount++] = slot;
    }
  }

  /** Ends every window before that of time `next`, in which nothing but steady traffic happened. */
  #endWindows(next: number, block: EventBlock): void {
    const window = Math.floor(next / this.#windowNs);
    if (this.#first === Number.NEGATIVE_INFINITY) this.#first = window;
    else block.push(WINDOW, 0, window - this.#window, 0, 0);
    this.#window = window;
    this.#windowEnd = (window + 1) * this.#windowNs;
  }

  /** Opens a connection whose bytes are spread evenly over its life; there is room for it. */
  #open(row: number, opens: number, closes: number, bytes: number, payload: number): void {
    const slot = this.#slots.take();
    if (slot >= this.#tail.length) this.#grow();
    const width = this.#windowNs;
    const lastWindow = Math.floor(closes / width);
    let head = bytes;
    let tail = 0;
    let rate = 0;
    if (lastWindow > this.#window) {
      const perNs = bytes / (closes - opens);
      tail = perNs * (closes - lastWindow * width);
      const whole = lastWindow - this.#window - 1;
      rate = whole > 0 ? Math.round(perNs / RATE_UNIT) : 0;
      // The rate counts for the opening window, too, when that ends: taken off again here. What
      // rounding the rate loses goes into the opening window.
      head = bytes - tail - rate * RATE_UNIT * width * (whole + 1);
    }
    this.#tail[slot] = tail;
    this.#rate[slot] = rate;
    this.#block?.push(OPEN, slot, head, rate, payload);
    this.#opening[row - this.#announced] = slot;
    this.#calendar.push(slot, closes);
  }

  /** The block, with room for a few events; null when the sink has to be waited for. */
  #roomy(connections: ConnectionColumns | null, row: number): EventBlock | null {
    const block = this.#block;
    if (block && block.count + EVENTS_AT_ONCE < block.capacity) return block;
    if (block) {
      if (connections) this.#announce(connections, row);
      this.#flush(block);
    }
    return this.#nextBlock();
  }

  #nextBlock(): EventBlock | null {
    this.#block = this.#sink.room();
    const room = this.#block?.capacity ?? 0;
    if (room > this.#closed.length) {
      this.#closed = new Int32Array(room);
      this.#opening = new Int32Array(room);
    }
    return this.#block;
  }

  /** Announces the rows before `end` that were not yet. */
  #announce(connections: ConnectionColumns, end: number): void {
    if (this.#announced === end) return;
    this.#sink.announce(connections, this.#announced, end, this.#opening, this.#slots.bound);
    this.#announced = end;
  }

  #flush(block: EventBlock): void {
    this.#block = null;
    this.#sink.replay(block, this.#slots.bound);
    for (let i = 0; i < this.#closedCount; i++) this.#slots.release(this.#closed[i]);
    this.#closedCount = 0;
  }

  #grow(): void {
    const wider = (column: Float64Array) => {
      const copy = new Float64Array(Math.ceil(1.5 * column.length));
      copy.set(column);
      return copy;
    };
    this.#tail = wider(this.#tail);
    this.#rate = wider(this.#rate);
  }
}

/** Bytes of connection `row` that the choice counts. */
function bytesOf(c: ConnectionColumns, row: number, choice: ByteChoice): number {
  const wire = choice.layer === "wire";
  const toServer = wire ? c.clientWireBytes[row] : c.clientBytes[row];
  const fromServer = wire ? c.serverWireBytes[row] : c.serverBytes[row];
  if (choice.direction === "in") return toServer;
  if (choice.direction === "out") return fromServer;
  return toServer + fromServer;
}
