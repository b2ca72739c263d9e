/** Starts and durations: how many rows one block can have, in which unit, and the columns. */
import { ConnectionColumns } from "../../table/wasm/columns.ts";
import { refuse, setDouble, wholes, zigzag } from "./bit-pack.ts";

/** Differences that a block can have: with a sign as their lowest bit they are exact, and below 2^64. */
const LEAST_DIFFERENCE: f64 = -4503599627370496;
const TOO_LARGE: f64 = 4294967296.0 * 2147483648.0;
const MILLISECOND: f64 = 1_000_000;
const MICROSECOND: f64 = 1000;

let unit: f64 = 1;
let signed: bool = false;
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
 * of whole nanoseconds do not come to, since a clock leapt by centuries, back by months, or halves nanoseconds.
 */
export function blockEnd(columns: ConnectionColumns, first: usize, end: usize): usize {
  let before = startOf(columns, first);
  for (let row = first + 1; row < end; row++) {
    const start = startOf(columns, row);
    const difference = start - before;
    const isStored = difference > LEAST_DIFFERENCE && difference < TOO_LARGE;
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

/** Whether any start lies before the one before it. */
function stepsBack(columns: ConnectionColumns, first: usize, end: usize): bool {
  let before = startOf(columns, first);
  for (let row = first + 1; row < end; row++) {
    const start = startOf(columns, row);
    if (start < before) return true;
    before = start;
  }
  return false;
}

/** Settles the longest of 1 ms, 1 µs, 1 ns that will do for rows `first … end − 1`, and returns it. */
export function beginTimes(columns: ConnectionColumns, first: usize, end: usize): f64 {
  firstRow = first;
  signed = stepsBack(columns, first, end);
  unit = 1;
  if (divides(columns, first, end, MILLISECOND)) unit = MILLISECOND;
  else if (divides(columns, first, end, MICROSECOND)) unit = MICROSECOND;
  return unit;
}

/** Whether differences of starts have a sign: only then does it take a bit of each. */
export function isSigned(): bool {
  return signed;
}

export function fillStarts(columns: ConnectionColumns, row: usize, count: usize): void {
  const step = unit;
  const hasSign = signed;
  let before = startOf(columns, row === firstRow ? row : row - 1);
  for (let n: usize = 0; n < count; n++) {
    const start = startOf(columns, row + n);
    const steps = floor((start - before) / step);
    setDouble(n, hasSign ? zigzag(steps) : steps);
    before = start;
  }
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
