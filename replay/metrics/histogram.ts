/**
 * Counts of non-negative values in bins whose width is at most 1/512 of the value: a fixed size
 * for any number of values. Every bin keeps the sum of what fell into it, so a quantile is the
 * mean of its bin: exact when the bin holds one value, within 0.2 % always.
 */

/** Bins per doubling. */
const STEPS = 512;
/** Values below 2^LOWEST count as zero, values from 2^HIGHEST on share the last bin. */
const LOWEST = -30;
const HIGHEST = 54;
const BINS = 1 + (HIGHEST - LOWEST) * STEPS;
/** Whole numbers below twice this are exact in a double. */
const CARRY = 2 ** 52;

export interface Bin {
  /** Mean of the values in the bin. */
  value: number;
  count: number;
}

export class Histogram {
  /** How many values were added. */
  count = 0;
  /** Sum of all values in grains: what is below `CARRY`, and the rest. */
  #sum = 0;
  #carried = 0;
  readonly #grains: number;
  /** Largest and smallest value; −∞ and ∞ when there is none. */
  max = Number.NEGATIVE_INFINITY;
  min = Number.POSITIVE_INFINITY;
  /** Of the bins from `#first` on: those that anything fell into lie close together. */
  #first = 0;
  #counts = new Float64Array(0);
  #sums = new Float64Array(0);
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);
  /** The half of a double that holds sign, exponent and the first 20 bits of the fraction. */
  readonly #high = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

  /**
   * Where values are multiples of a grain, of which `grains` make one, they are summed exactly: the
   * result does not depend on the order in which they come.
   */
  constructor(grains = 0) {
    this.#grains = grains;
  }

  /** Adds `value` (≥ 0) `times` times. */
  add(value: number, times = 1): void {
    const amount = (this.#grains === 0 ? value : Math.round(value * this.#grains)) * times;
    this.count += times;
    this.#sum += amount;
    if (this.#sum >= CARRY) {
      this.#sum -= CARRY;
      this.#carried += CARRY;
    }
    if (value > this.max) this.max = value;
    if (value < this.min) this.min = value;
    this.#double[0] = value;
    // Exponent and nine bits of fraction of the IEEE 754 double, as one number.
    const steps = (this.#words[this.#high] >>> 11) - (1023 + LOWEST) * STEPS;
    const bin = steps < 0 ? 0 : Math.min(1 + steps, BINS - 1);
    let at = bin - this.#first;
    if (at < 0 || at >= this.#counts.length) at = this.#reach(bin);
    this.#counts[at] += times;
    this.#sums[at] += amount;
  }

  /** Makes room for a bin, and some on either side; returns where it is. */
  #reach(bin: number): number {
    const empty = this.#counts.length === 0;
    const last = this.#first + this.#counts.length;
    const first = Math.max(0, (empty ? bin : Math.min(bin, this.#first)) - STEPS);
    const end = Math.min(BINS, (empty ? bin : Math.max(bin, last)) + STEPS);
    const wider = (column: Float64Array) => {
      const copy = new Float64Array(end - first);
      copy.set(column, empty ? 0 : this.#first - first);
      return copy;
    };
    this.#counts = wider(this.#counts);
    this.#sums = wider(this.#sums);
    this.#first = first;
    return bin - first;
  }

  /** Sum of all values. */
  get sum(): number {
    return (this.#carried + this.#sum) / (this.#grains || 1);
  }

  /** Mean of all values; 0 when there is none. */
  get mean(): number {
    return this.count > 0 ? this.sum / this.count : 0;
  }

  /** The smallest value that at least the share `q` of all values do not exceed; 0 of nothing. */
  quantile(q: number): number {
    if (this.count === 0) return 0;
    const rank = Math.max(1, Math.ceil(q * this.count));
    let seen = 0;
    for (let bin = 0; bin < this.#counts.length; bin++) {
      seen += this.#counts[bin];
      if (seen >= rank) return Math.min(this.max, this.#meanOf(bin));
    }
    return this.max;
  }

  #meanOf(bin: number): number {
    return this.#sums[bin] / (this.#grains || 1) / this.#counts[bin];
  }

  /** The bins that hold anything, in ascending order. */
  *bins(): Generator<Bin> {
    for (let bin = 0; bin < this.#counts.length; bin++) {
      const count = this.#counts[bin];
      if (count > 0) yield { value: this.#meanOf(bin), count };
    }
  }
}
