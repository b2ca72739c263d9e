/** Figure 3: how long connections last, and how much they carry. */
import { cumulative } from "../../../metrics/distribution.ts";
import type { ConnectionDistribution } from "../../../result.ts";
import { type Axis, type Figure, type Mode, tidy } from "../figure.ts";
import type { Run } from "../run.ts";

/** Both halves of it, a curve for each run. */
export function distributionFigures(runs: readonly Run[]): Figure[] {
  return [
    figure(
      runs,
      "figure-3-holding-time",
      "Figure 3: holding time",
      { label: "holding time", unit: "seconds", log: true },
      ({ holdingTimeSeconds }) => holdingTimeSeconds,
    ),
    figure(
      runs,
      "figure-3-bytes",
      "Figure 3: bytes per connection",
      { label: "payload of a connection", unit: "bytes", log: true },
      ({ bytesPerConnection }) => bytesPerConnection,
    ),
  ];
}

function figure(
  runs: readonly Run[],
  id: string,
  title: string,
  xAxis: Axis,
  pick: (d: Run["result"]["distributions"]) => ConnectionDistribution,
): Figure {
  const each = runs.map((run, i) => ({ run, i, d: pick(run.result.distributions) }));
  const drawn = each.filter(({ d }) => d.shares.length > 0);
  const name = ({ run }: (typeof each)[number]) => (runs.length > 1 ? run.name : "connections");
  type Values = (d: ConnectionDistribution) => readonly number[];
  const curves = (x: Values, y: Values) =>
    drawn.map((one) => ({
      name: name(one),
      color: one.i,
      dash: one.i,
      x: x(one.d).map(tidy),
      y: y(one.d).map(tidy),
    }));
  const modes: Mode[] = [
    {
      id: "pdf",
      label: "PDF",
      shape: "steps",
      xAxis,
      yAxis: { label: "share of connections per bin", unit: "percent" },
      series: curves(
        ({ edges }) => edges,
        ({ shares }) => shares,
      ),
    },
    {
      id: "cdf",
      label: "CDF",
      shape: "line",
      xAxis,
      yAxis: { label: "share of connections below", unit: "percent" },
      series: curves(({ edges }) => edges.slice(1), cumulative),
    },
  ];
  const zero = drawn.some(({ d }) => d.edges[0] === 0 && d.shares[0] > 0);
  return {
    id,
    title,
    caption: zero ? "Logarithmic; the first bin holds what is 0." : "Logarithmic.",
    modes,
  };
}
