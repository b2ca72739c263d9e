/** Captures on a command line, more of them than a process may have files open. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pcapBytes } from "../../support/capture-builder.ts";
import { programPath } from "../../support/cli.ts";
import { ipv4, udp } from "../../support/segment.ts";
import { temporary } from "../../support/temporary.ts";

const files = temporary();
test.after(() => files.remove());

test("hundreds of captures in a row are read by a process that may open 100 files", () => {
  const names = Array.from({ length: 250 }, (_, i) => {
    const data = ipv4(udp(1024 + i, 53, 10), { protocol: 17 });
    const seconds = 1_700_000_000 + i;
    writeFileSync(
      files.path(`${i}`),
      pcapBytes([{ seconds, fraction: 0, data }], { linkType: 101 }),
    );
    return files.path(`${i}`);
  });
  const line = 'ulimit -n 100 && exec "$0" "$@"';
  const words = ["-c", line, process.execPath, programPath, "flows", "--csv", "-", ...names];
  const { status, stdout, stderr } = spawnSync("bash", words, { encoding: "utf8" });
  assert.equal([status, stderr], [0, ""]);
  assert.is(stdout.trimEnd().split("\n").length, 1 + names.length);
});

test.run();
