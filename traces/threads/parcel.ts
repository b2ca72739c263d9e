/** An `Activity` in one buffer, to be handed from thread to thread without copying. */
import type { Activity } from "../activity.ts";
import { ConnectionColumns, copyRows } from "../connection.ts";

/** Counts and `settled`, as doubles before the columns. */
const HEAD = 4;
const PACKET_BYTES = 8 + 8 + 4 + 4 + 1;

const align = (bytes: number): number => 8 * Math.ceil(bytes / 8);

/** Bytes that the rows of an activity take. */
function parcelBytes(packets: number, opened: number, closed: number): number {
  return (
    8 * HEAD +
    align(PACKET_BYTES * packets) +
    ConnectionColumns.bytes(opened) +
    ConnectionColumns.bytes(closed) +
    4 * (opened + closed)
  );
}

/** Copies `activity` into the first of `spare` that is large enough, taking it out, or a new buffer. */
export function pack(activity: Activity, spare: ArrayBuffer[]): ArrayBuffer {
  const { packets, opened, closed } = activity;
  const bytes = parcelBytes(packets, opened.count, closed.count);
  const found = spare.findIndex((buffer) => buffer.byteLength >= bytes);
  // A quarter more, so that the next activity fits as well.
  const memory = found >= 0 ? spare.splice(found, 1)[0] : new ArrayBuffer(align(bytes * 1.25));
  const head = new Float64Array(memory, 0, HEAD);
  head[0] = packets;
  head[1] = opened.count;
  head[2] = closed.count;
  head[3] = activity.settled;
  const into = unpack(memory);
  into.time.set(activity.time.subarray(0, packets));
  into.wire.set(activity.wire.subarray(0, packets));
  into.payload.set(activity.payload.subarray(0, packets));
  into.slot.set(activity.slot.subarray(0, packets));
  into.fromServer.set(activity.fromServer.subarray(0, packets));
  copyRows(opened, 0, into.opened, 0, opened.count);
  copyRows(closed, 0, into.closed, 0, closed.count);
  into.openedSlot.set(activity.openedSlot.subarray(0, opened.count));
  into.closedSlot.set(activity.closedSlot.subarray(0, closed.count));
  return memory;
}

/** The activity that lies in `memory`: views, nothing is copied. */
export function unpack(memory: ArrayBuffer): Activity {
  const [packets, openedCount, closedCount, settled] = new Float64Array(memory, 0, HEAD);
  let end = 8 * HEAD;
  const place = (bytes: number): number => {
    const begin = end;
    end += bytes;
    return begin;
  };
  const time = new Float64Array(memory, place(8 * packets), packets);
  const wire = new Float64Array(memory, place(8 * packets), packets);
  const payload = new Int32Array(memory, place(4 * packets), packets);
  const slot = new Int32Array(memory, place(4 * packets), packets);
  const fromServer = new Uint8Array(memory, place(packets), packets);
  end = align(end);
  const opened = new ConnectionColumns(
    openedCount,
    memory,
    place(ConnectionColumns.bytes(openedCount)),
  );
  opened.count = openedCount;
  const closed = new ConnectionColumns(
    closedCount,
    memory,
    place(ConnectionColumns.bytes(closedCount)),
  );
  closed.count = closedCount;
  const openedSlot = new Int32Array(memory, place(4 * openedCount), openedCount);
  const closedSlot = new Int32Array(memory, place(4 * closedCount), closedCount);
  return {
    packets,
    time,
    wire,
    payload,
    slot,
    fromServer,
    opened,
    closed,
    openedSlot,
    closedSlot,
    settled,
  };
}
