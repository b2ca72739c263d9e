/** An `Activity` over memory of its own, or over memory that threads share. */
import type { Activity } from "./activity.ts";
import { ConnectionColumns } from "./connection.ts";
import { CLOSED_PER_PACKET } from "./table/connection-table.ts";

/** Rows of closes that find room in a group beside those of its own packets. */
const EXPIRED_ROWS = 4096;

const align = (bytes: number): number => 8 * Math.ceil(bytes / 8);
const closesOf = (packets: number): number => CLOSED_PER_PACKET * packets + EXPIRED_ROWS;

export class ActivityColumns implements Activity {
  packets = 0;
  settled = Number.NEGATIVE_INFINITY;
  time: Float64Array = new Float64Array(0);
  wire: Float64Array = new Float64Array(0);
  readonly slot: Int32Array;
  readonly payload: Int32Array;
  readonly fromServer: Uint8Array;
  readonly opened: ConnectionColumns;
  readonly openedSlot: Int32Array;
  readonly closed: ConnectionColumns;
  readonly closedSlot: Int32Array;

  /** Room for groups of `packets` packets, whose times and lengths the maker sets. */
  constructor(
    packets: number,
    memory: ArrayBufferLike = new ArrayBuffer(ActivityColumns.bytes(packets)),
    at = 0,
  ) {
    const closes = closesOf(packets);
    let end = at;
    const place = (bytes: number): number => {
      const begin = end;
      end += align(bytes);
      return begin;
    };
    this.opened = new ConnectionColumns(packets, memory, place(ConnectionColumns.bytes(packets)));
    this.closed = new ConnectionColumns(closes, memory, place(ConnectionColumns.bytes(closes)));
    this.openedSlot = new Int32Array(memory, place(4 * packets), packets);
    this.closedSlot = new Int32Array(memory, place(4 * closes), closes);
    this.slot = new Int32Array(memory, place(4 * packets), packets);
    this.payload = new Int32Array(memory, place(4 * packets), packets);
    this.fromServer = new Uint8Array(memory, place(packets), packets);
  }

  /** Bytes of memory for groups of `packets` packets, a multiple of 8. */
  static bytes(packets: number): number {
    const closes = closesOf(packets);
    const rows = ConnectionColumns.bytes(packets) + ConnectionColumns.bytes(closes);
    return rows + 3 * align(4 * packets) + align(4 * closes) + align(packets);
  }
}
