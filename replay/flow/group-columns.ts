/** Where a group's columns are put for `wasm/timeline.ts`. */
import type { Activity } from "../../traces/activity.ts";
import type { FlowCode } from "./flow-code.ts";

/** Columns of other lengths are rare: groups of a trace have one size, but for the last. */
const SPARE = 2;

export class GroupColumns {
  readonly #memory: WebAssembly.Memory;
  readonly #code: FlowCode;
  /** Per packet, as in `Activity`; one of `payload` and `wire` is used. */
  slot: Int32Array = new Int32Array(0);
  time: Float64Array = new Float64Array(0);
  payload: Int32Array = new Int32Array(0);
  wire: Float64Array = new Float64Array(0);
  fromServer: Uint8Array = new Uint8Array(0);
  /** Per connection, as in `ConnectionColumns`, and its slot here and there. */
  rowSlot: Int32Array = new Int32Array(0);
  own: Int32Array = new Int32Array(0);
  start: Float64Array = new Float64Array(0);
  duration: Float64Array = new Float64Array(0);
  clientBytes: Float64Array = new Float64Array(0);
  serverBytes: Float64Array = new Float64Array(0);

  constructor(memory: WebAssembly.Memory, code: FlowCode) {
    this.#memory = memory;
    this.#code = code;
  }

  /** Makes room for the columns of `activity`. */
  fit({ packets, opened, closed }: Activity): void {
    if (packets > this.slot.length) this.#makePackets(SPARE * packets);
    const rows = Math.max(opened.count, closed.count);
    if (rows > this.rowSlot.length) this.#makeRows(SPARE * rows);
  }

  #makePackets(count: number): void {
    this.slot = new Int32Array(...this.#place(4, count));
    this.time = new Float64Array(...this.#place(8, count));
    this.wire = new Float64Array(...this.#place(8, count));
    this.payload = new Int32Array(this.wire.buffer, this.wire.byteOffset, count);
    this.fromServer = new Uint8Array(...this.#place(1, count));
  }

  #makeRows(count: number): void {
    this.rowSlot = new Int32Array(...this.#place(4, count));
    this.own = new Int32Array(...this.#place(4, count));
    this.start = new Float64Array(...this.#place(8, count));
    this.duration = new Float64Array(...this.#place(8, count));
    this.clientBytes = new Float64Array(...this.#place(8, count));
    this.serverBytes = new Float64Array(...this.#place(8, count));
  }

  #place(width: number, count: number): [SharedArrayBuffer, number, number] {
    const address = this.#code.allocate(width * count) >>> 0;
    return [this.#memory.buffer, address, count];
  }
}
