/** A histogram as a figure shows it: few bins, each with its share. */
import type { Histogram } from "./histogram.ts";

/** Shares of values by bin; bin i holds values in [edges[i], edges[i + 1]). */
export interface Distribution {
  /** One more than there are bins. */
  edges: number[];
  /** Share of all values in each bin; the sum is 1, or 0 when there were no values. */
  shares: number[];
  /** How many values there were. */
  values: number;
}

function spread(histogram: Histogram, edges: number[], binOf: (value: number) => number) {
  const shares = new Array<number>(edges.length - 1).fill(0);
  for (const { value, count } of histogram.bins()) shares[binOf(value)] += count / histogram.count;
  return { edges, shares, values: histogram.count };
}

/**
 * Equal bins from 0 to just above the largest value: `width` wide, or as many times 2, 5 or 10
 * wider as it takes to have no more than `most` of them.
 */
export function linearBins(histogram: Histogram, width: number, most: number): Distribution {
  if (histogram.count === 0) return { edges: [0], shares: [], values: 0 };
  // Whole multiples of the unit, divided last, keep edges such as 0.3 exact.
  const unit = Math.round(1 / width);
  let step = 1;
  for (const nice of niceSteps()) {
    step = nice;
    if (Math.floor((histogram.max * unit) / step) + 1 <= most) break;
  }
  const bins = Math.floor((histogram.max * unit) / step) + 1;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i * step) / unit);
  return spread(histogram, edges, (value) =>
    Math.min(bins - 1, Math.floor((value * unit) / step + 1e-9)),
  );
}

function* niceSteps(): Generator<number> {
  for (let decade = 1; ; decade *= 10) yield* [decade, 2 * decade, 5 * decade];
}

/**
 * `perDecade` bins to each power of ten, from the one of the smallest value above zero to that of
 * the largest. A first bin from 0 holds zeros and what the histogram takes for zero.
 */
export function logBins(histogram: Histogram, perDecade: number, smallest: number): Distribution {
  if (histogram.count === 0) return { edges: [0], shares: [], values: 0 };
  const index = (value: number) => Math.floor(Math.log10(value) * perDecade + 1e-9);
  const positive = [...histogram.bins()].find(({ value }) => value >= smallest)?.value;
  if (positive === undefined) return spread(histogram, [0, smallest], () => 0);
  const first = index(positive);
  const last = index(histogram.max);
  const edges = [0];
  for (let i = first; i <= last + 1; i++) edges.push(10 ** (i / perDecade));
  return spread(histogram, edges, (value) =>
    value < smallest ? 0 : Math.min(last - first + 1, 1 + index(value) - first),
  );
}

/** Share of values below each edge but the first: the distribution function at `edges[1 + i]`. */
export function cumulative(distribution: Distribution): number[] {
  let sum = 0;
  return distribution.shares.map((share) => {
    sum += share;
    return Math.min(1, sum);
  });
}
