/** The paper's evaluation beside ours, and where the two differ. */
import type { Interval } from "../metrics/interval.ts";
import { bytes, duration, percent, whole } from "./numbers.ts";

/** Imbalance in each window, and shares of windows below or above a limit. */
export type MeasureName =
  | "connectionsMean"
  | "connectionsMax"
  | "connectionsUnder30"
  | "connectionsUnder50"
  | "bytesUnder125"
  | "bytesOver300";

export interface Reproduction {
  seeds: number;
  servers: number;
  windowSeconds: number;
  segmentSeconds: number;
  connections: Interval;
  activePerServer: Interval;
  /** Figure 3: seconds a connection was held, and its bytes in both directions. */
  holding: { p50: Interval; p95: Interval };
  bytes: { p50: Interval; p95: Interval };
  /** Over the seeds: mean with its 95 % confidence interval, least and greatest. */
  measured: {
    policy: string;
    measure: MeasureName;
    interval: Interval;
    least: number;
    greatest: number;
  }[];
}

const POLICY_WIDTH = 18;
const COLUMN_WIDTH = 18;

/** What a terminal shows; lines of at most 100 columns, ending in a newline. */
export function reproductionTable(r: Reproduction): string {
  const policies = [...new Set(r.measured.map(({ policy }) => policy))];
  const cell = (policy: string, measure: MeasureName): string => {
    const found = r.measured.find((m) => m.policy === policy && m.measure === measure);
    return found ? `${percent(found.interval.mean)} ± ${percent(found.interval.margin)}` : "";
  };
  const rows = (measures: readonly MeasureName[]): string[] =>
    policies.map((policy) =>
      `  ${policy.padEnd(POLICY_WIDTH)}${measures.map((m) => cell(policy, m).padStart(COLUMN_WIDTH)).join("")}`.trimEnd(),
    );
  const head = (names: readonly string[]): string =>
    `  ${"".padEnd(POLICY_WIDTH)}${names.map((name) => name.padStart(COLUMN_WIDTH)).join("")}`;
  const worst = (policy: string): number =>
    r.measured.find((m) => m.policy === policy && m.measure === "connectionsMax")?.greatest ?? 0;
  const value = (policy: string, measure: MeasureName): number =>
    r.measured.find((m) => m.policy === policy && m.measure === measure)?.interval.mean ?? 0;
  return `${[
    `Engel et al. 1998, ${r.seeds} segments of ${duration(r.segmentSeconds)} from the profile olympic96`,
    `${r.servers} servers, windows of ${duration(r.windowSeconds)}; ${whole(r.connections.mean)} ± ${whole(r.connections.margin)} connections a segment,`,
    `${r.activePerServer.mean.toFixed(1)} ± ${r.activePerServer.margin.toFixed(1)} active on each server. ± is 95 % confidence of the mean over the seeds.`,
    "",
    "Figure 3: most connections are short and small",
    `  held       half of them under ${duration(r.holding.p50.mean)}, 95 % under ${duration(r.holding.p95.mean)} (modelled: durations were never published)`,
    `  bytes      half of them under ${bytes(r.bytes.p50.mean)}, 95 % under ${bytes(r.bytes.p95.mean)}`,
    "",
    "Figure 4(a), active connections: (max − min) / mean over the servers",
    head(["mean", "worst window", "under 30 %", "under 50 %"]),
    ...rows(["connectionsMean", "connectionsMax", "connectionsUnder30", "connectionsUnder50"]),
    "  published   least-connection within 5 % at worst; the others mostly under 30 %, never over 50 %",
    "",
    "Figure 4(b), bytes in each window",
    head(["under 125 %", "over 300 %"]),
    ...rows(["bytesUnder125", "bytesOver300"]),
    "  published   all four alike, mostly under 125 %, rarely over 300 %",
    "",
    "Where they differ, and why",
    `  - Round-robin is better than random (${percent(value("round-robin", "connectionsMean"))} against ${percent(value("random", "connectionsMean"))} in the mean); the paper found them alike. Under`,
    "    Poisson arrivals taking turns spreads openings more evenly than drawing lots. Their trace had",
    "    pages fetched over several connections at once, which this profile does not model.",
    `  - Random and hash pass 50 % in some windows (at worst ${percent(Math.max(worst("random"), worst("hash")))}); the paper never. With ${r.activePerServer.mean.toFixed(0)} active on a`,
    "    server d(5)/√m is the mean of what chance alone does, and 2,400 windows a segment have a tail.",
    `  - Least-connection reaches ${percent(worst("least-connection"))} at worst where the paper has 5 %: one connection more on one server`,
    `    is ${percent(1 / r.activePerServer.mean)} of the mean here, and closes may come to one server several at a time.`,
    "  - Bytes are evener than published: a connection's bytes are spread over its life at one rate,",
    "    while real ones come in bursts of a window of segments.",
  ].join("\n")}\n`;
}
