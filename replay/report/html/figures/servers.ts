/** What each server got in all. */
import type { PolicyResult } from "../../../result.ts";
import { type Figure, type Mode, tidy } from "../figure.ts";
import type { Run } from "../run.ts";

/** More servers than this are a line over their ranks instead of bars. */
const MOST_BARS = 40;
/** Ranks that are drawn of all curves together. */
const MOST_RANKS = 2_000;

/** Connections, payload and the most that was open at once, for each server. */
export function serversFigure(runs: readonly Run[]): Figure {
  const several = runs.length > 1;
  const servers = Math.max(...runs.map(({ result }) => result.experiment.servers));
  const bars = servers <= MOST_BARS;
  const curves = runs.reduce((sum, { result }) => sum + result.policies.length, 0);
  const most = Math.max(20, Math.floor(MOST_RANKS / curves));
  const measures: [
    string,
    string,
    "count" | "bytes",
    (s: PolicyResult["servers"][number]) => number,
  ][] = [
    ["connections", "Connections", "count", (server) => server.connections],
    ["payload", "Payload", "bytes", (server) => server.payloadBytes],
    ["peak", "Most open at once", "count", (server) => server.peakActive],
  ];
  const modes = measures.map(
    ([id, label, unit, pick]): Mode => ({
      id,
      label,
      shape: bars ? "bars" : "line",
      xAxis: bars
        ? { label: "server", unit: "server" }
        : { label: "servers, the busiest first", unit: "count" },
      yAxis: { label: label.toLowerCase(), unit },
      ...(bars ? { x: Array.from({ length: servers }, (_, i) => i + 1) } : {}),
      series: runs.flatMap(({ name, result }, run) =>
        result.policies.map((policy, i) => ({
          name: several ? `${name}: ${policy.name}` : policy.name,
          color: several ? run : i,
          dash: i,
          ...(bars
            ? { y: policy.servers.map(pick).map(tidy) }
            : ranks(policy.servers.map(pick), most)),
        })),
      ),
    }),
  );
  return {
    id: "servers",
    title: "Totals per server",
    caption: "Over the whole trace.",
    modes,
  };
}

/** Values in descending order over their ranks, at most `most` of them. */
function ranks(values: readonly number[], most: number): { x: number[]; y: number[] } {
  const sorted = [...values].sort((a, b) => b - a);
  const step = Math.max(1, (sorted.length - 1) / (most - 1));
  const places: number[] = [];
  for (let at = 0; at < sorted.length - 0.5; at += step) places.push(Math.round(at));
  return { x: places.map((at) => at + 1), y: places.map((at) => tidy(sorted[at])) };
}
