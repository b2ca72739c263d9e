/** A thread that is begun before it is known what for. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { beginTable } from "../../../replay/cli/ahead.ts";
import {
  beginTableProgram,
  dropTableProgram,
  isTableBegun,
  takeTableProgram,
} from "../../../traces/threads/table-program.ts";
import { projectPath } from "../../support/project.ts";

const SMALL = projectPath("samples/web.pcap.gz");

test("the thread that was begun is the one that is taken, and is taken once", async () => {
  beginTableProgram();
  assert.ok(isTableBegun());
  const first = takeTableProgram();
  assert.not(isTableBegun());
  const second = takeTableProgram();
  assert.is.not(first.worker, second.worker);
  await Promise.all([first.worker.terminate(), second.worker.terminate()]);
});

test("a thread that nobody needs is ended", async () => {
  beginTableProgram();
  await dropTableProgram();
  assert.not(isTableBegun());
});

for (const [words, begins] of [
  [[SMALL], false],
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
    await beginTable(words);
    assert.is(isTableBegun(), begins);
    await dropTableProgram();
  });
}

test.run();
