/** Generated captures before tshark: checksums, streams, nothing malformed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PROFILES } from "../../../traces/synthetic/profiles.ts";
import { runHere } from "../../support/cli.ts";
import { announceSkip } from "../../support/project.ts";

const haveTshark = spawnSync("tshark", ["--version"]).status === 0;
if (!haveTshark) announceSkip("tshark on generated captures", "tshark is not installed");

/** One value a packet that `filter` lets through. */
function tshark(file: string, filter: string, field: string): string[] {
  const options = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];
  const words = ["-r", file, ...options, "-Y", filter, "-T", "fields", "-e", field];
  const { stdout, status, stderr } = spawnSync("tshark", words, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  assert.is(status, 0, stderr);
  return stdout.split("\n").filter((line) => line !== "");
}

for (const { name } of haveTshark ? PROFILES : []) {
  test(`${name}: tshark finds every checksum right and as many streams as connections`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "anypin-generated-"));
    const file = join(folder, "t.pcap");
    try {
      await runHere(["generate", "--profile", name, "--connections", "500", "--out", file]);
      const wrong = "tcp.checksum.status != 1 or ip.checksum.status != 1 or _ws.malformed";
      assert.equal(tshark(file, wrong, "frame.number"), []);
      assert.is(new Set(tshark(file, "tcp", "tcp.stream")).size, 500);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test("without tshark this file says so", () => {
  assert.type(haveTshark, "boolean");
});

test.run();
