/** Bytes that a connection moved in a window of time: what a table tells of its packets. */

@unmanaged
export class Move {
  /** Window k is from k times its length on. */
  window: f64;
  bytes: f64;
  /** The connection's record. */
  slot: i32;
  /** The window was over when the packet came: stamps may be out of order. */
  late: bool;
}

export const MOVE_BYTES: usize = 24;
