/** `anypin report`: results side by side, and results that are none. */
import { writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ReplayResult } from "../../../replay/result.ts";
import { runHere } from "../../support/cli.ts";
import { figuresOf, sampleResult } from "../../support/report.ts";
import { temporary } from "../../support/temporary.ts";

const files = temporary();
const five = await sampleResult("--policy", "hash,lc");
const eight = await sampleResult("--policy", "hash,lc", "--servers", "8");
const write = (name: string, value: unknown): string => {
  const path = files.path(name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
};
const paths = [write("five.json", five), write("eight.json", eight)];
test.after(() => files.remove());

test("runs stand side by side: the same figures, one colour a run", async () => {
  const { status, out, err } = await runHere(["report", ...paths]);
  assert.is(status, 0, err);
  const series = figuresOf(out).find(({ id }) => id === "figure-4a")?.modes[0].series ?? [];
  assert.equal(
    series.map(({ name, color }) => [name, color]),
    [
      ["five: hash", 0],
      ["five: least-connection", 0],
      ["eight: hash", 1],
      ["eight: least-connection", 1],
      ["five: closed form", 0],
      ["eight: closed form", 1],
    ],
  );
  const bytes = figuresOf(out).find(({ id }) => id === "figure-3-bytes");
  assert.equal(
    bytes?.modes[0].series.map(({ name }) => name),
    ["five", "eight"],
  );
  assert.match(out, "<b>eight: hash</b>");
});

test("the page goes where --out says, JSON to stdout, and never into a terminal", async () => {
  const to = files.path("both.html");
  const ran = await runHere(["report", ...paths, "--out", to, "--json"]);
  assert.is(ran.status, 0, ran.err);
  assert.match(files.read("both.html"), "<!doctype html>");
  assert.equal(
    JSON.parse(ran.out).runs.map(({ name }: { name: string }) => name),
    ["five", "eight"],
  );
  const shown = await runHere(["report", ...paths], undefined, { columns: 80 });
  assert.is(shown.status, 2);
  assert.match(shown.err, "--out FILE.html");
});

test("runs of either engine stand side by side, with the broken connection of one", async () => {
  const stack = await sampleResult("--engine", "stack", "--policy", "rr", "--explain", "1");
  const { status, out, err } = await runHere(["report", write("stack.json", stack), paths[1]]);
  assert.is(status, 0, err);
  assert.match(out, "5,492 × ECONNRESET");
  assert.match(out, "A connection that broke");
  const garbled = { ...stack, explained: { ...stack.explained, packets: [{ time: "soon" }] } };
  const refused = await runHere(["report", write("garbled.json", garbled)]);
  assert.is(refused.status, 3);
  assert.match(refused.err, 'explained.packets[0].time: expected a number; found "soon"');
});

const broken = (change: (result: ReplayResult) => unknown): unknown =>
  change(structuredClone(five)) ?? five;
const REFUSED: [string, unknown, string][] = [
  ["no JSON", "{", "not JSON"],
  ["a number", "4", "the whole: expected an object; found 4"],
  ["another program's JSON", "{}", "tool: expected an object; found nothing"],
  [
    "a missing number",
    broken((r) => JSON.parse(JSON.stringify(r).replace('"p95":', '"q95":'))),
    "policies[0].connections.imbalance.p95: expected a number; found nothing",
  ],
  [
    "a text where a number belongs",
    broken((r) => ({ ...r, experiment: { ...r.experiment, servers: "five" } })),
    'experiment.servers: expected a number; found "five"',
  ],
  [
    "fewer servers than it says",
    broken((r) => ({ ...r, experiment: { ...r.experiment, servers: 6 } })),
    "policies[0].servers: expected 6 servers; found 5",
  ],
];
for (const [what, value, message] of REFUSED) {
  test(`refuses ${what}, and says where`, async () => {
    const path = write("broken.json", value);
    const { status, out, err } = await runHere(["report", paths[0], path]);
    assert.is(status, 3);
    assert.is(out, "");
    assert.ok(err.includes(path) && err.includes(message), err);
  });
}

test("a result that cannot be read is named, with status 3 like any other input", async () => {
  for (const [path, why] of [
    [files.path("none.json"), "ENOENT"],
    [files.folder, "EISDIR"],
  ]) {
    const { status, err } = await runHere(["report", path]);
    assert.is(status, 3);
    assert.is(err, `anypin report: ${path}: cannot be read (${why})\n`);
  }
});

test.run();
