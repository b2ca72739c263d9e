/** Captures of the virtual network, read again by the project's own readers. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runHere } from "../../support/cli.ts";
import { projectPath } from "../../support/project.ts";

const SAMPLE = projectPath("samples/web.pcap.gz");
const folder = mkdtempSync(join(tmpdir(), "anypin-written-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const replay = async (name: string, ...more: string[]) => {
  const file = join(folder, name);
  const args = ["replay", SAMPLE, "--engine", "stack", "--policy", "hash", "--write", file];
  const ran = await runHere([...args, "--json", "--quiet", ...more]);
  assert.is(ran.status, 0, ran.err);
  return { file, json: ran.out };
};

/** Client, port, server, port, bytes and close of every connection, in order of start. */
async function flowsOf(file: string): Promise<string[]> {
  const { out } = await runHere(["flows", file, "--json", "--quiet"]);
  const keys = ["client", "clientPort", "server", "serverPort", "protocol", "clientBytes"] as const;
  return out
    .trimEnd()
    .split("\n")
    .map((line: string) => {
      const flow = JSON.parse(line);
      return [...keys.map((key) => flow[key]), flow.serverBytes, flow.close].join(" ");
    })
    .sort();
}

for (const pin of ["none", "receive"]) {
  test(`with --pin ${pin}, flows of the written capture are the trace's, and check finds nothing`, async () => {
    const { file } = await replay(`${pin}.pcap`, "--pin", pin);
    assert.equal(await flowsOf(file), await flowsOf(SAMPLE));
    const { status, out } = await runHere(["check", file, "--json", "--quiet"]);
    assert.is(status, 0);
    const { summary } = JSON.parse(out.trimEnd().split("\n").at(-1) ?? "");
    assert.is(summary.invalid, 0);
    assert.is(summary.withOptions > 0, pin !== "none");
  });
}

test("the same seed writes the same bytes, another seed others", async () => {
  const one = await replay("one.pcap", "--pin", "receive", "--seed", "5");
  const two = await replay("two.pcap", "--pin", "receive", "--seed", "5");
  const other = await replay("other.pcap", "--pin", "receive", "--seed", "6");
  assert.ok(readFileSync(one.file).equals(readFileSync(two.file)));
  assert.is(one.json, two.json);
  assert.not(readFileSync(one.file).equals(readFileSync(other.file)));
  assert.is.not(one.json, other.json);
});

test("a tap at one server sees the packets of its own connections only", async () => {
  const file = join(folder, "server.pcap");
  await replay("all.pcap", "--pin", "transmit", "--tap", `server-2=${file}`);
  const here = await flowsOf(file);
  const all = new Set(await flowsOf(join(folder, "all.pcap")));
  assert.ok(here.length > 0.1 * all.size && here.length < 0.3 * all.size);
  assert.ok(here.every((flow) => all.has(flow)));
});

test("a point that there is not is refused, with those that there are", async () => {
  const file = join(folder, "x.pcap");
  const args = ["replay", SAMPLE, "--engine", "stack", "--tap", `server-6=${file}`];
  const { status, err } = await runHere(args);
  assert.is(status, 2);
  assert.match(err, /--tap: expected clients, router, server-1…5, servers; found "server-6"/);
});

test.run();
