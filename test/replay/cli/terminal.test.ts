/** The program in a real terminal: progress, colours, width, Ctrl-C, a closed pipe. */
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { programPath } from "../../support/cli.ts";
import { projectPath } from "../../support/project.ts";
import { SAMPLE } from "../../support/report.ts";
import { temporary } from "../../support/temporary.ts";

const ANYPIN = `${process.execPath} ${programPath}`;
const ESCAPE = "\u001b";

interface Seen {
  status: number;
  output: string;
}

/** What a terminal of that many columns shows of a shell's command line. */
function inTerminal(
  line: string,
  {
    columns = 100,
    interruptAfter = "-" as string | number,
    env = {} as Record<string, string>,
  } = {},
): Seen {
  const { NO_COLOR: _, ...rest } = process.env;
  const helper = projectPath("test/support/in-terminal.py");
  const words = [helper, String(columns), String(interruptAfter), "bash", "-c", line];
  const ran = spawnSync("python3", words, {
    encoding: "utf8",
    env: { ...rest, TERM: "xterm", ...env },
    maxBuffer: 1 << 26,
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout);
}

/** Without colours and carriage returns. */
const plain = (text: string): string =>
  text.replaceAll("\r\n", "\n").replace(new RegExp(`${ESCAPE}\\[[0-9;]*[mK]`, "g"), "");

if (spawnSync("python3", ["--version"]).error) {
  console.log("SKIPPED the terminal: no python3 to make a pseudo-terminal with");
} else {
  test("titles and bars have colours in a terminal, not with NO_COLOR or a dumb one", () => {
    const line = `${ANYPIN} replay ${SAMPLE}`;
    const { status, output } = inTerminal(line);
    assert.is(status, 0);
    assert.match(output, `${ESCAPE}[1mActive connections`);
    assert.match(output, `${ESCAPE}[36m█`);
    const stack = inTerminal(`${line} --engine stack --pin transmit --policy hash`).output;
    assert.match(stack, `${ESCAPE}[1mWhat became of`);
    assert.match(stack, "\nClients of profile engel", "sentences are no titles");
    const narrow = `${line} --engine stack --design connection-router --policy rr`;
    const shown = plain(inTerminal(narrow, { columns: 72 }).output);
    assert.match(shown, /completed +untouched +reset +timed out +never open\n/);
    assert.match(shown, /\n {2}connection-router, round-robin, engel\n +all +all +0 +0 +0\n/);
    for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
      assert.not.match(inTerminal(line, { env }).output, `${ESCAPE}[`);
    }
    assert.not.match(inTerminal(`${line} | cat`).output, `${ESCAPE}[`);
  });

  test("the table fits terminals of 40 to 200 columns", () => {
    for (const columns of [40, 53, 80, 100, 133, 200]) {
      const shown = plain(inTerminal(`${ANYPIN} replay ${SAMPLE}`, { columns }).output);
      const widest = Math.max(...shown.split("\n").map((line) => line.length));
      assert.ok(widest <= columns, `${widest} in ${columns}`);
      for (const word of ["least-connection", "p50", "Load over time", "▇"]) {
        assert.match(shown, word, `${columns}`);
      }
      assert.is(shown.includes("under 50 %"), columns >= 80, `${columns}`);
    }
  });

  test("long work shows a bar with rate and time left, and takes it away", () => {
    const files = temporary();
    const out = files.path("x.flows");
    const line = `${ANYPIN} generate --profile poisson --connections 8000000 --out ${out}`;
    const { status, output } = inTerminal(line);
    files.remove();
    assert.is(status, 0);
    assert.match(output, /generate █+░+ \d+ % {2}[\d.]+ [kM]B\/s {2}\d+ s left/);
    assert.match(output, `\r${ESCAPE}[K${out}`);
    const quiet = inTerminal(`${ANYPIN} replay ${SAMPLE} --quiet`);
    assert.not.match(quiet.output, "░");
  });

  test("Ctrl-C reports what was read until then", () => {
    const slow = `(head -c 1000000 ${SAMPLE}; trap '' INT; sleep 3)`;
    const { status, output } = inTerminal(`${slow} | ${ANYPIN} replay -`, { interruptAfter: 2 });
    const shown = plain(output);
    assert.match(shown, "interrupted; this is what was read until then");
    assert.match(shown, /[\d,]+ connections .* of \d+ clients/);
    assert.match(shown, "least-connection");
    assert.is(status, 3);
  });

  test("a reader that goes away ends it quietly", () => {
    const line = `set -o pipefail; ${ANYPIN} flows --json ${SAMPLE} | head -1`;
    const { status, output } = inTerminal(line);
    assert.is(status, 0);
    assert.is(output.trimEnd().split("\n").length, 1, output.slice(0, 500));
  });
}

test.run();
