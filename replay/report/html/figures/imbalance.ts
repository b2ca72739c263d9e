/** Figure 4: how uneven the servers were, window by window, beside what theory expects. */
import { cumulative, type Distribution } from "../../../metrics/distribution.ts";
import { rangeBelow } from "../../../metrics/expected-range.ts";
import type { LoadSummary } from "../../../metrics/imbalance.ts";
import type { PolicyResult } from "../../../result.ts";
import { type Figure, type Mode, type Series, sharingX, tidy } from "../figure.ts";
import type { Run } from "../run.ts";

/** Bins that a density is told apart in, and numbers that all curves of a mode may hold. */
const MOST_BINS = 100;
const MOST_NUMBERS = 6_000;

type Curve = { series: Omit<Series, "x" | "y">; d: Distribution };

/** Figure 4(a), active connections, and 4(b), bytes: PDF and CDF. */
export function imbalanceFigures(runs: readonly Run[]): Figure[] {
  const [first] = runs;
  const { layer, direction } = first.result.experiment.bytes;
  return [
    figure(
      "figure-4a",
      "Figure 4(a): imbalance of active connections",
      "(max − min) / mean over the servers, in each window. Thin: the closed form for random and hash, which ignore load, were arrivals Poisson.",
      [...curves(runs, (policy) => policy.connections), ...closedForms(runs)],
    ),
    figure(
      "figure-4b",
      "Figure 4(b): imbalance of bytes",
      `(max − min) / mean over the servers of the ${layer} bytes in each window, ${direction === "both" ? "both directions" : `${direction}bound`}.`,
      curves(runs, (policy) => policy.bytes),
    ),
  ];
}

function figure(id: string, title: string, caption: string, curves: readonly Curve[]): Figure {
  const xAxis = { label: "imbalance", unit: "percent" } as const;
  const mode = (name: string, shape: Mode["shape"], label: string, series: Series[]): Mode =>
    sharingX({
      id: name,
      label: name.toUpperCase(),
      shape,
      xAxis,
      yAxis: { label, unit: "percent" },
      series,
    });
  const drawn = curves.filter(({ d }) => d.shares.length > 0);
  const width = widthFor(drawn, Math.min(MOST_BINS, Math.floor(MOST_NUMBERS / drawn.length)));
  const fine = widthFor(drawn, Math.floor(MOST_NUMBERS / Math.max(1, drawn.length)));
  return {
    id,
    title,
    caption,
    modes: [
      mode(
        "pdf",
        "steps",
        "share of windows per bin",
        drawn.map(({ series, d }) => {
          const { edges, shares } = merged(d, width);
          return { ...series, x: edges.map(tidy), y: shares.map(tidy) };
        }),
      ),
      mode(
        "cdf",
        "line",
        "share of windows below",
        drawn.map(({ series, d }) => {
          const bins = merged(d, fine);
          return { ...series, x: bins.edges.map(tidy), y: [0, ...cumulative(bins).map(tidy)] };
        }),
      ),
    ],
  };
}

/** With one run a colour for each policy; with several a colour for each run, a dash a policy. */
function curves(runs: readonly Run[], pick: (policy: PolicyResult) => LoadSummary): Curve[] {
  const several = runs.length > 1;
  return runs.flatMap(({ name, result }, run) =>
    result.policies.map((policy, i) => ({
      series: {
        name: several ? `${name}: ${policy.name}` : policy.name,
        color: several ? run : i,
        dash: i,
      },
      d: pick(policy).distribution,
    })),
  );
}

/** One for each run and mean load: policies that ignore load share it. */
function closedForms(runs: readonly Run[]): Curve[] {
  return runs.flatMap(({ name, result }, run) => {
    const { servers } = result.experiment;
    const blind = result.policies.find(
      ({ connections }) => connections.expected !== null && connections.imbalance.windows > 0,
    );
    if (!blind || servers === 1) return [];
    const { distribution, meanPerServer } = blind.connections;
    const root = Math.sqrt(meanPerServer);
    const { edges } = distribution;
    const below = edges.map((edge) => rangeBelow(servers, edge * root));
    return [
      {
        series: {
          name: runs.length > 1 ? `${name}: closed form` : "closed form",
          color: runs.length > 1 ? run : 7,
          dash: 2,
          theory: true,
        },
        d: { edges, shares: edges.slice(1).map((_, i) => below[i + 1] - below[i]), values: 1 },
      },
    ];
  });
}

/** How many neighbouring bins (1, 2, 5, 10, …) have to become one for all curves to fit `most`. */
function widthFor(curves: readonly Curve[], most: number): number {
  const longest = Math.max(1, ...curves.map(({ d }) => d.shares.length));
  for (let decade = 1; ; decade *= 10) {
    for (const width of [decade, 2 * decade, 5 * decade]) if (longest / width <= most) return width;
  }
}

/** Sums of `width` neighbouring bins. All curves have bins of one width from 0 on. */
function merged({ edges, shares, values }: Distribution, width: number): Distribution {
  const count = Math.ceil(shares.length / width);
  const step = edges[1] - edges[0];
  return {
    edges: Array.from({ length: count + 1 }, (_, i) => edges[i * width] ?? i * width * step),
    shares: Array.from({ length: count }, (_, i) =>
      shares.slice(i * width, (i + 1) * width).reduce((a, b) => a + b, 0),
    ),
    values,
  };
}
