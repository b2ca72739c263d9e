/**
 * A distribution given by points of its curve: what can be read off a published figure. Between
 * points the logarithm of the value is linear in the probability.
 */

/** Probability (0 … 1, ascending) and value (positive, ascending). */
export type Quantile = readonly [probability: number, value: number];

/** Equal steps of probability; a sample is one load and one interpolation. */
const STEPS = 8192;

export class Distribution {
  private readonly points: readonly Quantile[];
  /** Filled when first asked: most programs that know a distribution never draw from it. */
  private table: Float64Array | null = null;

  /** `points` begin at probability 0 and end at 1. */
  constructor(points: readonly Quantile[]) {
    this.points = points;
  }

  /** The value at probability `u` in [0, 1). */
  at(u: number): number {
    this.table ??= this.tabulate();
    const { table } = this;
    const place = u * STEPS;
    const step = Math.floor(place);
    const low = table[step];
    return low + (table[step + 1] - low) * (place - step);
  }

  private tabulate(): Float64Array {
    const table = new Float64Array(STEPS + 2);
    for (let i = 0; i <= STEPS; i++) table[i] = this.exact(i / STEPS);
    table[STEPS + 1] = table[STEPS];
    return table;
  }

  /** The probability of a value of at most `value`. */
  below(value: number): number {
    const { points } = this;
    if (value <= points[0][1]) return 0;
    for (let i = 1; i < points.length; i++) {
      const [p1, v1] = points[i];
      if (value > v1) continue;
      const [p0, v0] = points[i - 1];
      return p0 + ((p1 - p0) * Math.log(value / v0)) / Math.log(v1 / v0);
    }
    return 1;
  }

  private exact(u: number): number {
    const { points } = this;
    let i = 1;
    while (i < points.length - 1 && points[i][0] < u) i++;
    const [p0, v0] = points[i - 1];
    const [p1, v1] = points[i];
    return v0 * Math.exp(((u - p0) / (p1 - p0)) * Math.log(v1 / v0));
  }
}
