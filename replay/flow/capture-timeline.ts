/** A capture's packets become events: groups of them go in at `wasm/timeline.ts`. */
import type { Activity } from "../../traces/activity.ts";
import type { FlowCode } from "./flow-code.ts";
import type { FlowEngine } from "./flow-engine.ts";
import { GroupColumns } from "./group-columns.ts";
import type { ByteChoice, Span } from "./timeline.ts";

/** Whose bytes do not count, as `Activity.fromServer` says who sent them. */
const UNWANTED = { in: 1, out: 0, both: 2 } as const;

export class CaptureTimeline {
  readonly #windowNs: number;
  readonly #wire: boolean;
  readonly #engine: FlowEngine;
  readonly #code: FlowCode;
  readonly #group: GroupColumns;

  constructor(windowNs: number, { layer, direction }: ByteChoice, engine: FlowEngine) {
    this.#windowNs = windowNs;
    this.#wire = layer === "wire";
    this.#engine = engine;
    this.#code = engine.code;
    this.#group = new GroupColumns(engine.memory, engine.code);
    const { address, capacity } = engine.room();
    this.#code.beginCapture(windowNs, UNWANTED[direction], address, capacity);
  }

  /** Adds a group of packets with the connections they opened and closed. */
  take(activity: Activity): void {
    this.#group.fit(activity);
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
    const { count } = opened;
    const { rowSlot, start, own } = this.#group;
    rowSlot.set(openedSlot.subarray(0, count));
    start.set(opened.start.subarray(0, count));
    const bound = this.#code.takeOpened(
      count,
      rowSlot.byteOffset,
      start.byteOffset,
      own.byteOffset,
    );
    this.#engine.announce(opened, 0, count, own, bound);
  }

  #takePackets(activity: Activity): void {
    const { packets } = activity;
    const { slot, time, payload, wire, fromServer } = this.#group;
    slot.set(activity.slot.subarray(0, packets));
    time.set(activity.time.subarray(0, packets));
    fromServer.set(activity.fromServer.subarray(0, packets));
    const amounts = this.#wire ? wire : payload;
    if (this.#wire) wire.set(activity.wire.subarray(0, packets));
    else payload.set(activity.payload.subarray(0, packets));
    const take = this.#wire ? this.#code.takeWire : this.#code.takePayload;
    take(packets, slot.byteOffset, time.byteOffset, amounts.byteOffset, fromServer.byteOffset);
  }

  #takeClosed({ closed, closedSlot }: Activity): void {
    const { count } = closed;
    const { rowSlot, start, duration, clientBytes, serverBytes } = this.#group;
    rowSlot.set(closedSlot.subarray(0, count));
    start.set(closed.start.subarray(0, count));
    duration.set(closed.duration.subarray(0, count));
    clientBytes.set(closed.clientBytes.subarray(0, count));
    serverBytes.set(closed.serverBytes.subarray(0, count));
    this.#code.takeClosed(
      count,
      rowSlot.byteOffset,
      start.byteOffset,
      duration.byteOffset,
      clientBytes.byteOffset,
      serverBytes.byteOffset,
    );
  }
}
