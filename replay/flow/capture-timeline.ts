/** A capture's packets become events: groups of them are read in place by `wasm/timeline.ts`. */
import type { Activity } from "../../traces/activity.ts";
import type { FlowCode } from "./flow-code.ts";
import type { FlowEngine } from "./flow-engine.ts";
import type { ByteChoice, Span } from "./timeline.ts";

/** Whose bytes do not count, as `Activity.fromServer` says who sent them. */
const UNWANTED = { in: 1, out: 0, both: 2 } as const;

export class CaptureTimeline {
  readonly #windowNs: number;
  readonly #onWire: boolean;
  readonly #engine: FlowEngine;
  readonly #code: FlowCode;
  /** Our slots for the connections that a group opened. */
  #slots: Int32Array = new Int32Array(0);

  /** Activities and the engine are in one memory. */
  constructor(windowNs: number, { layer, direction }: ByteChoice, engine: FlowEngine) {
    this.#windowNs = windowNs;
    this.#onWire = layer === "wire";
    this.#engine = engine;
    this.#code = engine.code;
    const { address, capacity } = engine.room();
    this.#code.beginCapture(windowNs, UNWANTED[direction], address, capacity);
  }

  /** Adds a group of packets with the connections they opened and closed. */
  take(activity: Activity): void {
    if (activity.opened.count > 0) this.#takeOpened(activity);
    if (activity.packets > 0) this.#takePackets(activity);
    if (activity.closed.count > 0) this.#takeClosed(activity);
    this.#code.settle(activity.settled);
  }

  /** Decides all windows; every connection must have been reported closed. */
  finish(): Span {
    const windows = this.#code.finish();
    const startNs = windows > 0 ? this.#code.firstWindow() * this.#windowNs : 0;
    return { startNs, windows };
  }

  #takeOpened({ opened, openedSlot }: Activity): void {
    const { count, start } = opened;
    if (count > this.#slots.length) this.#slots = this.#engine.words(2 * count);
    const slots = this.#slots;
    const bound = this.#code.takeOpened(
      count,
      openedSlot.byteOffset,
      start.byteOffset,
      slots.byteOffset,
    );
    this.#engine.announce(opened, 0, count, slots, bound);
  }

  #takePackets({ packets, slot, time, payload, wire, fromServer }: Activity): void {
    const amounts = this.#onWire ? wire : payload;
    this.#code.takePackets(
      packets,
      slot.byteOffset,
      time.byteOffset,
      amounts.byteOffset,
      this.#onWire,
      fromServer.byteOffset,
    );
  }

  #takeClosed({ closed, closedSlot }: Activity): void {
    const { count, start, duration, clientBytes, serverBytes } = closed;
    this.#code.takeClosed(
      count,
      closedSlot.byteOffset,
      start.byteOffset,
      duration.byteOffset,
      clientBytes.byteOffset,
      serverBytes.byteOffset,
    );
  }
}
