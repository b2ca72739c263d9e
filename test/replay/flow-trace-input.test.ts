import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runHere } from "../support/cli.ts";
import { haveShared, projectPath, sharedPath } from "../support/project.ts";

const test = suite("flow traces as inputs");
const folder = mkdtempSync(join(tmpdir(), "anypin-input-"));
test.after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

async function replayed(file: string) {
  const { out } = await runHere(["replay", file, "--json"]);
  return JSON.parse(out);
}

const captures = [projectPath("samples/web.pcap.gz")];
if (haveShared("captures/files", "captures through flow traces")) {
  for (const name of ["web-zeek-bro.org.pcap", "udp-pcpp-DnsPackets.pcap", "fmt-pcpp-sll.pcap"]) {
    captures.push(sharedPath(`captures/files/${name}`));
  }
}

for (const capture of captures) {
  test(`${capture.split("/").at(-1)}: through a flow trace it is replayed the same`, async () => {
    await runHere(["flows", capture, "--out", at("t.flows"), "--csv", at("direct.csv")]);
    await runHere(["flows", at("t.flows"), "--csv", at("again.csv")]);
    assert.is(readFileSync(at("again.csv"), "utf8"), readFileSync(at("direct.csv"), "utf8"));
    const direct = await replayed(capture);
    const again = await replayed(at("t.flows"));
    for (const [i, policy] of direct.policies.entries()) {
      assert.is(again.policies[i].assignments, policy.assignments, policy.name);
      assert.equal(again.policies[i].connections, policy.connections, policy.name);
    }
    assert.is(again.trace.connections, direct.trace.connections);
    assert.is(again.trace.payloadBytes, direct.trace.payloadBytes);
  });
}

test("a generated capture gives the generator's own list back, line for line", async () => {
  const options = ["--connections", "3000", "--seed", "7", "--quiet"];
  await runHere(["generate", ...options, "--out", at("g.pcap")]);
  await runHere(["generate", ...options, "--out", at("g.flows")]);
  await runHere(["flows", at("g.pcap"), "--csv", at("packets.csv")]);
  await runHere(["flows", at("g.flows"), "--csv", at("rows.csv")]);
  assert.is(readFileSync(at("packets.csv"), "utf8"), readFileSync(at("rows.csv"), "utf8"));
});

test("several flow traces are merged by start, whatever order they are named in", async () => {
  const parts = ["1", "2"].map((seed) => at(`part${seed}.flows`));
  for (const [i, part] of parts.entries()) {
    await runHere(["generate", "--connections", "500", "--seed", `${i + 1}`, "--out", part]);
  }
  await runHere(["flows", ...parts, "--csv", at("merged.csv")]);
  await runHere(["flows", parts[1], parts[0], "--csv", at("turned.csv")]);
  const lines = (name: string) => readFileSync(at(name), "utf8").trim().split("\n").slice(1);
  const starts = lines("merged.csv").map((line) => Number(line.split(",")[5]));
  assert.is(starts.length, 1000);
  assert.equal(
    starts,
    [...starts].sort((a, b) => a - b),
  );
  assert.equal(lines("turned.csv").sort(), lines("merged.csv").sort());
});

test("a time in which nothing lies is said to be empty", async () => {
  await runHere(["generate", "--connections", "10", "--quiet", "--out", at("ten.flows")]);
  const { status, err } = await runHere(["replay", at("ten.flows"), "--from", "2030-01-01"]);
  assert.is(status, 0);
  assert.is(err, "anypin replay: no connection of the --from that was asked for\n");
});

test("standard input named twice is a wrong command line", async () => {
  const { status, err } = await runHere(["flows", "-", "-"]);
  assert.is(status, 2);
  assert.match(err, "standard input can be read once");
});

test("a flow trace and a capture together are a wrong command line", async () => {
  const { status, err } = await runHere(["flows", at("g.flows"), at("g.pcap")]);
  assert.is(status, 2);
  assert.match(err, "cannot be read together with captures");
});

test.run();
