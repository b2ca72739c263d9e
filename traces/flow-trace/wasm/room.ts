/** Where things lie in the encoder's memory, behind what the compiler has placed. */

/** Rows a block has at most. */
export const BLOCK_ROWS: usize = 65_536;
/** Most bytes that a group of 64 values takes packed: its width, a varint of 64 bits, the values. */
const GROUP_BYTES: usize = 1 + 10 + 64 * 8;
const COLUMN_BYTES: usize = (BLOCK_ROWS / 64) * GROUP_BYTES + 4;
const COLUMNS: usize = 13;
/** An IPv6 address of a client, and an address, port and protocol of a service. */
const ADDRESS_BYTES: usize = 16;
const SERVICE_BYTES: usize = 20;

/** How often each digit of an address occurs: three digits of 11 bits. */
export const COUNTS: usize = (__heap_base + 63) & ~63;
export const COUNTS_BYTES: usize = 4 * 3 * 2048;
/** Row by row the number of its key; key by key its place among the addresses. */
export const NUMBERS = COUNTS + COUNTS_BYTES;
export const PLACES = NUMBERS + 4 * BLOCK_ROWS;
/** Addresses with their keys' numbers, and as much room to sort them in. */
export const ORDER = PLACES + 4 * BLOCK_ROWS;
export const SPARE = ORDER + 8 * BLOCK_ROWS;
/** Keys, and the table they are looked up in. */
export const KEY_BYTES: usize = 24;
export const KEYS = SPARE + 8 * BLOCK_ROWS;
export const SLOTS = KEYS + KEY_BYTES * BLOCK_ROWS;
/** The block's columns, one behind the other. */
export const OUT = SLOTS + 8 * BLOCK_ROWS;
/** Where memory is free from. */
export const FREE = OUT + COLUMNS * COLUMN_BYTES + (ADDRESS_BYTES + SERVICE_BYTES) * BLOCK_ROWS;
