/** Whole connections in order of start become events: durations and bytes are known at the open. */
import type { ConnectionColumns } from "../../traces/connection.ts";
import { CloseCalendar } from "./close-calendar.ts";
import { CLOSE, EventBlock, OPEN, RATE_UNIT, WINDOW } from "./event-block.ts";
import { Slots } from "./slots.ts";
import type { ByteChoice, Span, TimelineSink } from "./timeline.ts";

export class ConnectionTimeline {
  readonly #windowNs: number;
  readonly #choice: ByteChoice;
  readonly #sink: TimelineSink;
  readonly #block = new EventBlock();
  readonly #calendar = new CloseCalendar();
  readonly #slots = new Slots();
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

  /** Adds the next connections. One that starts before its predecessor opens right after it. */
  take(connections: ConnectionColumns): void {
    const { count, start, duration, clientBytes, serverBytes } = connections;
    if (count === 0) return;
    this.#sink.announce(connections, count);
    for (let row = 0; row < count; row++) {
      const opens = Math.max(start[row], this.#latest);
      this.#latest = opens;
      this.#advance(opens);
      const payload = clientBytes[row] + serverBytes[row];
      this.#open(
        opens,
        opens + Math.max(0, duration[row]),
        bytesOf(connections, row, this.#choice),
        payload,
      );
    }
  }

  /** Closes what is open, ends the last window and hands the rest on. */
  finish(): Span {
    if (this.#first === Number.NEGATIVE_INFINITY) return { startNs: 0, windows: 0 };
    while (this.#calendar.size > 0) this.#advance(this.#calendar.earliest);
    this.#push(WINDOW, 0, 1, 0, 0);
    this.#flush();
    return { startNs: this.#first * this.#windowNs, windows: this.#window - this.#first + 1 };
  }

  /** Ends windows and closes connections up to and including time `to`. */
  #advance(to: number): void {
    const calendar = this.#calendar;
    for (;;) {
      const close = calendar.earliest;
      const next = Math.min(close, to);
      if (next >= this.#windowEnd) this.#endWindows(next);
      if (close > to) return;
      const slot = calendar.pop();
      this.#push(CLOSE, slot, this.#tail[slot], -this.#rate[slot], 0);
      this.#slots.release(slot);
    }
  }

  /** Ends every window before that of time `next`, in which nothing but steady traffic happened. */
  #endWindows(next: number): void {
    const window = Math.floor(next / this.#windowNs);
    if (this.#first === Number.NEGATIVE_INFINITY) this.#first = window;
    else this.#push(WINDOW, 0, window - this.#window, 0, 0);
    this.#window = window;
    this.#windowEnd = (window + 1) * this.#windowNs;
  }

  /** Opens a connection whose bytes are spread evenly over its life. */
  #open(opens: number, closes: number, bytes: number, payload: number): void {
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
    this.#push(OPEN, slot, head, rate, payload);
    this.#calendar.push(slot, closes);
  }

  #push(kind: number, slot: number, bytes: number, rate: number, payload: number): void {
    if (this.#block.count === this.#block.capacity) this.#flush();
    this.#block.push(kind, slot, bytes, rate, payload);
  }

  #flush(): void {
    this.#sink.replay(this.#block, this.#slots.bound);
    this.#block.count = 0;
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
