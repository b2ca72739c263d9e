/** The inner loops of a listing: rows into the order of start, and out of it as text or columns. */
import { ConnectionColumns } from "../../table/wasm/columns.ts";
import { FOURS_END } from "./digits.ts";
import { PIECE_BYTES, putLine } from "./lines.ts";
import {
  BLOCK_ROWS,
  packRow,
  ROW_BYTES,
  ROW_THERE,
  ROW_WIDE,
  rowOf,
  unpackRow,
  WIDE_BYTES,
  WIDES,
} from "./rows.ts";

export { BLOCK_ROWS, PIECE_BYTES, ROW_BYTES, WIDE_BYTES, WIDES };

/**
 * Where blocks of rows are: the block numbered n in place n mod PLACES, if that is the one there. The
 * caller knows all blocks, and is asked for those that are not found here.
 */
@unmanaged
class Place {
  number: f64;
  block: usize;
}
const PLACES: usize = 256;
const PLACE_BYTES = offsetof<Place>();
const places = FOURS_END;

/** Where memory is free from. */
export const FREE = places + PLACES * PLACE_BYTES;

function placeOf(number: f64): Place {
  return changetype<Place>(places + (<usize>(<u64>number) % PLACES) * PLACE_BYTES);
}

/** The block numbered so is at `block` from now on; 0 for nowhere. */
export function setBlock(number: f64, block: usize): void {
  const place = placeOf(number);
  place.number = number;
  place.block = block;
}

/**
 * Copies rows `from … count − 1` of the columns to where their ids belong, up to one whose block is not
 * known; bytes on the wire only if `wire` says so.
 */
export function pack(columns: ConnectionColumns, from: usize, count: usize, wire: bool): usize {
  for (let i = from; i < count; i++) {
    const id = load<f64>(columns.id + 8 * i);
    const number = floor(id / <f64>BLOCK_ROWS);
    const place = placeOf(number);
    if (place.number !== number || place.block === 0) return i;
    packRow(columns, i, place.block, <usize>(id - number * <f64>BLOCK_ROWS), wire);
  }
  return count;
}

/** Copies row `i` to row `n` of a block, whatever its id; tells whether it is wide. */
export function packOne(
  columns: ConnectionColumns,
  i: usize,
  block: usize,
  n: usize,
  wire: bool,
): bool {
  packRow(columns, i, block, n, wire);
  return (rowOf(block, n).state & ROW_WIDE) !== 0;
}

/** Whether any row of a block is wide. */
export function hasWide(block: usize): bool {
  let states: u8 = 0;
  for (let n: usize = 0; n < BLOCK_ROWS; n++) states |= rowOf(block, n).state;
  return (states & ROW_WIDE) !== 0;
}

/** How many of `most` rows from row `first` on are there; they are taken to be handed on. */
export function takeRun(block: usize, first: usize, most: usize): usize {
  for (let n: usize = 0; n < most; n++) {
    const row = rowOf(block, first + n);
    if ((row.state & ROW_THERE) === 0) return n;
    row.state &= ~ROW_THERE;
  }
  return most;
}

/** Puts rows `first … end − 1` of a block as lines at `at` and returns where those end; see `putLine`. */
export function putLines(
  at: usize,
  block: usize,
  first: usize,
  end: usize,
  frame: usize,
  seconds: f64,
  nanoseconds: f64,
): usize {
  for (let n = first; n < end; n++) at = putLine(at, block, n, frame, seconds, nanoseconds);
  return at;
}

/** Copies rows `first … end − 1`, all wide, to the columns from row `to` on, with ids from `id` on. */
export function unpack(
  block: usize,
  first: usize,
  end: usize,
  columns: ConnectionColumns,
  to: usize,
  id: f64,
): void {
  for (let n = first; n < end; n++, to++, id++) {
    unpackRow(block, n, columns, to);
    store<f64>(columns.id + 8 * to, id);
  }
}
