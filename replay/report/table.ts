/** A replay's result for a reader at a terminal. */
import type { LoadSummary } from "../metrics/imbalance.ts";
import type { PolicyResult, ReplayResult, TraceSummary } from "../result.ts";
import { explanation } from "./explanation.ts";
import { bar, bytes, counted, duration, percent, whole } from "./numbers.ts";
import { outcomeSections } from "./outcome-table.ts";

const BAR_CELLS = 12;
/** More servers than this are told by the least and the most loaded one. */
const MOST_COLUMNS = 10;

/** The whole report, lines of at most 100 columns, ending in a newline. */
export function table(result: ReplayResult): string {
  const { experiment, policies, trace } = result;
  if (trace.connections === 0) {
    return `${heading(result)}\n\nNo TCP connection and no UDP flow in it: nothing to compare.\n`;
  }
  const { layer, direction } = experiment.bytes;
  const flow = direction === "both" ? "both directions" : `${direction}bound`;
  const window = duration(experiment.windowSeconds);
  const sections = [
    heading(result),
    imbalanceOf(
      `Active connections at the end of each ${window} window: (max − min) / mean over the servers`,
      policies,
      (policy) => policy.connections,
    ),
    expectation(result),
    imbalanceOf(
      `Bytes in each ${window} window (${layer === "wire" ? "whole frames" : layer}, ${flow})`,
      policies,
      (policy) => policy.bytes,
    ),
    shares(result),
    ...outcomeSections(result, aligned),
    explainedSection(result),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function explainedSection({ explained }: ReplayResult): string {
  if (explained === undefined) return "";
  return explained
    ? explanation(explained).trimEnd()
    : "Nothing to explain: fewer connections broke.";
}

function heading({ trace, experiment }: ReplayResult): string {
  const of = trace.midstream ? ` (${whole(trace.midstream)} already open)` : "";
  const about = trace.clientsEstimated ? "about " : "";
  const lines = [
    `${names(trace)}: ${trace.format}, ${counted(trace.packets, "packet")}${span(trace)}`,
    `${counted(trace.connections, "connection")}${of} of ${about}${counted(trace.clients, "client")}, ${bytes(trace.payloadBytes)} payload`,
    `${counted(experiment.servers, "server")}, seed ${experiment.seed}`,
  ];
  const skipped = Object.entries(trace.skipped).map(([why, n]) => `${whole(n)} ${why}`);
  if (skipped.length > 0) lines.push(`Not followed: ${skipped.join(", ")}`);
  if (trace.durations !== "recorded") lines.push(`Durations: ${trace.durations}`);
  if (trace.truncated) lines.push("The input could not be read to its end: this is what could be.");
  return lines.join("\n");
}

function names({ files }: TraceSummary): string {
  return files.length <= 3 ? files.join(", ") : `${files[0]} and ${files.length - 1} more`;
}

function span({ start, durationSeconds }: TraceSummary): string {
  if (start === null) return "";
  const from = start.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
  return `, ${duration(durationSeconds)} from ${from}`;
}

function imbalanceOf(
  title: string,
  policies: readonly PolicyResult[],
  pick: (policy: PolicyResult) => LoadSummary,
): string {
  const rows = policies.map((policy) => ({ name: policy.name, ...pick(policy).imbalance }));
  const counts = rows[0] ?? { windows: 0, emptyWindows: 0 };
  const left = counts.emptyWindows ? `, and ${whole(counts.emptyWindows)} without any` : "";
  const note = `${counted(counts.windows, "window")}${left}`;
  if (counts.windows === 0) return `${title}\n  no window had any: nothing to compare`;
  const largest = Math.max(...rows.map((row) => row.p95));
  const cells = rows.map((row) => [
    row.name,
    percent(row.p50),
    percent(row.p95),
    percent(row.max),
    percent(row.under30),
    percent(row.under50),
    `  ${bar(largest > 0 ? row.p95 / largest : 0, BAR_CELLS)}`,
  ]);
  const head = ["policy", "p50", "p95", "max", "under 30 %", "under 50 %", "  p95"];
  return `${title}\n${aligned([head, ...cells])}\n  ${note}`;
}

function expectation({ policies, experiment }: ReplayResult): string {
  const known = policies.flatMap(({ name, connections }) =>
    connections.expected === null || connections.imbalance.windows === 0
      ? []
      : [{ name, ...connections, expected: connections.expected }],
  );
  if (known.length === 0 || experiment.servers === 1) return "";
  const head = ["policy", "mean", "expected", "mean active"];
  const rows = known.map(({ name, imbalance, expected, meanPerServer }) => [
    name,
    percent(imbalance.mean),
    percent(expected),
    `${Number(meanPerServer.toPrecision(3))} a server`,
  ]);
  const title = `Mean imbalance beside d(${experiment.servers})/√m, expected if connections arrived by a Poisson process`;
  return `${title}\n${aligned([head, ...rows])}`;
}

function shares({ policies, experiment }: ReplayResult): string {
  const few = experiment.servers <= MOST_COLUMNS;
  const columns = few
    ? Array.from({ length: experiment.servers }, (_, i) => String(i + 1))
    : ["least", "most"];
  const block = (title: string, pick: (server: PolicyResult["servers"][number]) => number) => {
    const rows = policies.map(({ name, servers }) => {
      const values = servers.map(pick);
      const sum = values.reduce((a, b) => a + b, 0);
      const shown = few ? values : [Math.min(...values), Math.max(...values)];
      return [name, ...shown.map((value) => percent(sum > 0 ? value / sum : 0))];
    });
    return `${title}\n${aligned([["policy", ...columns], ...rows])}`;
  };
  return `${block("Share of all connections per server", (server) => server.connections)}\n\n${block(
    "Share of all payload per server",
    (server) => server.payloadBytes,
  )}`;
}

/** Columns under each other: the first to the left, the others to the right, bars as they are. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || cell.startsWith("  ")
            ? cell.padEnd(widths[column])
            : cell.padStart(widths[column]),
        )
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join("\n");
}
