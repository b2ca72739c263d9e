/**
 * Runs benchmarks and prints what they measured, on which machine, with the commands.
 *
 *     npm run bench -- [NAME…] [--runs N] [--size N] [--json] [--strict]
 */
import { parseArgs } from "node:util";
import { kept, median, type Report } from "./bench.ts";
import { benches } from "./benches.ts";
import { describeMachine, machine } from "./machine.ts";
import { describeReport } from "./print.ts";

const USAGE = "usage: npm run bench -- [NAME…] [--runs N] [--size N] [--json] [--strict] [--list]";

function fail(message: string): never {
  process.stderr.write(`bench: ${message}\n${USAGE}\n`);
  process.exit(2);
}

function positive(text: string, name: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : fail(`${name}: ${text} is not a count`);
}

function settingsAndNames() {
  try {
    return parseArgs({
      options: {
        runs: { type: "string", default: "5" },
        size: { type: "string" },
        json: { type: "boolean", default: false },
        strict: { type: "boolean", default: false },
        list: { type: "boolean", default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { values, positionals } = settingsAndNames();
const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) fail(`no benchmark is called ${unknown.join(", ")}`);
if (values.list) {
  for (const bench of benches) process.stdout.write(`${bench.name}  ${bench.about}\n`);
  process.exit(0);
}

const settings = {
  runs: positive(values.runs, "--runs"),
  size: values.size === undefined ? null : positive(values.size, "--size"),
  progress: (text: string) => process.stderr.write(`${text}\n`),
};
const here = machine();
if (!values.json) process.stdout.write(`${describeMachine(here)}\n\n`);

const reports: Record<string, Report> = {};
for (const bench of benches) {
  if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
  const report = await bench.run(settings);
  reports[bench.name] = report;
  if (!values.json) process.stdout.write(`${describeReport(bench.name, report)}\n`);
}
if (values.json) {
  const all = Object.entries(reports).map(([name, report]) => ({
    name,
    ...report,
    rows: report.rows.map((row) => ({ ...row, medianSeconds: median(row.seconds) })),
    claims: report.claims.map((claim) => ({ ...claim, kept: kept(claim) })),
  }));
  process.stdout.write(`${JSON.stringify({ machine: here, benches: all }, null, 2)}\n`);
}
const missed = Object.values(reports).flatMap((report) => report.claims.filter((c) => !kept(c)));
if (values.strict && missed.length > 0) process.exitCode = 1;
