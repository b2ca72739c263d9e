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
  /** All of them: memory that is not written to is not there. */
  bins: usize;
  size: i32;
  /** A byte for each `STEPS` of them: whether anything fell into one. */
  used: usize;
}

/** Runs of `STEPS` bins; the last is short. */
const RUNS: usize = <usize>((BINS + STEPS - 1) / STEPS);

/** Where is noted whether anything fell into the run of bin `number`. */
function useOf(histogram: Histogram, number: i32): usize {
  return histogram.used + <usize>(<u32>number / STEPS);
}

export function makeHistogram(grains: f64): Histogram {
  const histogram = changetype<Histogram>(allocate(offsetof<Histogram>()));
  histogram.grains = grains;
  histogram.max = -Infinity;
  histogram.min = Infinity;
  histogram.bins = allocate((<usize>BINS) << BIN_SHIFT);
  histogram.size = BINS;
  histogram.used = allocate(RUNS);
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
  const number = numberOf(value);
  store<u8>(useOf(histogram, number), 1);
  const bin = binOf(histogram, number);
  bin.count += times;
  bin.sum += amount;
}

/** The bin of a value. */
function numberOf(value: f64): i32 {
  const steps = <i32>(reinterpret<u64>(value) >> STEP_SHIFT) - ZERO_STEPS;
  return steps < 0 ? 0 : min(1 + steps, BINS - 1);
}

/** Reads what adding `value` will need. */
export function readBin(histogram: Histogram, value: f64): u32 {
  return load<u32>(changetype<usize>(binOf(histogram, numberOf(value))));
}

function binOf(histogram: Histogram, number: i32): Bin {
  return changetype<Bin>(histogram.bins + ((<usize>number) << BIN_SHIFT));
}

/** The first bin from `number` on that anything fell into; −1 when there is none. */
export function filledFrom(histogram: Histogram, number: i32): i32 {
  for (let bin = number; bin < BINS; ) {
    if (load<u8>(useOf(histogram, bin)) === 0) {
      bin = (bin | (STEPS - 1)) + 1;
    } else {
      if (binOf(histogram, bin).count > 0) return bin;
      bin++;
    }
  }
  return -1;
}

/** The bin that value number `rank` fell into, the least being number 1; −1 when there are fewer. */
export function binOfRank(histogram: Histogram, rank: f64): i32 {
  let seen: f64 = 0;
  for (let bin = filledFrom(histogram, 0); bin >= 0; bin = filledFrom(histogram, bin + 1)) {
    seen += binOf(histogram, bin).count;
    if (seen >= rank) return bin;
  }
  return -1;
}
