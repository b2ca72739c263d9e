/** A replay's figures as CSV tables, ready to plot: comma, header line, quotes where a cell has commas. */
import { cumulative, type Distribution } from "../metrics/distribution.ts";
import type { LoadSummary } from "../metrics/imbalance.ts";
import type { PolicyResult, ReplayResult } from "../result.ts";

/** One file: its name and whole text. */
export interface CsvFile {
  name: string;
  text: string;
}

type Row = readonly (string | number)[];

/** RFC 4180: a mix of clients has commas in its name. */
const cell = (value: string | number): string =>
  /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

const file = (name: string, head: Row, rows: readonly Row[]): CsvFile => ({
  name,
  text: [head, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join(""),
});

const tidy = (value: number): number => Number(value.toPrecision(9));

/** Every table of a result. */
export function csvFiles(result: ReplayResult): CsvFile[] {
  const { policies, distributions } = result;
  const { holdingTimeSeconds, bytesPerConnection } = distributions;
  return [
    connectionDistribution("figure-3-holding-time.csv", "seconds", holdingTimeSeconds),
    connectionDistribution("figure-3-bytes.csv", "bytes", bytesPerConnection),
    ...imbalance("figure-4a", policies, (policy) => policy.connections),
    ...imbalance("figure-4b", policies, (policy) => policy.bytes),
    summary(policies),
    servers(policies),
    load(policies),
    ...outcomes(policies),
  ];
}

/** Bins of a distribution over connections; `pdf` is the share per bin, `cdf` that below `to`. */
function connectionDistribution(name: string, unit: string, d: Distribution): CsvFile {
  const below = cumulative(d);
  const rows = d.shares.map((share, i) => [d.edges[i], d.edges[i + 1], share, below[i]].map(tidy));
  return file(name, [`from_${unit}`, `to_${unit}`, "pdf", "cdf"], rows);
}

/** PDF (share of windows per bin) and CDF (share below `imbalance`), one column a policy. */
function imbalance(
  name: string,
  policies: readonly PolicyResult[],
  pick: (policy: PolicyResult) => LoadSummary,
): CsvFile[] {
  const columns = policies.map((policy) => pick(policy).distribution);
  // All policies have bins of one width from 0 on; they differ in how far they go.
  const edges = columns.reduce<number[]>(
    (longest, { edges }) => (edges.length > longest.length ? edges : longest),
    [0],
  );
  const sums = columns.map(cumulative);
  const bins = Array.from({ length: edges.length - 1 }, (_, i) => i);
  const heads = policies.map((policy) => policy.name);
  return [
    file(
      `${name}-pdf.csv`,
      ["from", "to", ...heads],
      bins.map((i) => [edges[i], edges[i + 1], ...columns.map((d) => tidy(d.shares[i] ?? 0))]),
    ),
    file(
      `${name}-cdf.csv`,
      ["imbalance", ...heads],
      bins.map((i) => [
        edges[i + 1],
        ...columns.map((d, c) => tidy(sums[c][i] ?? (d.values > 0 ? 1 : 0))),
      ]),
    ),
  ];
}

function summary(policies: readonly PolicyResult[]): CsvFile {
  const head = [
    "policy",
    "measure",
    "windows",
    "mean",
    "p50",
    "p95",
    "p99",
    "max",
    "under_30_percent",
    "under_50_percent",
    "mean_excess",
    "mean_jain",
    "expected_mean",
  ];
  const rows = policies.flatMap((policy) =>
    (["connections", "bytes"] as const).map((measure) => {
      const { imbalance: i, excess, jain } = policy[measure];
      const expected = measure === "connections" ? policy.connections.expected : null;
      const numbers = [i.mean, i.p50, i.p95, i.p99, i.max, i.under30, i.under50].map(tidy);
      const more = [tidy(excess.mean), tidy(jain.mean), expected === null ? "" : tidy(expected)];
      return [policy.name, measure, i.windows, ...numbers, ...more];
    }),
  );
  return file("summary.csv", head, rows);
}

function servers(policies: readonly PolicyResult[]): CsvFile {
  const rows = policies.flatMap((policy) =>
    policy.servers.map((server, i) => [
      policy.name,
      i + 1,
      server.connections,
      server.peakActive,
      server.payloadBytes,
    ]),
  );
  const head = ["policy", "server", "connections", "peak_active", "payload_bytes"];
  return file("servers.csv", head, rows);
}

/** What became of the connections, a row for each run of the stack engine; no file without it. */
function outcomes(policies: readonly PolicyResult[]): CsvFile[] {
  const counts = [
    ["connections", "connections"],
    ["completed", "completed"],
    ["untouched", "untouched"],
    ["reset", "reset"],
    ["timed_out", "timedOut"],
    ["never_opened", "neverOpened"],
    ["pcc_violations", "pccViolations"],
    ["split_syns", "splitSyns"],
    ["misdelivered_icmp", "misdeliveredIcmp"],
    ["option_bytes", "optionBytes"],
    ["slow_path_packets", "slowPathPackets"],
    ["packets", "packets"],
  ] as const;
  const rows = policies.flatMap(({ name, outcomes = [] }) =>
    outcomes.map((outcome) => [
      outcome.design,
      name,
      outcome.client,
      ...counts.map(([, key]) => outcome[key]),
      outcome.pinDelay.connections,
      outcome.pinDelay.connections > 0 ? tidy(outcome.pinDelay.meanSeconds) : "",
    ]),
  );
  if (rows.length === 0) return [];
  const head = counts.map(([title]) => title);
  const pin = ["pinned_connections", "mean_seconds_until_pinned"];
  return [file("outcomes.csv", ["design", "policy", "client", ...head, ...pin], rows)];
}

function load(policies: readonly PolicyResult[]): CsvFile {
  const rows = policies.flatMap(({ name, load: series }) =>
    series.active.flatMap((active, server) =>
      active.map((mean, bin) => [
        name,
        server + 1,
        tidy(series.startSeconds + bin * series.binSeconds),
        tidy(mean),
        tidy(series.bytes[server]?.[bin] ?? 0),
      ]),
    ),
  );
  return file("load.csv", ["policy", "server", "seconds", "mean_active", "bytes"], rows);
}
