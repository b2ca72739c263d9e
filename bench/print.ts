/** A benchmark's report as text. */
import { type Claim, kept, median, type Report, type Row } from "./bench.ts";

/** A number under the largest unit that leaves it at least 1, with three digits. */
function scaled(value: number, units: readonly (readonly [number, string])[]): string {
  const [factor, unit] = units.find(([size]) => value >= size) ?? units[units.length - 1];
  const shown = value / factor;
  return `${shown.toFixed(shown < 10 ? 2 : shown < 100 ? 1 : 0)} ${unit}`;
}

const seconds = (value: number): string =>
  scaled(value, [
    [1, "s"],
    [1e-3, "ms"],
    [1e-6, "µs"],
    [1e-9, "ns"],
  ]);

const rate = (perSecond: number): string =>
  scaled(perSecond, [
    [1e6, "M/s"],
    [1e3, "k/s"],
    [1, "/s"],
  ]);

const ratio = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

/** One column of the table; a column with nothing in it is left out. */
interface Column {
  title: string;
  cell(row: Row): string | null;
}

function columns(report: Report): Column[] {
  const reference = report.rows.find((row) => row.what === report.beside);
  const middle = (row: Row) => median(row.seconds);
  return [
    { title: "", cell: ({ what }) => what },
    { title: "median", cell: (row) => seconds(middle(row)) },
    {
      title: "least – most",
      cell: ({ seconds: all }) => `${seconds(Math.min(...all))} – ${seconds(Math.max(...all))}`,
    },
    { title: "cpu", cell: ({ cpuSeconds: s }) => (s === null ? null : seconds(s)) },
    {
      title: "peak",
      cell: ({ peakBytes: b }) => (b === null ? null : `${Math.round(b / 2 ** 20)} MiB`),
    },
    { title: report.unit, cell: (row) => rate(row.amount / middle(row)) },
    {
      title: `× ${report.beside}`,
      cell: (row) => (reference ? ratio(middle(row) / middle(reference)) : null),
    },
  ];
}

function table(report: Report): string[][] {
  const used = columns(report).filter(({ cell }) => report.rows.some((row) => cell(row) !== null));
  return [
    used.map(({ title }) => title),
    ...report.rows.map((row) => used.map(({ cell }) => cell(row) ?? "-")),
  ];
}

/** Columns padded to their widest cell; the first to the left, the others to the right. */
function align(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd(),
  );
}

const claimLine = (claim: Claim): string =>
  `  ${kept(claim) ? "kept  " : "MISSED"}  ${claim.text}: ${ratio(claim.measured)}, wanted ${claim.side} ${claim.wanted}`;

/** The report of one benchmark, ready to print. */
export function describeReport(name: string, report: Report): string {
  const commands = report.rows.map((row) => row.command);
  const shared = commands.length > 1 && new Set(commands).size === 1;
  return [
    `${name}: ${report.work}`,
    ...align(table(report)).map((line) => `  ${line}`),
    ...report.claims.map(claimLine),
    ...report.skipped.map((line) => `SKIPPED ${line}`),
    "  measured by:",
    ...(shared
      ? [`    ${commands[0]}`]
      : report.rows.map(({ what, command }) => `    ${what}: ${command}`)),
    "",
  ].join("\n");
}
