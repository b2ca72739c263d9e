/** Bits of `Hot.state`; those of two ends are shifted by the end, 0 or 1. */

/** What belongs to the key: the kind of the row. */
export const KIND_BITS: i32 = 3;
/** The client is the key's second end. */
export const CLIENT_SHIFT: i32 = 2;
export const STATE_CLIENT_B: i32 = 1 << CLIENT_SHIFT;
/** Sequence numbers are known. */
export const NUMBERED: i32 = 3;
/** A FIN was seen, and its acknowledgement. */
export const FINISHED: i32 = 5;
export const FIN_ACKED: i32 = 7;
/** The end has been seen: only late packets may still come. */
export const CLOSED: i32 = 9;
export const STATE_CLOSED: i32 = 1 << CLOSED;
export const STATE_MIDSTREAM: i32 = 1 << 10;
/** Not the service's that was asked for: followed, but not reported. */
export const FOREIGN: i32 = 11;
export const STATE_FOREIGN: i32 = 1 << FOREIGN;
/** How it closed: two bits, `CLOSE_*`. */
export const CLOSE_SHIFT: i32 = 12;
/** Reported and given up: whoever still has the record's number looks again. */
export const STATE_GONE: i32 = 1 << 14;
/** Sums have come round: see `Carry`. */
export const STATE_CARRIED: i32 = 1 << 15;
/** Has moved bytes that have not been told of (moves.ts), and has ever been told of. */
export const MOVING: i32 = 16;
export const STATE_MOVING: i32 = 1 << MOVING;
export const STATE_TOLD: i32 = 1 << 17;

/** Bits in which a connection that only has to be added to is told from all others. */
export const STATE_FLOWING: i32 = 3 << NUMBERED;
export const STATE_FLOWING_MASK: i32 = STATE_FLOWING | (3 << FINISHED) | STATE_CLOSED | STATE_GONE;

/** How a connection closed, as in connection.ts. */
export const CLOSE_FIN: i32 = 0;
export const CLOSE_RESET: i32 = 1;
export const CLOSE_OPEN: i32 = 2;
export const CLOSE_IDLE: i32 = 3;
/** Still open, or closed before. */
export const NOT_CLOSED: i32 = -1;
