/** What one can ask of `anypin check`: which lines, how much on each, in which words, and wrongly. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PacketReport } from "../../../replay/check/report.ts";
import {
  capture,
  check,
  folder,
  linesOf,
  misaligned,
  plain,
  routed,
} from "../../support/check-command.ts";

test("--all reports packets without options too", async () => {
  const path = capture("all.pcap", [plain, routed]);
  const lines = linesOf((await check("--json", "--all", path)).out);
  assert.equal(
    lines.slice(0, -1).map((line) => (line as PacketReport).packet),
    [1, 2],
  );
});

test("--verbose draws the bytes with a mark under the one at fault", async () => {
  const path = capture("ruler.pcap", [misaligned]);
  const { out } = await check("--verbose", path);
  const lines = out.split("\n");
  const mark = lines.findIndex((line) => line.includes("^^ pointer-not-on-slot"));
  assert.ok(mark > 0);
  assert.is(lines[mark - 1].slice(lines[mark].indexOf("^^"), lines[mark].indexOf("^^") + 2), "06");
});

test("lines say which packets made the status 1", async () => {
  const path = capture("which.pcap", [routed, misaligned]);
  const invalid = async (profile: string) =>
    (linesOf((await check("--json", "--profile", profile, path)).out) as PacketReport[])
      .slice(0, -1)
      .map((line) => line.invalid);
  assert.equal(await invalid("engel"), [false, true]);
  assert.equal(await invalid("linux"), [false, false]);
  const { out } = await check(path);
  assert.equal(
    out
      .split("\n")
      .map((line) => line.endsWith("  INVALID"))
      .slice(0, 2),
    [false, true],
  );
});

test("--quiet keeps stderr empty and every line on stdout", async () => {
  const path = capture("quiet.pcap", [routed, routed]);
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, whole.length - 5));
  const loud = await check("--json", path);
  const quiet = await check("--json", "--quiet", path);
  assert.equal([quiet.out, quiet.status, quiet.err], [loud.out, 3, ""]);
  assert.is.not(loud.err, "");
});

test("--verbose says why each kernel does what it does", async () => {
  const { out } = await check("--verbose", "--profile", "all", capture("why.pcap", [misaligned]));
  assert.match(out, /\n {4}engel: RFC 791 [^\n]*\n {4}linux: /);
  assert.not.match((await check(join(folder, "why.pcap"))).out, /engel: RFC/);
});

test("wrong command lines are refused with status 2", async () => {
  const twice = await check("-", "-");
  assert.is(twice.status, 2);
  assert.match(twice.err, /standard input can be read once/);
  assert.is((await check()).status, 2);
  assert.is((await check("--profile", "minix", "x.pcap")).status, 2);
  assert.is((await check(join(folder, "missing.pcap"))).status, 3);
});

test.run();
