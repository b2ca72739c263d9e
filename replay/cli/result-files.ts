/** Files that `anypin replay` writes its result to: made sure of before the reading, written after it. */
import { join } from "node:path";
import { writeText } from "../../traces/output-file.ts";
import type { ReplayResult } from "../result.ts";
import type { OptionValues } from "./command.ts";
import { stringOption } from "./option-values.ts";
import { distinctOutputs, makeFolder, probeOutput } from "./outputs.ts";
import { tapOptions } from "./stack-options.ts";
import type { TraceInput } from "./trace-input.ts";

/**
 * A place that cannot be written to is better known before the reading than after it.
 * @throws {UsageError} when two of the files or one and an input are the same; the system's error
 */
export function claimFiles(operands: readonly string[], options: OptionValues): void {
  const directory = stringOption(options, "csv");
  const report = stringOption(options, "report");
  distinctOutputs(operands, [
    ["--csv", directory],
    ["--report", report],
    ...tapOptions(options).map(({ option, path }) => [option, path] as const),
  ]);
  if (directory !== undefined) makeFolder(directory);
  if (report !== undefined) probeOutput(report);
}

/** Writes the tables of `--csv` and the page of `--report`; `wrote` is told of either in words. */
export async function writeFiles(
  result: ReplayResult,
  operands: readonly string[],
  options: OptionValues,
  input: TraceInput,
  wrote: (what: string) => void,
): Promise<void> {
  const directory = stringOption(options, "csv");
  if (directory !== undefined) {
    const { csvFiles } = await import("../report/csv.ts");
    const tables = csvFiles(result);
    for (const { name, text } of tables) writeText(join(directory, name), text);
    wrote(`${tables.length} tables into ${directory}`);
  }
  const report = stringOption(options, "report");
  if (report !== undefined) {
    const { replayPage } = await import("../report/html/page.ts");
    const { commandLine, provenanceOf } = await import("./provenance.ts");
    const command = commandLine("replay", operands, options);
    const provenance = await provenanceOf(command, operands, input);
    writeText(report, replayPage([{ name: operands.join(" "), result }], provenance));
    wrote(`${report}, a page for any browser`);
  }
}
