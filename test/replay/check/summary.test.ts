/** The summary counts what the lines say: as text, as JSON, and without the lines. */
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HeaderReport, PacketReport } from "../../../replay/check/report.ts";
import { verdictClass } from "../../../replay/check/verdicts.ts";
import { runHere } from "../../support/cli.ts";
import { haveShared, sharedPath } from "../../support/project.ts";

type Counts = Record<string, number>;
/** By row of the summary: `options`, `ip sums`, `engel`. */
type Rows = Record<string, Counts>;

const add = (rows: Rows, row: string, name: string): void => {
  rows[row] ??= {};
  rows[row][name] = (rows[row][name] ?? 0) + 1;
};

const sumName = (sum: boolean | null): string =>
  sum === null ? "unknown" : sum ? "right" : "wrong";

/** What a reader of the JSON lines counts. */
function counted(lines: readonly PacketReport[], profiles: readonly string[]): Rows {
  const rows: Rows = {};
  for (const line of lines) {
    const headers: readonly HeaderReport[] = [line, ...(line.inner ?? [])];
    for (const { options, findings, checksums, verdicts } of headers) {
      for (const { name } of options) add(rows, "options", name);
      for (const { code } of findings) add(rows, "findings", code);
      add(rows, "ip sums", sumName(checksums.ip));
      add(rows, "transport", sumName(checksums.transport));
      for (const profile of profiles) {
        const verdict = verdicts[profile];
        if (verdict !== undefined) add(rows, profile, verdictClass(verdict));
      }
    }
  }
  return rows;
}

/** Rows of a summary as text; its first line has the packets. */
function rowsOf(summary: readonly string[]): Rows {
  const rows: Rows = {};
  for (const line of summary) {
    const label = line.slice(2, 13).trim();
    rows[label] = Object.fromEntries(
      line
        .slice(13)
        .split(", ")
        .map((item) => /^(.*) (\d+)$/.exec(item))
        .map((match) => [match?.[1], Number(match?.[2])]),
    );
  }
  return rows;
}

const check = async (...words: string[]) => (await runHere(["check", ...words])).out;

/** Compares the three ways to ask; returns how many packets had a line. */
async function compare(path: string, profile: string, all: boolean): Promise<number> {
  const asked = [...(all ? ["--all"] : []), "--profile", profile, path];
  const quiet = (await check("--summary", ...asked)).trimEnd().split("\n");
  const json = (await check("--json", ...asked)).trimEnd().split("\n");
  // A file that cannot be opened has neither lines nor a summary.
  if (json[0] === "") return 0;
  const lines: PacketReport[] = json.slice(0, -1).map((line) => JSON.parse(line));
  const { summary } = JSON.parse(json[json.length - 1]);
  const profiles = profile === "all" ? Object.keys(summary.verdicts) : [profile];
  const rows = counted(lines, profiles);
  const invalid = lines.filter((line) => line.invalid).length;
  assert.equal(rowsOf(quiet.slice(1)), rows, `${path}: text`);
  assert.equal(summary.options, rows.options ?? {}, `${path}: options`);
  assert.equal(summary.findings, rows.findings ?? {}, `${path}: findings`);
  assert.is(summary.invalid, invalid, `${path}: invalid`);
  // A cut may hide the options of a packet that is known to have some.
  const decoded = lines.filter((line) =>
    [line, ...(line.inner ?? [])].some(({ options }) => options.length > 0),
  );
  assert.ok(summary.withOptions >= decoded.length, `${path}: with options`);
  if (!all) assert.ok(summary.withOptions <= lines.length, `${path}: with options`);
  assert.match(quiet[0], new RegExp(` ${invalid} invalid under `));
  for (const name of profiles) assert.equal(summary.verdicts[name] ?? {}, rows[name] ?? {});
  const text = (await check(...asked)).trimEnd().split("\n");
  assert.equal(text.slice(-quiet.length), quiet, `${path}: with lines and without`);
  const packetLines = text.filter((line) => line.startsWith("#"));
  assert.is(packetLines.length, lines.length, `${path}: lines`);
  assert.is(packetLines.filter((line) => line.endsWith("  INVALID")).length, invalid);
  return lines.length;
}

if (haveShared("captures/files", "summaries beside the lines they sum up")) {
  const files = readdirSync(sharedPath("captures/files")).map((name) => `captures/files/${name}`);
  const more = ["kernel", "spec"].flatMap((folder) =>
    readdirSync(sharedPath(folder))
      .filter((name) => name.endsWith(".pcap"))
      .map((name) => `${folder}/${name}`),
  );
  const captures = [...files, ...more].map(sharedPath);

  test("for every capture with options the summary counts what its lines say", async () => {
    let withLines = 0;
    for (const path of captures) if ((await compare(path, "engel", false)) > 0) withLines++;
    assert.ok(withLines >= 69, `${withLines} captures with lines`);
  });

  test("so it does for all profiles, and for every packet", async () => {
    const odd = captures.filter((path) =>
      /\/(opt|rh|mip|v6ext|tun|fig|ipv6|linux)[^/]*$/.test(path),
    );
    for (const path of odd) await compare(path, "all", true);
  });
}

test.run();
