/** A benchmark's report as text. */
import { type Claim, kept, median, type Report, type Row } from "./bench.ts";

const seconds = (value: number): string =>
  value < 0.001
    ? `${(value * 1e6).toFixed(1)} µs`
    : value < 1
      ? `${(value * 1e3).toFixed(1)} ms`
      : `${value.toFixed(2)} s`;

const rate = (perSecond: number): string =>
  perSecond >= 1e6
    ? `${(perSecond / 1e6).toFixed(1)} M/s`
    : perSecond >= 1e3
      ? `${(perSecond / 1e3).toFixed(1)} k/s`
      : `${perSecond.toFixed(1)} /s`;

const ratio = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));

function cells(row: Row, reference: Row | undefined): string[] {
  const middle = median(row.seconds);
  return [
    row.what,
    seconds(middle),
    `${seconds(Math.min(...row.seconds))} – ${seconds(Math.max(...row.seconds))}`,
    row.cpuSeconds === null ? "-" : seconds(row.cpuSeconds),
    row.peakBytes === null ? "-" : `${Math.round(row.peakBytes / 2 ** 20)} MiB`,
    rate(row.amount / middle),
    reference ? ratio(middle / median(reference.seconds)) : "-",
  ];
}

const claimLine = (claim: Claim): string =>
  `  ${kept(claim) ? "kept  " : "MISSED"}  ${claim.text}: ${ratio(claim.measured)}, wanted ${claim.side} ${claim.wanted}`;

/** Columns padded to their widest cell; the first to the left, the others to the right. */
export function align(table: readonly (readonly string[])[]): string[] {
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  return table.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** The report of one benchmark, ready to print. */
export function describeReport(name: string, report: Report): string {
  const reference = report.rows.find((row) => row.what === report.beside);
  const header = ["", "median", "least – most", "cpu", "peak", report.unit];
  const table = [
    [...header, reference ? `× ${reference.what}` : ""],
    ...report.rows.map((row) => cells(row, reference)),
  ];
  return [
    `${name}: ${report.work}`,
    ...align(table).map((line) => `  ${line}`),
    ...report.claims.map(claimLine),
    ...report.skipped.map((line) => `SKIPPED ${line}`),
    "  measured by:",
    ...report.rows.map((row) => `    ${row.what}: ${row.command}`),
    "",
  ].join("\n");
}
