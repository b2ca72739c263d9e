/** What is begun before a command is loaded. */

import { truncateSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { beginTable, threadsFor } from "../../../replay/cli/ahead.ts";
import { dropTableProgram } from "../../../traces/threads/table-program.ts";
import { projectPath } from "../../support/project.ts";
import { temporary } from "../../support/temporary.ts";

const files = temporary();
test.after(() => files.remove());

const SMALL = projectPath("samples/web.pcap.gz");
/** Large enough for a thread, where there is a core for it; nothing of it is read. */
const LARGE = files.path("large");
writeFileSync(LARGE, "");
truncateSync(LARGE, 16_000_000);
const cores = availableParallelism();

for (const [words, begins] of [
  [[SMALL], false],
  [[LARGE], cores > 1],
  [[LARGE, "--threads", "1"], false],
  [[SMALL, "--threads", "2"], true],
  [[SMALL, "--threads=3"], true],
  [[SMALL, "--threads", "1"], false],
  [["missing.pcap"], false],
  [["x".repeat(300)], false],
  [["\0"], false],
  [["--threads"], false],
  [["--threads", "many"], false],
] as const) {
  test(`${begins ? "a" : "no"} thread is begun for ${words.join(" ").slice(-40)}`, async () => {
    assert.is((await beginTable(words)) !== null, begins);
    await dropTableProgram();
  });
}

test("as many threads are used as was told, else all cores for what is worth it", () => {
  assert.equal(
    [threadsFor(0, 3), threadsFor(1e9, 1), threadsFor(15_999_999, null), threadsFor(16e6, null)],
    [3, 1, 1, cores],
  );
});

test.run();
