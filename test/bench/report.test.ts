/** How measurements are summed up and shown. */
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { kept, median, type Report } from "../../bench/bench.ts";
import { benches } from "../../bench/benches.ts";
import { measureCommands, runCommand } from "../../bench/measure.ts";
import { describeReport } from "../../bench/print.ts";
import { projectPath } from "./../support/project.ts";

test("the median of an odd and of an even number of runs", () => {
  assert.is(median([3, 1, 2]), 2);
  assert.is(median([4, 1, 3, 2]), 2.5);
});

test("every benchmark file stands in the registry, under the name of its file", () => {
  const files = readdirSync(projectPath("bench"))
    .filter((name) => name.endsWith(".bench.ts"))
    .map((name) => name.replace(".bench.ts", ""));
  assert.equal(benches.map((bench) => bench.name).sort(), files.sort());
});

test("a report shows median, spread, rate, ratio, claims and commands", () => {
  const row = (what: string, seconds: number[]) => ({
    what,
    command: `run ${what}`,
    seconds,
    cpuSeconds: 0.5,
    peakBytes: 64 * 2 ** 20,
    amount: 1_000_000,
  });
  const report: Report = {
    work: "a million packets",
    unit: "packets",
    rows: [row("ours", [0.2, 0.1, 0.3]), row("theirs", [0.4])],
    beside: "theirs",
    claims: [
      { text: "ours / theirs", measured: 0.5, wanted: 1.3, side: "at most" },
      { text: "rate", measured: 5, wanted: 50, side: "at least" },
    ],
    skipped: ["other: not installed"],
  };
  const text = describeReport("sample", report);
  assert.match(text, /ours +200 ms +100 ms – 300 ms +500 ms +64 MiB +5\.00 M\/s +0\.50/);
  assert.match(text, /kept +ours \/ theirs: 0\.50, wanted at most 1\.3/);
  assert.match(text, /MISSED +rate: 5\.00, wanted at least 50/);
  assert.match(text, /SKIPPED other: not installed/);
  assert.match(text, /theirs: run theirs/);
  assert.equal(report.claims.map(kept), [true, false]);
});

test("a command that fails is an error that says what it said", () => {
  assert.throws(() => runCommand("echo lost >&2; exit 3"), /ended with 3: lost/);
});

test("commands are measured in turn, no oftener than they allow", () => {
  const order: string[] = [];
  const rows = measureCommands(
    [
      { what: "a", command: "true", amount: 1 },
      { what: "b", command: "echo 7", amount: 1, atMost: 1, own: Number },
    ],
    2,
    (text) => order.push(text),
  );
  assert.equal(order, ["run 1 of 2: a", "run 1 of 2: b", "run 2 of 2: a"]);
  assert.is(rows[0].seconds.length, 2);
  assert.equal(rows[1].seconds, [7]);
});

test.run();
