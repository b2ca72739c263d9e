/** Where what stands in a row of `PackedRows`. */

/** Doubles and words of a row: double d of row r is `doubles[r * ROW_DOUBLES + d]`. */
export const ROW_DOUBLES = 12;
export const ROW_WORDS = 24;
export const ROW_BYTES = 96;

export const ROW_START = 0;
export const ROW_DURATION = 1;
export const ROW_CLIENT_BYTES = 2;
export const ROW_SERVER_BYTES = 3;
export const ROW_CLIENT_WIRE = 10;
export const ROW_SERVER_WIRE = 11;
/** Words up to the doubles of the wire. */
export const ROW_CLIENT = 8;
export const ROW_SERVER = 12;
/** The client's port in the upper half. */
export const ROW_PORTS = 16;
export const ROW_CLIENT_PACKETS = 17;
export const ROW_SERVER_PACKETS = 18;
/** Protocol, then 8 bits each: `CLOSE_*`, flags, and 1 when the row is there. */
export const ROW_KIND = 19;
export const ROW_THERE = 1 << 24;
