/**
 * Counts of non-negative values in bins whose width is at most 1/512 of the value: a fixed size
 * for any number of values. Every bin keeps the sum of what fell into it, so a quantile is the
 * mean of its bin: exact when the bin holds one value, within 0.2 % always. Values are added in
 * WebAssembly (`wasm/histogram.ts`); here they are read.
 */
import type { Metrics } from "./metrics-code.ts";

/** Where its fields lie: doubles, and behind them words. */
const COUNT = 0;
const SUM = 1;
const CARRIED = 2;
const MAX = 3;
const MIN = 4;
const DOUBLES = 6;
const FIRST = 0;
const END = 1;
const BINS = 2;
const WORDS = 3;
/** Of a bin: how many, and their sum. */
const BIN_DOUBLES = 2;

export interface Bin {
  /** Mean of the values in the bin. */
  value: number;
  count: number;
}

export class Histogram {
  /** Where it lies in the memory of `metrics`. */
  readonly address: number;
  readonly #metrics: Metrics;
  readonly #grains: number;
  readonly #doubles: Float64Array;
  readonly #words: Int32Array;

  /**
   * Where values are multiples of a grain, of which `grains` make one, they are summed exactly: the
   * result does not depend on the order in which they come.
   */
  constructor(metrics: Metrics, grains = 0) {
    this.#metrics = metrics;
    this.#grains = grains || 1;
    this.address = metrics.code.makeHistogram(grains) >>> 0;
    const { buffer } = metrics.memory;
    this.#doubles = new Float64Array(buffer, this.address, DOUBLES);
    this.#words = new Int32Array(buffer, this.address + this.#doubles.byteLength, WORDS);
  }

  /** Adds `value` (≥ 0) `times` times. */
  add(value: number, times = 1): void {
    this.#metrics.code.add(this.address, value, times);
  }

  /** How many values were added. */
  get count(): number {
    return this.#doubles[COUNT];
  }

  /** Largest and smallest value; −∞ and ∞ when there is none. */
  get max(): number {
    return this.#doubles[MAX];
  }
  get min(): number {
    return this.#doubles[MIN];
  }

  /** Sum of all values. */
  get sum(): number {
    return (this.#doubles[CARRIED] + this.#doubles[SUM]) / this.#grains;
  }

  /** Mean of all values; 0 when there is none. */
  get mean(): number {
    return this.count > 0 ? this.sum / this.count : 0;
  }

  /** The smallest value that at least the share `q` of all values do not exceed; 0 of nothing. */
  quantile(q: number): number {
    const rank = Math.max(1, Math.ceil(q * this.count));
    const cells = this.#cells();
    let seen = 0;
    for (let at = 0; at < cells.length; at += BIN_DOUBLES) {
      seen += cells[at];
      if (seen >= rank) return Math.min(this.max, cells[at + 1] / this.#grains / cells[at]);
    }
    return this.count > 0 ? this.max : 0;
  }

  /** The bins that hold anything, in ascending order. */
  *bins(): Generator<Bin> {
    const cells = this.#cells();
    for (let at = 0; at < cells.length; at += BIN_DOUBLES) {
      const count = cells[at];
      if (count > 0) yield { value: cells[at + 1] / this.#grains / count, count };
    }
  }

  /** Count and sum of each bin from the first to the last that anything fell into. */
  #cells(): Float64Array {
    const bins = this.#words[BINS] >>> 0;
    const all = new Float64Array(this.#metrics.memory.buffer, bins, BIN_DOUBLES * this.#words[END]);
    return all.subarray(BIN_DOUBLES * this.#words[FIRST]);
  }
}
