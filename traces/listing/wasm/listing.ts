/** The inner loops of a listing: rows into the order of start, and out of it as text or columns. */
import { PIECE_BYTES as PIECE, putLine } from "./lines.ts";
import { Columns, packRow, Row, unpackRow } from "./rows.ts";

export const ROW_BYTES = offsetof<Row>();
export const BLOCK_ROWS = 4096;
export const PIECE_BYTES = PIECE;

/**
 * Where blocks of rows are: the block numbered n in place n mod PLACES, if that is the one there. The
 * caller knows all blocks, and is asked for those that are not found here.
 */
@unmanaged
class Place {
  number: f64;
  rows: usize;
}
const PLACES: usize = 256;
const PLACE_BYTES = offsetof<Place>();
/** They lie behind what the compiler has placed. */
const places = (__heap_base + 7) & ~7;

/** Where memory is free from, a multiple of 8. */
export const FREE = places + PLACES * PLACE_BYTES;

function placeOf(number: f64): Place {
  return changetype<Place>(places + (<usize>(<u64>number) % PLACES) * PLACE_BYTES);
}

/** Block `number` is at `rows` from now on; 0 for nowhere. */
export function setBlock(number: f64, rows: usize): void {
  const place = placeOf(number);
  place.number = number;
  place.rows = rows;
}

/** Copies rows `from … count − 1` to where their ids belong, up to one whose block is not known. */
export function pack(columns: Columns, from: usize, count: usize): usize {
  for (let i = from; i < count; i++) {
    const id = load<f64>(columns.id + 8 * i);
    const number = floor(id / BLOCK_ROWS);
    const place = placeOf(number);
    if (place.number !== number || place.rows === 0) return i;
    const row = <usize>(id - number * BLOCK_ROWS);
    packRow(columns, i, changetype<Row>(place.rows + row * ROW_BYTES));
  }
  return count;
}

/** Copies one row to `row`, whatever its id. */
export function packOne(columns: Columns, i: usize, row: usize): void {
  packRow(columns, i, changetype<Row>(row));
}

/** How many of `most` rows from `rows` on are there without a gap; they are taken to be handed on. */
export function takeRun(rows: usize, most: usize): usize {
  for (let n: usize = 0; n < most; n++) {
    const row = changetype<Row>(rows + n * ROW_BYTES);
    if (!row.there) return n;
    row.there = 0;
  }
  return most;
}

/** Puts `count` rows as lines at `at` and returns where those end; see `putLine`. */
export function putLines(
  at: usize,
  rows: usize,
  count: usize,
  frame: usize,
  seconds: f64,
  nanoseconds: f64,
): usize {
  for (let n: usize = 0; n < count; n++) {
    const row = changetype<Row>(rows + n * ROW_BYTES);
    at = putLine(at, row, frame, seconds, nanoseconds);
  }
  return at;
}

/** Copies `count` rows to the columns from row `to` on, with ids from `id` on. */
export function unpack(rows: usize, count: usize, columns: Columns, to: usize, id: f64): void {
  for (let n: usize = 0; n < count; n++) {
    unpackRow(changetype<Row>(rows + n * ROW_BYTES), columns, to + n);
    store<f64>(columns.id + 8 * (to + n), id + <f64>n);
  }
}
