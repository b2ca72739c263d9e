/**
 * Where a TCP conversation stands in a record's hot line (records.ts), and the bits of its `STATE`.
 * Constants alone: a file that exports those it computes with has them loaded and checked at every
 * use, so each file that computes names them anew for itself.
 */

/** Bits `STATE_*`; the lowest two are the kind and belong to the key. */
export const STATE = 3;
/** Initial sequence number of each end, when `STATE_NUMBERED` says that it is known. */
export const ISN = 10;
/** Sequence number behind each end's FIN. */
export const FIN_END = 12;

/** Places of bits above the kind; those of two ends are shifted by the end, 0 or 1. */
/** The client is the key's second end. */
export const STATE_CLIENT_SHIFT = 2;
export const STATE_CLIENT_B = 1 << STATE_CLIENT_SHIFT;
/** Sequence numbers are known. */
export const NUMBERED = 3;
/** A FIN was seen, and its acknowledgement. */
export const FINISHED = 5;
export const FIN_ACKED = 7;
/** The end has been seen: only late packets may still come. */
export const CLOSED = 9;
export const STATE_CLOSED = 1 << CLOSED;
export const STATE_MIDSTREAM = 1 << 10;
/** Not the service's that was asked for: followed, but not reported. */
export const STATE_FOREIGN = 1 << 11;
/** How it closed: two bits. */
export const STATE_CLOSE_SHIFT = 12;
/** Reported and given up: whoever still has the record's number looks again. */
export const STATE_GONE = 1 << 14;

/** Bits in which a connection that only has to be added to is told from all others. */
export const STATE_FLOWING = 3 << NUMBERED;
export const STATE_FLOWING_MASK = STATE_FLOWING | (3 << FINISHED) | STATE_CLOSED | STATE_GONE;

/** Still open, or closed before. */
export const NOT_CLOSED = -1;
