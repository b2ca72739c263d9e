/** `anypin replay` on the project's own sample. */
import { spawn } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { POLICIES } from "../../../replay/policies/index.ts";
import type { ReplayResult } from "../../../replay/result.ts";
import { programPath, runHere, runProgram } from "../../support/cli.ts";
import { matchesGolden } from "../../support/golden.ts";
import { projectPath } from "../../support/project.ts";

const SAMPLE = projectPath("samples/web.pcap.gz");
const folder = mkdtempSync(join(tmpdir(), "anypin-replay-"));
test.after(() => rmSync(folder, { recursive: true }));

const replayJson = async (...words: string[]): Promise<ReplayResult> => {
  const ran = await runHere(["replay", SAMPLE, "--json", ...words]);
  assert.is(ran.status, 0, ran.err);
  return JSON.parse(ran.out);
};

test("the sample's table is the one a reviewer has seen", async () => {
  const ran = await runHere(["replay", SAMPLE]);
  assert.equal([ran.status, ran.err], [0, ""]);
  const lines = ran.out.replace(SAMPLE, "samples/web.pcap.gz");
  assert.equal(
    lines.split("\n").filter((line) => line.length > 100),
    [],
  );
  matchesGolden("replay/sample-table.txt", lines);
});

test("--json has the stable part of every policy, and its sums agree with the trace", async () => {
  const result = await replayJson();
  const { trace, experiment, policies } = result;
  assert.equal(result.tool.name, "anypin");
  assert.equal([trace.format, trace.truncated, trace.files], ["pcap", false, [SAMPLE]]);
  assert.match(trace.start ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  assert.equal(
    [experiment.engine, experiment.servers, experiment.windowSeconds, experiment.seed],
    ["flow", 5, 0.5, 1],
  );
  assert.equal([experiment.pin, experiment.client], ["none", "engel"]);
  assert.equal(
    policies.map((policy) => policy.name),
    POLICIES.map((policy) => policy.name),
  );
  for (const policy of policies) {
    assert.match(policy.assignments, /^sha256:[0-9a-f]{64}$/);
    const total = (pick: (server: (typeof policy.servers)[number]) => number) =>
      policy.servers.reduce((sum, server) => sum + pick(server), 0);
    assert.is(
      total((server) => server.connections),
      trace.connections,
    );
    assert.is(
      total((server) => server.payloadBytes),
      trace.payloadBytes,
    );
    for (const { imbalance } of [policy.connections, policy.bytes]) {
      assert.ok(imbalance.windows > 400);
      const { p50, p95, p99, max } = imbalance;
      assert.ok(0 <= p50 && p50 <= p95 && p95 <= p99 && p99 <= max && max <= 5);
    }
    const inSeries = policy.load.bytes.flat().reduce((sum, bytes) => sum + bytes, 0);
    assert.is(inSeries, trace.payloadBytes);
  }
});

test("the same seed gives the same bytes, another seed other random picks", async () => {
  const words = ["replay", SAMPLE, "--json", "--policy", "random,rr"];
  assert.is((await runHere(words)).out, (await runHere(words)).out);
  const other = await replayJson("--seed", "2", "--policy", "random,rr");
  const first = await replayJson("--policy", "random,rr");
  assert.is.not(other.policies[0].assignments, first.policies[0].assignments);
  assert.is(other.policies[1].assignments, first.policies[1].assignments);
});

test("a policy's picks do not depend on which others run beside it", async () => {
  const alone = await replayJson("--policy", "random");
  const all = await replayJson();
  assert.is(alone.policies[0].assignments, all.policies[1].assignments);
});

test("--bytes chooses layer and direction", async () => {
  const sum = (result: ReplayResult) =>
    result.policies[0].load.bytes.flat().reduce((total, bytes) => total + bytes, 0);
  const both = sum(await replayJson("--bytes", "wire", "--policy", "rr"));
  const toServers = sum(await replayJson("--bytes", "wire,in", "--policy", "rr"));
  const fromServers = sum(await replayJson("--bytes", "wire,out", "--policy", "rr"));
  const payload = sum(await replayJson("--policy", "rr"));
  assert.is(toServers + fromServers, both);
  assert.ok(payload < both && toServers < fromServers);
});

test("--service keeps one service's connections", async () => {
  const { trace } = await replayJson("--service", "10.255.255.1:80");
  assert.is(trace.connections, 0);
  const { err } = await runHere(["replay", SAMPLE, "--service", "10.255.255.1:80"]);
  assert.match(err, "no connection of the --service that was asked for");
});

test("a name with control characters does not reach the terminal as it is", async () => {
  const name = join(folder, "a\u001b[31mred.pcap.gz");
  copyFileSync(SAMPLE, name);
  const found = await runHere(["replay", name]);
  const missing = await runHere(["replay", `${name}.not`]);
  for (const text of [found.out, missing.err]) {
    assert.not.match(text, "\u001b[31m");
    assert.match(text, "a\\x1b[31mred.pcap.gz");
  }
});

test("--csv writes the figures, whose PDFs sum to 1 and whose CDFs end there", async () => {
  const dir = join(folder, "csv");
  const ran = await runHere(["replay", SAMPLE, "--csv", dir, "--quiet"]);
  assert.is(ran.status, 0);
  const names = readdirSync(dir).sort();
  assert.equal(names, [
    "figure-3-bytes.csv",
    "figure-3-holding-time.csv",
    "figure-4a-cdf.csv",
    "figure-4a-pdf.csv",
    "figure-4b-cdf.csv",
    "figure-4b-pdf.csv",
    "load.csv",
    "servers.csv",
    "summary.csv",
  ]);
  for (const name of names) {
    const [head, ...rows] = readFileSync(join(dir, name), "utf8").trimEnd().split("\n");
    const columns = head.split(",");
    assert.ok(
      rows.length > 3 && rows.every((row) => row.split(",").length === columns.length),
      name,
    );
    const column = (title: string) =>
      rows.map((row) => Number(row.split(",")[columns.indexOf(title)]));
    const near = (a: number) => assert.ok(Math.abs(a - 1) < 1e-6, `${name}: ${a}`);
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    if (name.endsWith("-pdf.csv"))
      for (const { name: policy } of POLICIES) near(sum(column(policy)));
    if (name.endsWith("-cdf.csv"))
      for (const { name: policy } of POLICIES) near(column(policy).at(-1) ?? 0);
    if (name.startsWith("figure-3")) near(sum(column("pdf")));
  }
});

const WRONG: [string[], RegExp][] = [
  [[], /needs a capture/],
  [["x.pcap", "--policy", "randon"], /found "randon"; did you mean "random"\?/],
  [["x.pcap", "--policy", ""], /--policy needs a value/],
  [["x.pcap", "--servers", "0"], /--servers: expected a whole number from 1 to 65535; found "0"/],
  [["x.pcap", "--window", "0"], /--window: expected a number of seconds from 0.001/],
  [["x.pcap", "--bytes", "wires"], /--bytes: .*did you mean "wire"\?/],
  [["x.pcap", "--service", "1.2.3.4.5"], /--service: expected HOST/],
  [["x.pcap", "--sevice", "1.2.3.4"], /unknown option --sevice; did you mean "--service"\?/],
  [["x.pcap", "--engine", "stick"], /--engine: expected flow, stack; found "stick".*stack/],
  [["x.pcap", "--pin", "transmit"], /--pin is for the stack engine/],
  [["x.pcap", "--engine", "stack", "--client", "engel:0"], /--client: expected PROFILE:WEIGHT/],
];

for (const [words, expected] of WRONG) {
  test(`refuses 'anypin replay ${words.join(" ")}' with status 2 and the usage line`, async () => {
    const ran = await runHere(["replay", ...words]);
    assert.equal([ran.status, ran.out], [2, ""]);
    assert.match(ran.err, expected);
    assert.match(ran.err, "usage: anypin replay");
  });
}

test("a missing capture is status 3 with a message, no stack trace", () => {
  const ran = runProgram(["replay", join(folder, "none.pcap")]);
  assert.equal([ran.status, ran.out], [3, ""]);
  assert.match(ran.err, "no such file");
  assert.not.match(ran.err, /\n\s+at /);
});

test("a cut capture is replayed as far as it goes, with status 3 and where it was cut", () => {
  const whole = gunzipSync(readFileSync(SAMPLE));
  const path = join(folder, "cut.pcap");
  writeFileSync(path, whole.subarray(0, 1_000_000));
  const ran = runProgram(["replay", path, "--json"]);
  assert.is(ran.status, 3);
  const { trace } = JSON.parse(ran.out) as ReplayResult;
  assert.is(trace.truncated, true);
  assert.ok(trace.connections > 100);
  assert.match(ran.err, /cut\.pcap: byte \d+, packet \d+: expected/);
});

test("standard input and the file give the same result", () => {
  const fromFile = runProgram(["replay", SAMPLE, "--json"]);
  const fromPipe = runProgram(["replay", "-", "--json"], readFileSync(SAMPLE));
  assert.is(fromPipe.status, 0);
  assert.is(fromPipe.out, fromFile.out.replace(SAMPLE, "-"));
});

test("a reader that leaves in the middle of the output ends the program quietly", async () => {
  const child = spawn(process.execPath, [programPath, "replay", SAMPLE, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let err = "";
  child.stderr.on("data", (text) => {
    err += text;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.equal([status, err], [0, ""]);
});

test("Ctrl-C stops the reading, and what was read is reported with status 3", async () => {
  const child = spawn(process.execPath, [programPath, "replay", "-", "--json"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  child.stdin.on("error", () => {});
  child.stdin.write(gunzipSync(readFileSync(SAMPLE)).subarray(0, 2_000_000), () => {
    setTimeout(() => child.kill("SIGINT"), 300);
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.is(status, 3, err);
  assert.match(err, "interrupted");
  const { trace } = JSON.parse(out) as ReplayResult;
  assert.ok(trace.truncated && trace.packets > 1000);
});

test.run();
