import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { visible } from "../../../traces/errors.ts";
import { writeText } from "../../../traces/output-file.ts";
import type { Run } from "../../report/html/run.ts";
import { readResult } from "../../report/read-result.ts";
import { VERSION } from "../../version.ts";
import { type Command, UsageError } from "../command.ts";
import { stringOption, switchOption } from "../option-values.ts";
import { distinctOutputs } from "../outputs.ts";
import { commandLine, fileFacts } from "../provenance.ts";

/** `anypin report`: results of several replays side by side. */
export const reportCommand: Command = {
  name: "report",
  summary: "put results of 'anypin replay --json' side by side on one page",
  operands: "RESULT.json…",
  options: [{ name: "out", value: "FILE.html", help: "where to (default '-', standard output)" }],
  example: {
    line: "anypin report five.json eight.json --out servers.html",
    about: "two numbers of servers as one picture, a colour for each",
  },
  async run(operands, options, terminal) {
    const named = stringOption(options, "out");
    const out = named === "-" ? undefined : named;
    const asJson = switchOption(options, "json");
    if (operands.length === 0) throw new UsageError("needs results of 'anypin replay --json'");
    if (out === undefined && !asJson && terminal.columns !== null) {
      throw new UsageError("standard output is a terminal: say where to with --out FILE.html");
    }
    distinctOutputs(operands, [["--out", out]]);
    const names = runNames(operands);
    const runs: Run[] = [];
    for (const [i, file] of operands.entries()) {
      try {
        const text = readFileSync(file === "-" ? 0 : file, "utf8");
        runs.push({ name: names[i], result: readResult(text) });
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        terminal.err(`anypin report: ${visible(`${file}: ${unreadable(error)}`)}\n`);
        return 3;
      }
    }
    if (asJson) {
      const rows = runs.map(({ name, result: { trace, experiment, policies } }) => ({
        name,
        trace,
        experiment,
        policies: policies.map(({ name: policy, connections, bytes }) => ({
          name: policy,
          connections: { imbalance: connections.imbalance, expected: connections.expected },
          bytes: { imbalance: bytes.imbalance },
        })),
      }));
      await terminal.out(`${JSON.stringify({ runs: rows }, null, 2)}\n`);
      if (out === undefined) return 0;
    }
    const { replayPage } = await import("../../report/html/page.ts");
    const files = [];
    for (const file of operands) files.push(await fileFacts(file));
    const page = replayPage(runs, {
      command: commandLine("report", operands, options),
      versions: [`anypin ${VERSION}`, `Node.js ${process.version}`],
      files,
      damage: runs
        .filter(({ result }) => result.trace.truncated)
        .map(({ name }) => `${name}: the input could not be read to its end`),
    });
    if (out === undefined) await terminal.out(page);
    else writeText(out, page);
    return 0;
  },
};

/** What is wrong with a file that is no result. */
function unreadable(error: Error): string {
  if (error instanceof SyntaxError) return `not JSON: ${error.message}`;
  if (error instanceof RangeError) return `not a result: ${error.message}`;
  if ("code" in error) return `cannot be read (${String(error.code)})`;
  throw error;
}

/** File names without folder and ending, whole paths where that is ambiguous. */
function runNames(paths: readonly string[]): string[] {
  const short = paths.map((path) => basename(path).replace(/\.json$/, ""));
  const seen = new Map<string, number>();
  return short.map((name, i) => {
    const wanted = short.filter((other) => other === name).length > 1 ? paths[i] : name;
    const before = seen.get(wanted) ?? 0;
    seen.set(wanted, before + 1);
    return before === 0 ? wanted : `${wanted} (${before + 1})`;
  });
}
