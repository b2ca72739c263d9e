import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Activity } from "../../../traces/activity.ts";
import { TraceError } from "../../../traces/errors.ts";
import { type FollowedCapture, followCaptures } from "../../../traces/followed-capture.ts";
import { followInThread } from "../../../traces/threads/capture-thread.ts";
import { columnsOf } from "../../support/connections.ts";
import { haveShared, projectPath, sharedPath } from "../../support/project.ts";

const FOLLOWING = { service: null };
const captures = [projectPath("samples/web.pcap.gz")];
if (haveShared("captures/files", "captures in a thread")) {
  const names = [
    "fmt-pcpp-many_interfaces-1.pcapng",
    "tcp-pcpp-four_ipv6_http_streams.pcap",
    "fmt-zeek-ip4-trunc.pcap",
  ];
  captures.push(...names.map((name) => sharedPath(`captures/files/${name}`)));
}

/** Every number of an activity, in order. */
function digest(activity: Activity, into: ReturnType<typeof createHash>): void {
  const { packets, opened, closed } = activity;
  for (const column of [
    activity.time,
    activity.wire,
    activity.payload,
    activity.slot,
    activity.fromServer,
  ]) {
    into.update(column.slice(0, packets));
  }
  into.update(activity.openedSlot.slice(0, opened.count));
  into.update(activity.closedSlot.slice(0, closed.count));
  into.update(
    JSON.stringify([packets, activity.settled, columnsOf(closed), columnsOf(opened).start]),
  );
}

async function read(capture: FollowedCapture): Promise<unknown> {
  const hash = createHash("sha256");
  for await (const activity of capture.activities()) digest(activity, hash);
  return { digest: hash.digest("hex"), facts: capture.facts() };
}

for (const name of captures) {
  test(`${name.split("/").at(-1)}: a thread hands over the same activities in the same order`, async () => {
    const here = await read(await followCaptures([name], FOLLOWING));
    const there = await read(await followInThread([name], FOLLOWING));
    assert.equal(there, here);
  });
}

test("several captures are merged in the thread as they are here", async () => {
  const names = captures.slice(0, 2);
  const here = await read(await followCaptures(names, FOLLOWING));
  assert.equal(await read(await followInThread(names, FOLLOWING)), here);
});

test("what cannot be opened is refused as it is here", async () => {
  try {
    await followInThread([projectPath("no-such.pcap")], FOLLOWING);
    assert.unreachable("was not refused");
  } catch (error) {
    assert.instance(error, TraceError);
    assert.match((error as Error).message, "expected a capture, found no such file");
  }
});

test("a stop ends the reading and says so", async () => {
  const stop = new AbortController();
  stop.abort();
  const capture = await followInThread([captures[0]], FOLLOWING, stop.signal);
  for await (const _ of capture.activities());
  assert.ok(capture.facts().truncated);
});

test("whoever stops asking leaves no thread behind", async () => {
  const capture = await followInThread([captures[0]], FOLLOWING);
  for await (const activity of capture.activities()) {
    assert.ok(activity.packets > 0);
    break;
  }
});

test.run();
