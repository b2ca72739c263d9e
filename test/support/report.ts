/** Results and pages for the tests of reports. */
import { csvFiles } from "../../replay/report/csv.ts";
import type { Figure } from "../../replay/report/html/figure.ts";
import type { Provenance } from "../../replay/report/html/run.ts";
import type { ReplayResult } from "../../replay/result.ts";
import { runHere } from "./cli.ts";
import { projectPath } from "./project.ts";

const SAMPLE_NAME = "samples/web.pcap.gz";
export const SAMPLE = projectPath(SAMPLE_NAME);

export const PROVENANCE: Provenance = {
  command: "anypin replay web.pcap.gz",
  versions: ["anypin 0"],
  files: [{ name: "web.pcap.gz", bytes: 1, sha256: "00" }],
  damage: [],
};

/**
 * What `anypin replay --json` says of the sample, with these options, as if asked in the project's
 * root: a page that shows where a clone lies has another height in every clone.
 */
export async function sampleResult(...options: string[]): Promise<ReplayResult> {
  const { out, err } = await runHere(["replay", SAMPLE, "--json", "--quiet", ...options]);
  if (!out) throw new Error(err);
  return JSON.parse(out.replaceAll(SAMPLE, SAMPLE_NAME));
}

/** The figures that a page carries as data. */
export function figuresOf(page: string): Figure[] {
  const [, text] = /id="figures">(.*)<\/script>/.exec(page) ?? [];
  return JSON.parse(text ?? "[]");
}

/** A CSV table of the result, as rows of words. */
export function csvTable(result: ReplayResult, name: string): string[][] {
  const text = csvFiles(result).find((file) => file.name === name)?.text ?? "";
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
}
