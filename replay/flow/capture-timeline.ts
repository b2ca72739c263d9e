/**
 * A capture's packets become events. That a connection has gone idle is known only a time-out after
 * its last packet, so what happened is kept, packed, until its window is settled.
 */
import type { Activity } from "../../traces/activity.ts";
import * as event from "./event-block.ts";
import { EventBlock } from "./event-block.ts";
import { Slots } from "./slots.ts";
import type { ByteChoice, Span, TimelineSink } from "./timeline.ts";
import { WindowEvents } from "./window-events.ts";
import { WindowLog, type WindowReader } from "./window-log.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { WINDOW } = event;

/**
 * A closed connection's slot is free when its window has been decided, unless more bytes follow in
 * a later one: then its payload in the log is odd, and a record of its own releases it there.
 */
const CLOSED_LATE = 1;
const NEVER = Number.NEGATIVE_INFINITY;

export class CaptureTimeline {
  readonly #windowNs: number;
  readonly #choice: ByteChoice;
  readonly #sink: TimelineSink;
  readonly #log = new WindowLog();
  readonly #events = new WindowEvents();
  readonly #block = new EventBlock();
  readonly #slots = new Slots();
  /** Our slots of the connections that open in a group. */
  #opening = new Int32Array(256);
  /** Per slot of the activity: our slot, which lives on until the close is settled; its open time. */
  #own = new Int32Array(1024);
  #opened = new Float64Array(1024);
  /** Per slot of the activity: bytes in the current window, and the last window with any. */
  #sum = new Float64Array(1024);
  #lastWindow = new Float64Array(1024);
  /** Slots of the activity with bytes in the current window. */
  #touched = new Int32Array(1024);
  #touchedCount = 0;
  /** The window that packets are in, and its bounds in nanoseconds. */
  #current = NEVER;
  #from = 0;
  #to = NEVER;
  #latestOpen = NEVER;
  /** Slots to be free when the window being decided is over. */
  readonly #released: number[] = [];
  /** One for all windows: a new one for each would be another function to whoever calls it. */
  readonly #roomFor = (): EventBlock => this.#room();
  readonly #reader: WindowReader = {
    opened: (slot, time) => this.#events.open(slot, time),
    closed: (slot, time, payload) => {
      const late = payload % 2;
      this.#events.close(slot, time, (payload - late) / 2);
      if (late !== CLOSED_LATE) this.#released.push(slot);
    },
    moved: (slot, bytes) => this.#events.moved(slot, bytes),
    released: (slot) => this.#released.push(slot),
  };
  /** The first window not yet handed on, and the first of all. */
  #undecided = NEVER;
  #first = NEVER;

  constructor(windowNs: number, choice: ByteChoice, sink: TimelineSink) {
    this.#windowNs = windowNs;
    this.#choice = choice;
    this.#sink = sink;
  }

  /** Adds a group of packets with the connections they opened and closed. */
  take(activity: Activity): void {
    if (activity.opened.count > 0) this.#takeOpened(activity);
    this.#takePackets(activity);
    if (activity.closed.count > 0) this.#takeClosed(activity);
    if (activity.settled >= (this.#undecided + 1) * this.#windowNs) {
      this.#decide(Math.floor(activity.settled / this.#windowNs));
      // Slots have become free: what the events say of them must be done before they are reused.
      this.#handOn();
    }
  }

  /** Decides all windows; every connection must have been reported closed. */
  finish(): Span {
    this.#flush();
    if (this.#first === NEVER) return { startNs: 0, windows: 0 };
    this.#decide(Number.POSITIVE_INFINITY);
    this.#handOn();
    return { startNs: this.#first * this.#windowNs, windows: this.#undecided - this.#first };
  }

  #takeOpened({ opened, openedSlot }: Activity): void {
    if (opened.count > this.#opening.length) this.#opening = new Int32Array(2 * opened.count);
    for (let row = 0; row < opened.count; row++) {
      const slot = openedSlot[row];
      if (slot >= this.#own.length) this.#grow(slot);
      // Packets may be out of order in a capture; connections open in the order they are numbered.
      const time = Math.max(opened.start[row], this.#latestOpen);
      this.#latestOpen = time;
      const window = this.#windowAt(time);
      const own = this.#slots.take();
      this.#own[slot] = own;
      this.#opening[row] = own;
      this.#opened[slot] = time;
      this.#sum[slot] = 0;
      this.#lastWindow[slot] = NEVER;
      this.#log.opened(window, own, this.#within(time, window));
    }
    this.#sink.announce(opened, opened.count, this.#opening);
  }

  #takePackets({ packets, slot, time, payload, wire, fromServer }: Activity): void {
    const { layer, direction } = this.#choice;
    const amounts = layer === "wire" ? wire : payload;
    const unwanted = direction === "both" ? 2 : direction === "in" ? 1 : 0;
    const sums = this.#sum;
    for (let i = 0; i < packets; i++) {
      const connection = slot[i];
      if (connection < 0) continue;
      const at = time[i];
      if (at >= this.#to || at < this.#from) {
        if (!this.#turnTo(at)) {
          if (fromServer[i] !== unwanted) this.#moveLate(connection, at, amounts[i]);
          continue;
        }
      }
      const amount = amounts[i];
      if (fromServer[i] === unwanted || amount === 0) continue;
      const before = sums[connection];
      if (before === 0) this.#touch(connection);
      sums[connection] = before + amount;
    }
  }

  #touch(connection: number): void {
    this.#lastWindow[connection] = this.#current;
    if (this.#touchedCount === this.#touched.length) {
      const wider = new Int32Array(2 * this.#touchedCount);
      wider.set(this.#touched);
      this.#touched = wider;
    }
    this.#touched[this.#touchedCount++] = connection;
  }

  /** Makes the window of a later packet the current one. False for a packet of an earlier window. */
  #turnTo(time: number): boolean {
    if (time < this.#to) return false;
    this.#flush();
    this.#current = this.#windowAt(time);
    this.#from = this.#current * this.#windowNs;
    this.#to = this.#from + this.#windowNs;
    return true;
  }

  /** Bytes of a packet that is older than one before it; never before its connection's open. */
  #moveLate(connection: number, time: number, bytes: number): void {
    const window = this.#windowAt(Math.max(time, this.#opened[connection]));
    this.#log.moved(window, this.#own[connection], bytes);
    this.#lastWindow[connection] = Math.max(window, this.#lastWindow[connection]);
  }

  #takeClosed({ closed, closedSlot }: Activity): void {
    for (let row = 0; row < closed.count; row++) {
      const slot = closedSlot[row];
      const own = this.#own[slot];
      this.#flushOne(slot);
      const time = Math.max(closed.start[row] + closed.duration[row], this.#opened[slot]);
      const window = this.#windowAt(time);
      const payload = closed.clientBytes[row] + closed.serverBytes[row];
      // Retransmissions after the close still belong to the connection's server.
      const last = this.#lastWindow[slot];
      const late = last > window ? CLOSED_LATE : 0;
      this.#log.closed(window, own, this.#within(time, window), 2 * payload + late);
      if (late) this.#log.released(last, own);
    }
  }

  #flush(): void {
    for (let i = 0; i < this.#touchedCount; i++) this.#flushOne(this.#touched[i]);
    this.#touchedCount = 0;
  }

  #flushOne(slot: number): void {
    const bytes = this.#sum[slot];
    if (bytes === 0) return;
    this.#sum[slot] = 0;
    this.#log.moved(this.#current, this.#own[slot], bytes);
  }

  /** The window of a time, or the first one that can still be told about. */
  #windowAt(time: number): number {
    const window = Math.floor(time / this.#windowNs);
    if (this.#first === NEVER) {
      this.#first = window;
      this.#undecided = window;
    }
    return Math.max(window, this.#undecided);
  }

  #within(time: number, window: number): number {
    return Math.max(0, Math.floor(time - window * this.#windowNs));
  }

  /** Hands on every window before `limit`; with no limit, up to the last one with events. */
  #decide(limit: number): void {
    if (limit > this.#current) this.#flush();
    while (this.#undecided < limit) {
      const window = this.#log.earliest();
      if (window === Number.POSITIVE_INFINITY && limit === Number.POSITIVE_INFINITY) return;
      if (window > this.#undecided) {
        const until = Math.min(window, limit);
        this.#room().push(WINDOW, 0, until - this.#undecided, 0, 0);
        this.#undecided = until;
        continue;
      }
      this.#log.drain(this.#reader);
      this.#events.emit(this.#slots.bound, this.#roomFor);
      this.#room().push(WINDOW, 0, 1, 0, 0);
      for (const own of this.#released) this.#slots.release(own);
      this.#released.length = 0;
      this.#undecided++;
    }
  }

  #room(): EventBlock {
    if (this.#block.count === this.#block.capacity) this.#handOn();
    return this.#block;
  }

  #handOn(): void {
    this.#sink.replay(this.#block, this.#slots.bound);
    this.#block.count = 0;
  }

  #grow(slot: number): void {
    const room = Math.max(slot + 1, Math.ceil(1.5 * this.#own.length));
    const own = new Int32Array(room);
    own.set(this.#own);
    this.#own = own;
    const wider = (column: Float64Array) => {
      const copy = new Float64Array(room);
      copy.set(column);
      return copy;
    };
    this.#opened = wider(this.#opened);
    this.#sum = wider(this.#sum);
    this.#lastWindow = wider(this.#lastWindow);
  }
}
