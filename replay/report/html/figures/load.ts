/** Load of each server over time, with the events of the experiment. */
import type { LoadOverTime } from "../../../metrics/load-series.ts";
import type { ReplayResult } from "../../../result.ts";
import { type Axis, type Figure, type Mode, type Series, tidy } from "../figure.ts";
import type { Run } from "../run.ts";

/** More servers than this are shown by the busiest, the mean and the idlest one. */
const MOST_CURVES = 8;
/** Numbers that all modes together may hold: bins become longer until they do. */
const MOST_NUMBERS = 20_000;

/** A mode for each measure and policy. Null when nothing was ever open. */
export function loadFigure(runs: readonly Run[]): Figure | null {
  const several = runs.length > 1;
  const sets = runs.flatMap(({ name, result }, run) =>
    result.policies.map((policy, i) => ({
      run,
      label: several ? `${name}: ${policy.name}` : policy.name,
      i,
      load: policy.load,
      markers: eventsOf(result),
      name,
    })),
  );
  const curves = sets.reduce((sum, { load }) => sum + Math.min(MOST_CURVES, load.active.length), 0);
  const most = Math.max(50, Math.floor(MOST_NUMBERS / Math.max(1, 2 * curves)));
  const modes = (["active", "bytes"] as const).flatMap((measure) =>
    sets
      .filter(({ load }) => (load.active[0]?.length ?? 0) > 0)
      .map(({ label, load, markers, i, run }): Mode => {
        const rows = merged(load, measure, most);
        const { x, step } = bins(load, most);
        return {
          id: `${measure}-${run}-${i}`,
          label: measure === "active" ? label : `${label}, bytes`,
          shape: "steps",
          xAxis: { label: "time since the beginning", unit: "seconds", ...unitOf(x) },
          yAxis:
            measure === "active"
              ? { label: "active connections", unit: "count" }
              : { label: `bytes in ${tidy(step)} s`, unit: "bytes" },
          x,
          series: seriesOf(rows),
          ...(markers.length > 0 ? { markers } : {}),
        };
      }),
  );
  if (modes.length === 0) return null;
  const many = (sets[0]?.load.active.length ?? 0) > MOST_CURVES;
  return {
    id: "load",
    title: "Load per server over time",
    caption: many
      ? "The busiest and the idlest server of each moment, and the mean of all."
      : "Mean of the active connections, or the bytes, in each stretch of time.",
    modes,
  };
}

/** What long times are counted in: a tick is to be a number that people read. */
function unitOf(x: readonly number[]): Pick<Axis, "per"> {
  const span = x.at(-1) ?? 0;
  const unit = [
    { seconds: 86_400, suffix: "d", least: 3 },
    { seconds: 3600, suffix: "h", least: 3 },
    { seconds: 60, suffix: "min", least: 10 },
  ].find(({ seconds, least }) => span >= least * seconds);
  return unit ? { per: { seconds: unit.seconds, suffix: unit.suffix } } : {};
}

/** Exact sums (bytes) or means (active) of as many neighbours as leave `most` bins. */
function merged(load: LoadOverTime, measure: "active" | "bytes", most: number): number[][] {
  const rows = load[measure];
  const width = Math.ceil(rows[0].length / most);
  if (width === 1) return rows;
  return rows.map((row) => {
    const out: number[] = [];
    for (let from = 0; from < row.length; from += width) {
      const part = row.slice(from, from + width);
      const sum = part.reduce((a, b) => a + b, 0);
      out.push(measure === "active" ? sum / part.length : sum);
    }
    return out;
  });
}

function bins({ binSeconds, active }: LoadOverTime, most: number) {
  const count = active[0].length;
  const width = Math.ceil(count / most);
  const step = width * binSeconds;
  const edges = Math.ceil(count / width) + 1;
  return { step, x: Array.from({ length: edges }, (_, i) => tidy(i * step)) };
}

function seriesOf(rows: readonly (readonly number[])[]): Series[] {
  if (rows.length <= MOST_CURVES) {
    return rows.map((row, i) => ({
      name: `server ${i + 1}`,
      color: i,
      dash: i,
      y: row.map(tidy),
    }));
  }
  const over = (pick: (column: number[]) => number) =>
    rows[0].map((_, bin) => tidy(pick(rows.map((row) => row[bin]))));
  return [
    { name: "busiest", color: 1, dash: 0, y: over((column) => Math.max(...column)) },
    { name: "mean", color: 0, dash: 0, y: over((c) => c.reduce((a, b) => a + b, 0) / c.length) },
    { name: "idlest", color: 2, dash: 1, y: over((column) => Math.min(...column)) },
  ];
}

/** Events of an experiment that has them: seconds from the beginning and a word. */
function eventsOf({ events = [], policies }: ReplayResult): { at: number; label: string }[] {
  const start = policies[0]?.load.startSeconds ?? 0;
  return events.map(({ seconds, what }) => ({ at: tidy(seconds - start), label: what }));
}
