/** A replay's result for a reader at a terminal. */
import type { LoadSummary } from "../metrics/imbalance.ts";
import type { PolicyResult, ReplayResult, TraceSummary } from "../result.ts";
import {
  alignedTo,
  filled,
  labelledTo,
  PIPE,
  painted,
  printable,
  type Screen,
  sparkline,
  wrapped,
} from "./layout.ts";
import { bar, bytes, counted, duration, mean, percent, whole } from "./numbers.ts";

const BAR_CELLS = 12;
/** More servers than this are told by the least and the most loaded one. */
const MOST_COLUMNS = 10;
/** What a share takes with the space before it. */
const SHARE_CELLS = 8;

type Aligned = (rows: readonly (readonly string[])[]) => string;

/** Columns without a terminal. */
const USUAL = 100;
const NARROWEST = 40;

/** The whole report, ending in a newline: as wide as the screen; in a pipe nothing is left out. */
export async function table(result: ReplayResult, screen: Screen = PIPE): Promise<string> {
  const width = Math.max(NARROWEST, screen.columns ?? USUAL);
  const limit = screen.columns === null ? Infinity : width;
  const whole = printable(plainTable(result, width, limit, await stackText(result, width, limit)));
  const text = screen.columns === null ? whole : wrapped(whole, width);
  return screen.color ? painted(text) : text;
}

/** What only the stack engine finds. */
interface StackText {
  /** What its scenario made happen. */
  events: string;
  sections: readonly string[];
}

/** In words that are loaded when there is something to be said. */
async function stackText(result: ReplayResult, width: number, limit: number): Promise<StackText> {
  if (result.experiment.engine === "flow") return { events: "", sections: [] };
  const { eventsText, outcomeSections } = await import("./outcome-table.ts");
  const { explainedSection } = await import("./explanation.ts");
  const sections = outcomeSections(
    result,
    (rows) => labelledTo(limit, rows),
    (text) => filled(text, Math.min(width, USUAL)),
  );
  return { events: eventsText(result), sections: [...sections, explainedSection(result)] };
}

function plainTable(
  result: ReplayResult,
  width: number,
  limit: number,
  { events, sections: ofStack }: StackText,
): string {
  const { experiment, policies, trace } = result;
  const aligned: Aligned = (rows) => alignedTo(limit, rows);
  if (trace.connections === 0) {
    return `${heading(result, events)}\n\nNo TCP connection and no UDP flow in it: nothing to compare.\n`;
  }
  const { layer, direction } = experiment.bytes;
  const flow = direction === "both" ? "both directions" : `${direction}bound`;
  const window = duration(experiment.windowSeconds);
  const sections = [
    heading(result, events),
    imbalanceOf(
      `Active connections at the end of each ${window} window: (max − min) / mean over the servers`,
      policies,
      (policy) => policy.connections,
      aligned,
    ),
    expectation(result, aligned),
    imbalanceOf(
      `Bytes in each ${window} window (${layer === "wire" ? "whole frames" : layer}, ${flow})`,
      policies,
      (policy) => policy.bytes,
      aligned,
    ),
    shares(result, aligned, width),
    overTime(result, width),
    ...ofStack,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function heading(result: ReplayResult, events: string): string {
  const { trace, experiment } = result;
  const of = trace.midstream ? ` (${whole(trace.midstream)} already open)` : "";
  const about = trace.clientsEstimated ? "about " : "";
  const lines = [
    `${names(trace)}: ${trace.format}, ${counted(trace.packets, "packet")}${span(trace)}`,
    `${counted(trace.connections, "connection")}${of} of ${about}${counted(trace.clients, "client")}, ${bytes(trace.payloadBytes)} payload`,
    `${counted(experiment.servers, "server")}, seed ${experiment.seed}`,
  ];
  if (experiment.scenario !== undefined && experiment.scenario !== "default") {
    lines.push(`Scenario ${experiment.scenario}${events && `: ${events}`}`);
  }
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
  aligned: Aligned,
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

function expectation({ policies, experiment }: ReplayResult, aligned: Aligned): string {
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

function shares({ policies, experiment }: ReplayResult, aligned: Aligned, width: number): string {
  const names = Math.max(...policies.map(({ name }) => name.length));
  const room = Math.floor((width - names - 2) / SHARE_CELLS);
  const few = experiment.servers <= Math.min(MOST_COLUMNS, room);
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

/** All servers' load along the trace: the same for every policy, so the first one's is shown. */
function overTime({ policies, trace }: ReplayResult, width: number): string {
  const [first] = policies;
  if (!first || (first.load.active[0]?.length ?? 0) < 2) return "";
  const sums = (rows: readonly (readonly number[])[]) =>
    rows[0].map((_, bin) => rows.reduce((sum, row) => sum + row[bin], 0));
  const { active, bytes: carried, binSeconds } = first.load;
  const line = (name: string, values: readonly number[], most: string) =>
    `  ${name.padEnd(6)}  ${sparkline(values, width - 10 - most.length - 2)}  ${most}`;
  const [open, load] = [sums(active), sums(carried)];
  // Of both lines, the longer word decides how long they are.
  const words = [`up to ${mean(Math.max(...open))}`, `${bytes(Math.max(...load) / binSeconds)}/s`];
  const long = Math.max(...words.map((word) => word.length));
  return `Load over time, all servers (${duration(trace.durationSeconds)})
${line("active", open, words[0].padEnd(long)).trimEnd()}
${line("bytes", load, words[1].padEnd(long)).trimEnd()}`;
}
