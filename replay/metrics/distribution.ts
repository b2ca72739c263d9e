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
  const { count: values } = histogram;
  histogram.visitBins((value, count) => {
    shares[binOf(value)] += count / values;
  });
  return { edges, shares, values };
}

/** Equal bins, `width` (a whole part or multiple of 1) wide, from 0 to above the largest value. */
export function linearBins(histogram: Histogram, width: number): Distribution {
  if (histogram.count === 0) return { edges: [0], shares: [], values: 0 };
  // Edges such as 0.3 are exact when the whole multiple is divided last.
  const perOne = width < 1 ? Math.round(1 / width) : 1;
  const step = width < 1 ? 1 : width;
  const binOf = (value: number) => Math.floor((value * perOne) / step + 1e-9);
  const edges = Array.from({ length: binOf(histogram.max) + 2 }, (_, i) => (i * step) / perOne);
  return spread(histogram, edges, binOf);
}

/** The least of `width` times 1, 2, 5, 10, 20, … that is at least `wanted`. */
export function niceWidth(width: number, wanted: number): number {
  for (let decade = 1; ; decade *= 10) {
    for (const factor of [decade, 2 * decade, 5 * decade]) {
      if (width * factor >= wanted) return width * factor;
    }
  }
}

/**
 * `perDecade` bins to each power of ten, from the one of the smallest value above zero to that of
 * the largest. A first bin from 0 holds zeros and what the histogram takes for zero.
 */
export function logBins(histogram: Histogram, perDecade: number, smallest: number): Distribution {
  if (histogram.count === 0) return { edges: [0], shares: [], values: 0 };
  const index = (value: number) => Math.floor(Math.log10(value) * perDecade + 1e-9);
  const positive = leastFrom(histogram, smallest);
  if (positive === undefined) return spread(histogram, [0, smallest], () => 0);
  const first = index(positive);
  const last = index(histogram.max);
  const edges = [0];
  for (let i = first; i <= last + 1; i++) edges.push(10 ** (i / perDecade));
  return spread(histogram, edges, (value) =>
    value < smallest ? 0 : Math.min(last - first + 1, 1 + index(value) - first),
  );
}

/** The least value of the histogram that is not below `smallest`. */
function leastFrom(histogram: Histogram, smallest: number): number | undefined {
  let least: number | undefined;
  histogram.visitBins((value) => {
    if (value >= smallest) least ??= value;
  });
  return least;
}

/** Share of values below each edge but the first: the distribution function at `edges[1 + i]`. */
export function cumulative(distribution: Distribution): number[] {
  let sum = 0;
  return distribution.shares.map((share) => {
    sum += share;
    return Math.min(1, sum);
  });
}
