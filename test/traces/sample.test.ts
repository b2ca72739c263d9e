/** The recording in samples/ holds what its README says, as our reader and as tshark see it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLOSE_NAMES, CONNECTION_MIDSTREAM } from "../../traces/connection.ts";
import { ConnectionTracker } from "../../traces/connections.ts";
import { openTrace } from "../../traces/open.ts";
import { announceSkip, projectPath } from "../support/project.ts";

const SAMPLE = projectPath("samples/web.pcap.gz");

async function survey() {
  const trace = await openTrace([SAMPLE]);
  const tracker = new ConnectionTracker({}, trace.memory);
  const clients = new Set<number>();
  const closes = new Map<string, number>();
  let connections = 0;
  let midstream = 0;
  let payload = 0;
  const take = (activity: ReturnType<ConnectionTracker["follow"]>) => {
    const { closed } = activity;
    connections += closed.count;
    for (let row = 0; row < closed.count; row++) {
      clients.add(closed.client[4 * row + 3]);
      const close = CLOSE_NAMES[closed.close[row]];
      closes.set(close, (closes.get(close) ?? 0) + 1);
      if (closed.flags[row] & CONNECTION_MIDSTREAM) midstream++;
      payload += closed.clientBytes[row] + closed.serverBytes[row];
    }
  };
  for await (const batch of trace) take(tracker.follow(batch));
  for (const activity of tracker.end()) take(activity);
  return { trace, tracker, connections, midstream, clients: clients.size, closes, payload };
}

test("the sample is read whole: every packet TCP, nothing damaged, nothing skipped", async () => {
  const { trace, tracker } = await survey();
  assert.is(trace.packets, 78_461);
  assert.equal(trace.damage, []);
  assert.equal(tracker.skipped, {});
});

test("the sample's connections are those its README counts", async () => {
  const { connections, midstream, clients, closes } = await survey();
  assert.equal(
    { connections, midstream, clients },
    { connections: 5_496, midstream: 51, clients: 503 },
  );
  assert.equal(Object.fromEntries(closes), { fin: 5_331, open: 37, reset: 128 });
});

test("the sample is small, and gzip names no file in it", () => {
  const bytes = readFileSync(SAMPLE);
  assert.ok(bytes.length < 3 * 2 ** 20);
  assert.is(bytes[3], 0, "gzip flags: no name, no comment");
  assert.equal([...bytes.subarray(4, 8)], [0, 0, 0, 0], "no time of making");
});

test("tshark counts the same streams and payload in the sample", async () => {
  const fields = ["-T", "fields", "-e", "tcp.stream", "-e", "tcp.len"];
  const done = spawnSync("tshark", ["-r", SAMPLE, ...fields], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (done.status !== 0) return announceSkip("tshark over the sample", "tshark is not installed");
  const rows = done.stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t").map(Number));
  const { connections, payload } = await survey();
  assert.is(connections, new Set(rows.map(([stream]) => stream)).size);
  assert.is(
    payload,
    rows.reduce((sum, [, length]) => sum + length, 0),
  );
});

test.run();
