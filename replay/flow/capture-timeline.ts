/** A capture's packets become events: groups of them are read in place by `wasm/timeline.ts`. */
import type { Activity } from "../../traces/activity.ts";
import type { FlowCode } from "./flow-code.ts";
import type { FlowEngine } from "./flow-engine.ts";
import type { Span } from "./timeline.ts";

export class CaptureTimeline {
  readonly #windowNs: number;
  readonly #engine: FlowEngine;
  readonly #code: FlowCode;
  /** Our slots for the connections that a group opened. */
  #slots: Int32Array = new Int32Array(0);

  /** Activities and the engine are in one memory. */
  constructor(windowNs: number, engine: FlowEngine) {
    this.#windowNs = windowNs;
    this.#engine = engine;
    this.#code = engine.code;
    const { address, capacity } = engine.room();
    this.#code.beginCapture(windowNs, address, capacity);
  }

  /** Adds the connections that a group of packets opened and closed, and what they moved. */
  take(activity: Activity): void {
    if (activity.opened.count > 0) this.#takeOpened(activity);
    if (activity.moved > 0) this.#code.takeMoved(activity.moved, activity.movedAt);
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
