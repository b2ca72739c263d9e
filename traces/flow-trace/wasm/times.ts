/** Starts and durations: how many rows one block can have, in which unit, and the columns. */
import { ConnectionColumns } from "../../table/wasm/columns.ts";
import { refuse, setDouble, wholes } from "./bit-pack.ts";

/** The first difference that has no place in 64 bits. */
const TOO_LARGE: f64 = 4294967296.0 * 4294967296.0;
const MILLISECOND: f64 = 1_000_000;
const MICROSECOND: f64 = 1000;

let unit: f64 = 1;
/** The block's first row: its start stands in the summary. */
let firstRow: usize = 0;

function startOf(columns: ConnectionColumns, row: usize): f64 {
  return load<f64>(columns.start + 8 * row);
}

function durationOf(columns: ConnectionColumns, row: usize): f64 {
  return load<f64>(columns.duration + 8 * row);
}

/** What a reader, who adds up the differences in units of `step`, makes of a start after `before`. */
function readBack(before: f64, start: f64, step: f64): f64 {
  return before + floor((start - before) / step) * step;
}

/**
 * Where the block that begins with row `first` ends, at `end` at the latest: before a start that differences
 * of whole nanoseconds do not come to, since a clock stepped back, leapt by centuries or halves nanoseconds.
 */
export function blockEnd(columns: ConnectionColumns, first: usize, end: usize): usize {
  let before = startOf(columns, first);
  for (let row = first + 1; row < end; row++) {
    const start = startOf(columns, row);
    const difference = start - before;
    const isStored = difference >= 0 && difference < TOO_LARGE;
    if (!isStored || readBack(before, start, 1) !== start) return row;
    before = start;
  }
  return end;
}

/** Whether every start and duration comes back in units of `step`. */
function divides(columns: ConnectionColumns, first: usize, end: usize, step: f64): bool {
  let before = startOf(columns, first);
  for (let row = first; row < end; row++) {
    const start = startOf(columns, row);
    const duration = durationOf(columns, row);
    if (readBack(before, start, step) !== start || floor(duration / step) * step !== duration)
      return false;
    before = start;
  }
  return true;
}

/** Settles the longest of 1 ms, 1 µs, 1 ns that will do for rows `first … end − 1`, and returns it. */
export function beginTimes(columns: ConnectionColumns, first: usize, end: usize): f64 {
  firstRow = first;
  unit = 1;
  if (divides(columns, first, end, MILLISECOND)) unit = MILLISECOND;
  else if (divides(columns, first, end, MICROSECOND)) unit = MICROSECOND;
  return unit;
}

export function fillStarts(columns: ConnectionColumns, row: usize, count: usize): void {
  const step = unit;
  let before = startOf(columns, row === firstRow ? row : row - 1);
  for (let n: usize = 0; n < count; n++) {
    const start = startOf(columns, row + n);
    setDouble(n, floor((start - before) / step));
    before = start;
  }
  // A time that is none is a block of its own.
  if (!(abs(before) < Infinity)) refuse(row);
  wholes(row, count);
}

export function fillDurations(columns: ConnectionColumns, row: usize, count: usize): void {
  const step = unit;
  for (let n: usize = 0; n < count; n++) {
    const duration = durationOf(columns, row + n);
    const steps = floor(duration / step);
    if (steps * step !== duration) refuse(row + n);
    setDouble(n, steps);
  }
  wholes(row, count);
}
