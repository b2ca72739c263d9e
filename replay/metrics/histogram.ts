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
const BINS = 0;
const SIZE = 1;
const WORDS = 2;
/** Of a bin: how many, and their sum. */
const BIN_DOUBLES = 2;

export class Histogram {
  /** Where it lies in the memory of `metrics`. */
  readonly address: number;
  readonly #metrics: Metrics;
  readonly #grains: number;
  readonly #doubles: Float64Array;
  /** Count and sum of every bin. */
  readonly #cells: Float64Array;

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
    const words = new Int32Array(buffer, this.address + this.#doubles.byteLength, WORDS);
    this.#cells = new Float64Array(buffer, words[BINS] >>> 0, BIN_DOUBLES * words[SIZE]);
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
    const bin = this.#metrics.code.binOfRank(this.address, rank);
    if (bin >= 0) return Math.min(this.max, this.#valueOf(bin));
    return this.count > 0 ? this.max : 0;
  }

  /** Visits the bins that hold anything, in ascending order: the mean of a bin's values, and how many. */
  visitBins(visit: (value: number, count: number) => void): void {
    const { code } = this.#metrics;
    for (let bin = code.filledFrom(this.address, 0); bin >= 0; ) {
      visit(this.#valueOf(bin), this.#cells[BIN_DOUBLES * bin]);
      bin = code.filledFrom(this.address, bin + 1);
    }
  }

  /** Mean of the values in a bin. */
  #valueOf(bin: number): number {
    const at = BIN_DOUBLES * bin;
    return this.#cells[at + 1] / this.#grains / this.#cells[at];
  }
}
