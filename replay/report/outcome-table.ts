/** What became of the connections in the stack engine, for a reader at a terminal. */
import type { OutcomeResult, ReplayResult } from "../result.ts";
import { counted, duration, percent, whole } from "./numbers.ts";

/** An outcome and the policy of its run. */
export type NamedOutcome = OutcomeResult & { policy: string };

type Named = NamedOutcome;

/** What an end is called in text. */
export const END_NAMES = {
  completed: "completed",
  reset: "reset",
  timedOut: "timed out",
  neverOpened: "never opened",
} as const;

/** The runs of a result, policy by policy; none for the flow engine. */
export const outcomeRows = ({ policies }: ReplayResult): NamedOutcome[] =>
  policies.flatMap(({ name, outcomes }) =>
    (outcomes ?? []).map((outcome) => ({ policy: name, ...outcome })),
  );

/** What a scenario made happen, and how long after the trace began; empty when nothing. */
export function eventsText({ events = [], policies }: ReplayResult): string {
  const start = policies[0]?.load.startSeconds ?? 0;
  return events.map(({ seconds, what }) => `${what} after ${duration(seconds - start)}`).join("; ");
}

/** The sections about outcomes; none for the flow engine. */
export function outcomeSections(
  result: ReplayResult,
  aligned: (rows: readonly (readonly string[])[]) => string,
  sentences: (text: string) => string,
): string[] {
  const rows = outcomeRows(result);
  if (rows.length === 0) return [];
  const sections = [ends(rows, aligned), costs(rows, aligned), tables(rows, aligned), breaks(rows)];
  return [sentences(LOAD_NOTE), ...sections, ...outcomeNotes(rows).map(sentences)].filter(
    (section) => section !== "",
  );
}

/** What the loads of a result are not: they know nothing of what the stack engine finds. */
export const LOAD_NOTE =
  "Loads are those of the policies' choices, as if every connection lived as recorded and nothing happened to servers and routers. What follows is what became of the connections as real TCP and UDP.";

/** What a reader has to know of the numbers, a sentence or two each. */
export const outcomeNotes = (rows: readonly NamedOutcome[]): string[] =>
  [standInNote(rows), stockNote(rows)].filter((note) => note !== "");

const label = ({ design, policy, client }: Named): string => `${design}, ${policy}, ${client}`;

function ends(rows: readonly Named[], aligned: (rows: readonly string[][]) => string): string {
  const head = [
    "design, policy, client",
    "completed",
    "untouched",
    "reset",
    "timed out",
    "never open",
  ];
  const cells = rows.map((row) => [
    label(row),
    ...[row.completed, row.untouched, row.reset, row.timedOut, row.neverOpened].map((count) =>
      share(count, row.connections),
    ),
  ]);
  return `What became of ${counted(rows[0].connections, "connection")}\n${aligned([head, ...cells])}`;
}

/** Shares that are not whole never round to all or nothing. */
function share(count: number, of: number): string {
  if (of === 0 || count === 0) return "0";
  if (count === of) return "all";
  const text = percent(count / of);
  return /^(0|100)(\.0+)? %$/.test(text) ? whole(count) : text;
}

function costs(rows: readonly Named[], aligned: (rows: readonly string[][]) => string): string {
  const head = [
    "",
    "astray",
    "split SYNs",
    "ICMP astray",
    "option bytes",
    "slow path",
    "pinned after",
  ];
  const cells = rows.map((row) => [
    label(row),
    whole(row.pccViolations),
    whole(row.splitSyns),
    whole(row.misdeliveredIcmp),
    whole(row.optionBytes),
    whole(row.slowPathPackets),
    row.pinDelay.connections > 0 ? `${(1000 * row.pinDelay.meanSeconds).toFixed(1)} ms` : "never",
  ]);
  return `Packets: to another server than the connection's (astray), with options, until pinned\n${aligned([head, ...cells])}`;
}

function breaks(rows: readonly Named[]): string {
  const lines = rows.flatMap((row) =>
    Object.entries(row.broken).map(([how, count]) => `  ${label(row)}: ${whole(count)} × ${how}`),
  );
  return lines.length > 0 ? `How connections broke\n${lines.join("\n")}` : "";
}

/** What routers had to remember: a head and a row each; nothing where no design has a table. */
export function routerTable(rows: readonly NamedOutcome[]): string[][] {
  const found = rows.flatMap((row) => row.tables.map((table) => ({ row, table })));
  if (found.length === 0) return [];
  const keys = Object.keys(found[0].table);
  const words = keys.map((key) => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  const cells = found.map(({ row, table }) => [
    label(row),
    ...keys.map((key) => (table[key] === undefined ? "" : whole(table[key]))),
  ]);
  return [["design, policy, client", ...words], ...cells];
}

function tables(rows: readonly Named[], aligned: (rows: readonly string[][]) => string): string {
  const table = routerTable(rows);
  return table.length > 0 ? `Tables of flows in routers\n${aligned(table)}` : "";
}

/** What was not as recorded. */
function standInNote([first]: readonly Named[]): string {
  if (!first) return "";
  const notes = [];
  if (first.standIns > 0) {
    notes.push(
      `${counted(first.standIns, "connection")} ran from an IPv4 address of 100.64/10 in place of the client's own (IPv6, which a source route cannot pin, or in use already).`,
    );
  }
  if (first.notRun > 0)
    notes.push(`${counted(first.notRun, "flow")} of other protocols did not run.`);
  return notes.join(" ");
}

/** What nobody should take from these numbers: that today's clients would be pinned. */
function stockNote(rows: readonly Named[]): string {
  const assumes = rows.some(
    ({ design, client }) => design.startsWith("pinned") && /engel/.test(client),
  );
  return assumes
    ? "Clients of profile engel reverse a SYN-ACK's source route, as the paper assumes. Today's kernels do not (stock), and by default drop such a packet (filtering): try --client stock,filtering."
    : "";
}
