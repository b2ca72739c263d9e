/**
 * Counts of non-negative values in bins whose width is at most 1/512 of the value: a fixed size
 * for any number of values. Every bin keeps the sum of what fell into it.
 */
import { allocate } from "../../../traces/table/wasm/memory.ts";

/** Bins per doubling. */
const STEPS: i32 = 512;
/** Values below 2^LOWEST count as zero, values from 2^HIGHEST on share the last bin. */
const LOWEST: i32 = -30;
const HIGHEST: i32 = 54;
const BINS: i32 = 1 + (HIGHEST - LOWEST) * STEPS;
/** What exponent and fraction are shifted by to leave nine bits of the fraction, and 2^LOWEST then. */
const STEP_SHIFT: u64 = 43;
const ZERO_STEPS: i32 = (1023 + LOWEST) * STEPS;
/** Whole numbers below twice this are exact in a double. */
const CARRY: f64 = 4503599627370496;

@unmanaged
class Bin {
  count: f64;
  /** Of the values in it, in grains. */
  sum: f64;
}
const BIN_SHIFT: usize = 4;

/** As `histogram.ts` of JavaScript reads it. */
@unmanaged
export class Histogram {
  /** How many values were added. */
  count: f64;
  /** Sum of all values in grains: what is below `CARRY`, and the rest. */
  sum: f64;
  carried: f64;
  max: f64;
  min: f64;
  /** Grains that make one, in which values are summed; 0 where they are summed as they are. */
  grains: f64;
  /** The first bin that anything fell into, and the one behind the last. */
  first: i32;
  end: i32;
  /** All of them: memory that is not written to is not there. */
  bins: usize;
}

export function makeHistogram(grains: f64): Histogram {
  const histogram = changetype<Histogram>(allocate(offsetof<Histogram>()));
  histogram.grains = grains;
  histogram.max = -Infinity;
  histogram.min = Infinity;
  histogram.first = BINS;
  histogram.bins = allocate((<usize>BINS) << BIN_SHIFT);
  return histogram;
}

/** Adds `value` (≥ 0) `times` times. */
export function add(histogram: Histogram, value: f64, times: f64): void {
  const grains = histogram.grains;
  const amount = (grains === 0 ? value : Math.round(value * grains)) * times;
  histogram.count += times;
  let sum = histogram.sum + amount;
  if (sum >= CARRY) {
    sum -= CARRY;
    histogram.carried += CARRY;
  }
  histogram.sum = sum;
  if (value > histogram.max) histogram.max = value;
  if (value < histogram.min) histogram.min = value;
  const steps = <i32>(reinterpret<u64>(value) >> STEP_SHIFT) - ZERO_STEPS;
  const number = steps < 0 ? 0 : min(1 + steps, BINS - 1);
  if (number < histogram.first) histogram.first = number;
  if (number >= histogram.end) histogram.end = number + 1;
  const bin = changetype<Bin>(histogram.bins + ((<usize>number) << BIN_SHIFT));
  bin.count += times;
  bin.sum += amount;
}
