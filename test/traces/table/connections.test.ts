/** Connections out of packets: where they begin, where they end, whose bytes are whose. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionTracker } from "../../../traces/connections.ts";
import { parseServices } from "../../../traces/service.ts";
import { CLOSE, conversation, follow, OPEN, summary } from "../../support/conversation.ts";
import { connectionObjects } from "../../support/follow-capture.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { ipv4, udp } from "../../support/segment.ts";

test("midstream, a registered port faces an ephemeral one; else the lower port is the server", () => {
  const serverOf = (from: number, to: number) =>
    follow(conversation("0 c A 1 1", { ports: [from, to] }))[0].server.split(" ")[1];
  assert.is(serverOf(8080, 51000), "8080");
  assert.is(serverOf(51000, 8080), "8080");
  assert.is(serverOf(40000, 50000), "40000");
  assert.is(serverOf(22, 23), "22");
  assert.is(serverOf(6000, 6000), "6000");
});

test("UDP: who speaks first is the client, unless a well-known port answers", () => {
  const flow = (from: number, to: number, time = 0): MemoryPacket => ({
    data: ipv4(udp(from, to, 10), { protocol: 17 }),
    linkType: 101,
    time,
  });
  assert.is(follow([flow(5000, 6000)])[0].client, "10.0.0.1 5000");
  assert.is(follow([flow(53, 6000)])[0].client, "10.0.0.2 6000");
  assert.equal(summary(follow([flow(1, 2), flow(1, 2, 60e9), flow(1, 2, 121e9)])), [
    "idle 60 2/20 0/0",
    "open 0 1/10 0/0",
  ]);
});

test("--idle holds for TCP and UDP", () => {
  assert.is(follow(conversation(`${OPEN}\n 9 c A 101 501`), { idleSeconds: 5 }).length, 2);
});

test("a clock that is set back by hours ends no connection that is followed after it", () => {
  const before = conversation(OPEN + CLOSE).map((p) => ({ ...p, time: (p.time ?? 0) + 9_999e9 }));
  const packets = [...before, ...conversation(OPEN + CLOSE, { ports: [40001, 80] })];
  assert.equal(summary(follow(packets)), ["fin 1.2 4/0 2/0", "fin 1.2 4/0 2/0"]);
});

test("--service keeps a service's connections, and tells its end midstream", () => {
  const packets = [...conversation(OPEN), ...conversation("1 c A 1 1", { ports: [22, 9000] })];
  const keep = (text: string) =>
    follow(packets, { service: parseServices([text]) }).map(({ server }) => server);
  assert.equal(keep("10.0.0.2"), ["10.0.0.2 80", "10.0.0.2 9000"]);
  assert.equal(keep("10.0.0.0/24:80"), ["10.0.0.2 80"]);
  assert.equal(keep("10.0.0.1"), ["10.0.0.1 22"]);
  assert.equal(keep("10.0.0.1:40000"), []);
  assert.equal(keep("2001:db8::/32"), []);
});

test("slots stay a connection's own within a group, and close behind its packets", () => {
  const tracker = new ConnectionTracker({}, batchMemory);
  const text = `${OPEN}${CLOSE}\n 1.3 c S 900 0`;
  const activity = tracker.follow(packetBatch(conversation(text)));
  assert.equal([...activity.slot.subarray(0, 6)], Array(6).fill(activity.openedSlot[0]));
  assert.is(activity.closedSlot[0], activity.openedSlot[0]);
  assert.is(activity.slot[6], activity.openedSlot[1]);
  assert.is.not(activity.slot[6], activity.slot[0]);
});

test("bytes are counted exactly beyond what 32 bits hold", () => {
  const data = ipv4(udp(5000, 53, 0), { protocol: 17 });
  new DataView(data.buffer, data.byteOffset).setUint16(2, 60_028);
  const wire = 2 ** 32 - 1;
  const batch = packetBatch(Array.from({ length: 8000 }, () => ({ data, linkType: 101, wire })));
  const tracker = new ConnectionTracker({}, batchMemory);
  for (let i = 0; i < 10; i++) tracker.follow(batch);
  const [{ closed }] = tracker.end();
  const [flow] = connectionObjects(closed);
  assert.equal(flow.packets, [80_000, 0]);
  assert.equal(flow.bytes, [80_000 * 60_000, 0]);
  assert.equal(flow.wire, [80_000 * wire, 0]);
});

test.run();
