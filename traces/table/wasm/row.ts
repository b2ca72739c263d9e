/**
 * The row of a packet as decoding leaves it (decode/packet-rows.ts), and behind that what following
 * it notes. A row fills one cache line.
 */

export const ROW_BYTES: usize = 64;

/** Kinds of row; bits of the key and of a connection's state. */
export const KIND_UDP: i32 = 1;
export const KIND_V6: i32 = 2;

/** In place of a record: there is none, and there is none to be. */
export const UNKNOWN: i32 = -1;
export const NOBODY: i32 = -2;

@unmanaged
export class Row {
  /** Bits `KIND_*`, or less than 0 for a packet of no connection. With the next three as in `Hot`. */
  kind: i32;
  /** Source and destination; once the key is made (decode/wasm/key.ts), its first and second end. */
  a: i32;
  b: i32;
  /** Ports of the same two, the first one's in the upper half. */
  ports: i32;
  sequence: i32;
  acknowledgment: i32;
  flags: i32;
  payload: i32;
  /** Nanoseconds since the trace's origin. */
  time: f64;
  wire: u32;
  hash: u32;
  /** Which end sent the packet: 0 for the key's first, 1 for its second. */
  end: i32;
  /** What in the index may be the packet's (slots.ts). */
  entry: u32;
}
