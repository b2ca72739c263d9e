/** Captures that a program decompresses: zstd and xz. */
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TraceError } from "../../../traces/errors.ts";
import { openTrace } from "../../../traces/open.ts";
import { announceSkip } from "../../support/project.ts";
import { readPackets } from "../../support/read-packets.ts";
import { capture, sameAsCapture, sourceFiles } from "../../support/source-files.ts";

const files = sourceFiles();
const { folder, put } = files;
test.after(() => files.remove());

for (const program of ["zstd", "xz"]) {
  test(`${program} is told by content and decompressed by the program`, async () => {
    const packed = spawnSync(program, ["-c"], { input: capture, maxBuffer: 1 << 24 });
    if (packed.error) return announceSkip(`reading ${program}`, `no ${program} here`);
    const path = put(`packed-${program}`, packed.stdout);
    sameAsCapture(await readPackets(await openTrace([path])));
    const cut = put(`cut-${program}`, packed.stdout.subarray(0, packed.stdout.length - 2000));
    const trace = await openTrace([cut]);
    const packets = await readPackets(trace);
    sameAsCapture(packets, packets.length);
    assert.is(trace.damage[0].expected, `whole ${program} data`);
    const nothing = put(`begun-${program}`, packed.stdout.subarray(0, 20));
    const refused = await openTrace([nothing]).then(String, String);
    assert.match(refused, `begun-${program}: byte 0, packet 1: expected whole ${program} data`);
  });

  test(`without the program, a ${program} file is refused with what is missing`, async () => {
    const magic = program === "zstd" ? "28b52ffd00000000" : "fd377a585a000000";
    const path = put(`empty-${program}`, Buffer.from(magic, "hex"));
    const before = process.env.PATH;
    process.env.PATH = folder;
    try {
      await openTrace([path]);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, TraceError);
      assert.match((error as Error).message, `the program ${program}, to decompress this file`);
    } finally {
      process.env.PATH = before;
    }
  });
}

test("many captures that programs decompress are read without a word from Node", async () => {
  const packed = spawnSync("zstd", ["-c"], { input: capture });
  if (packed.error) return announceSkip("many compressed captures", "no zstd");
  const names = Array.from({ length: 12 }, (_, i) => put(`many-${i}.zst`, packed.stdout));
  const warnings: string[] = [];
  const note = ({ name }: Error) => warnings.push(name);
  process.on("warning", note);
  const trace = await openTrace(names, { signal: new AbortController().signal });
  for await (const _ of trace);
  await new Promise(setImmediate);
  process.off("warning", note);
  assert.equal([trace.packets, warnings], [12 * 3000, []]);
});

test.run();
