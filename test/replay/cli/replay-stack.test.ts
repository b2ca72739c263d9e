/** `anypin replay --engine stack` as a user types it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DESIGNS } from "../../../replay/designs/index.ts";
import { runHere } from "../../support/cli.ts";
import { projectPath } from "../../support/project.ts";

const SAMPLE = projectPath("samples/web.pcap.gz");
const folder = mkdtempSync(join(tmpdir(), "anypin-stack-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const stack = (...more: string[]) =>
  runHere(["replay", SAMPLE, "--engine", "stack", "--quiet", ...more]);

test("--json has the outcome of each policy beside what the flow engine says of it", async () => {
  const { status, out } = await stack("--policy", "rr,hash", "--pin", "none", "--json");
  assert.is(status, 0);
  const { experiment, policies } = JSON.parse(out);
  assert.equal(
    [experiment.engine, experiment.pin, experiment.client, experiment.scenario],
    ["stack", "none", "engel", "default"],
  );
  const [inTurn, hashed] = policies;
  assert.ok(inTurn.outcome.reset > 5000 && inTurn.connections.imbalance.windows > 100);
  assert.is(hashed.outcome.completed, 5496);
  for (const { outcome } of policies) {
    const { completed, reset, timedOut, neverOpened, ...rest } = outcome;
    assert.is(completed + reset + timedOut + neverOpened, 5496);
    for (const key of ["pccViolations", "splitSyns", "misdeliveredIcmp", "optionBytes"]) {
      assert.type(rest[key], "number", key);
    }
  }
});

test("--csv has a row for each run, whose numbers are those of --json", async () => {
  const csv = join(folder, "csv");
  const clients = ["--client", "engel:0.2,stock:0.8"];
  const { out } = await stack("--policy", "rr,hash", ...clients, "--csv", csv, "--json");
  const text = readFileSync(join(csv, "outcomes.csv"), "utf8");
  const [head, ...rows] = text.trimEnd().split("\n");
  const first = "design,policy,client,connections,completed,untouched,reset,timed_out,never_opened";
  assert.ok(head.startsWith(`${first},pcc_violations,`), head);
  const { policies } = JSON.parse(out);
  assert.is(rows.length, 2);
  for (const [i, { name, outcome: o }] of policies.entries()) {
    const ends = [o.completed, o.untouched, o.reset, o.timedOut, o.neverOpened, o.pccViolations];
    const begin = `plain,${name},"engel:0.2,stock:0.8",5496,${ends.join(",")},`;
    assert.ok(rows[i].startsWith(begin), `${rows[i]} is not ${begin}`);
  }
});

test("--explain tells a broken connection by its packets at both ends, options decoded", async () => {
  const more = ["--scenario", "figure2-multihomed", "--pin", "transmit", "--explain", "1"];
  const { out } = await stack(...more);
  assert.match(out, /: timed out \(no answer\), held by server \d/);
  assert.match(
    out,
    /server \d {2}sends .*\[S\.\], seq 0, ack 1, length 0 {2}\{NOP; LSRR \{198\.18\.128\.\d>>\}\}/,
  );
  assert.match(out, /client {4}gets .*\[S\.\]/);
  assert.match(out, /client {4}gets .*ICMP type 3 code 0/);
});

test("nothing broken is nothing explained", async () => {
  const { out } = await stack("--policy", "hash", "--explain", "1", "--json");
  assert.is(JSON.parse(out).explained, null);
});

test("the table tells the scenario, when its events were, and what its loads are not", async () => {
  const more = ["--scenario", "server-failure", "--policy", "hash", "--explain", "5496"];
  const { out } = await stack(...more);
  assert.match(
    out,
    "Scenario server-failure: fail server 2 after 1 min 36 s; restart server 2 after 2 min 47 s\n",
  );
  assert.match(
    out,
    /Loads are those of the policies' choices[\s\S]*What became of 5,496 connections/,
  );
  assert.match(out, "Nothing to explain: 31 connections broke at most, in one run.");
  const plain = await stack("--policy", "hash", "--explain", "1");
  assert.not.match(plain.out, "Scenario");
  assert.match(plain.out, "Nothing to explain: no connection broke.");
});

test("what a scenario names, options override", async () => {
  const more = ["--scenario", "route-change", "--policy", "rr", "--client", "filtering:2,stock:2"];
  const { out } = await stack(...more, "--design", "plain", "--servers", "3", "--json");
  const { experiment, policies } = JSON.parse(out);
  assert.equal([experiment.scenario, experiment.servers], ["route-change", 3]);
  assert.equal(
    policies.map(({ name }: { name: string }) => name),
    ["round-robin"],
  );
  assert.is(policies[0].outcomes.length, 1);
  assert.is(policies[0].outcome.client, "filtering:0.5,stock:0.5");
});

test("--design takes each design once, in the order given, and all of them by one word", async () => {
  const designsOf = async (list: string) => {
    const { out } = await stack("--policy", "hash", "--design", list, "--json");
    const [{ outcomes }] = JSON.parse(out).policies;
    return outcomes.map(({ design }: { design: string }) => design);
  };
  assert.equal(await designsOf("pinned-receive,plain,plain"), ["pinned-receive", "plain"]);
  assert.equal(await designsOf("rfc1546,all"), [
    "rfc1546",
    ...DESIGNS.map(({ name }) => name).filter((name) => name !== "rfc1546"),
  ]);
});

test("a scenario of one's own is read, and what is wrong with it is told with path and line", async () => {
  const file = join(folder, "mine.json");
  writeFileSync(file, '{\n  "designs": ["plain"],\n  "servers": 0\n}');
  const { status, err } = await stack("--scenario", file);
  assert.is(status, 2);
  assert.match(err, /mine\.json: line 3: servers: expected a whole number of 1 to 4096; found 0/);
});

test("a file that is named as bundled scenarios are is not passed over in silence", async () => {
  writeFileSync(join(folder, "mine"), "{}");
  const before = process.cwd();
  process.chdir(folder);
  const { status, err } = await stack("--scenario", "mine").finally(() => process.chdir(before));
  assert.is(status, 2);
  assert.match(err, 'found "mine"; did you mean "./mine"?');
});

const WRONG: [string[], RegExp][] = [
  [
    ["--scenario", "route-chance"],
    /--scenario: expected a file, or .*route-change.*found "route-chance"/,
  ],
  [["--scenario", "nowhere/x.json"], /--scenario: nowhere\/x.json cannot be read \(ENOENT\)/],
  [
    ["--scenario", "server-failure", "--servers", "1"],
    /--servers: scenario server-failure has an event for server 2/,
  ],
  [["--design", "pined"], /--design: expected plain, .*; found "pined"/],
  [["--design", "plain", "--pin", "none"], /--design and --pin say the same thing/],
  [["--client", "bsd44:1,engle:2"], /--client: .*; found "engle"; did you mean "engel"\?/],
  [["--explain", "0"], /--explain/],
  [["--tap", "clients"], /--tap: expected POINT=FILE; found "clients"/],
];

for (const [words, message] of WRONG) {
  test(`refuses '${words.join(" ")}' with status 2`, async () => {
    const { status, err, out } = await stack(...words);
    assert.equal([status, out], [2, ""]);
    assert.match(err, message);
  });
}

test.run();
