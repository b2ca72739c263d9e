/** What the program loads: starting is mostly loading, so the usual jobs load few files. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runProgram } from "../../support/cli.ts";
import { projectPath } from "../../support/project.ts";

/** The files of `dist/anypin` that a command line loads, by Node's own account, sorted. */
function loadedBy(words: readonly string[]): string[] {
  const into = mkdtempSync(join(tmpdir(), "anypin-loaded-"));
  const before = process.env.NODE_V8_COVERAGE ?? "";
  process.env.NODE_V8_COVERAGE = into;
  try {
    assert.is(runProgram(words).status, 0, words.join(" "));
  } finally {
    process.env.NODE_V8_COVERAGE = before;
  }
  const scripts = readdirSync(into).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(into, file), "utf8"));
    return result.map(({ url }: { url: string }) => url);
  });
  rmSync(into, { recursive: true });
  const own = scripts.filter((url) => url.includes("/dist/"));
  assert.ok(own.every((url) => url.includes("/dist/anypin/")));
  return [...new Set(own.map((url) => basename(url)))].sort();
}

const SAMPLE = projectPath("samples/web.pcap.gz");
const FIRST = ["core.js", "main.js", "program.js"];

for (const { words, more } of [
  { words: ["replay", SAMPLE, "--threads", "1"], more: ["gzip-source.js"] },
  { words: ["flows", SAMPLE, "--csv", "-", "--threads", "1"], more: ["gzip-source.js"] },
  {
    words: ["flows", SAMPLE, "--csv", "-", "--threads", "2"],
    more: ["gzip-source.js", "table-worker.js"],
  },
]) {
  test(`anypin ${words.slice(0, 1)} ${words.slice(2).join(" ")} loads ${more.length} files beside the core`, () => {
    assert.equal(loadedBy(words), [...FIRST, ...more].sort());
  });
}

test.run();
