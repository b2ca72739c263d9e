/** Connections out of packets: where they begin, where they end, whose bytes are whose. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Activity } from "../../../traces/activity.ts";
import { ConnectionTracker } from "../../../traces/connections.ts";
import type { ServiceFilter } from "../../../traces/service.ts";
import { parseServices } from "../../../traces/service-text.ts";
import { CLOSE, conversation, follow, OPEN, outcome, summary } from "../../support/conversation.ts";
import { connectionObjects, type FollowedConnection } from "../../support/follow-capture.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { ipv4, ipv6, udp } from "../../support/segment.ts";

test("midstream, the lower port is the server", () => {
  const serverOf = (from: number, to: number) =>
    follow(conversation("0 c A 1 1", { ports: [from, to] }))[0].server.split(" ")[1];
  assert.is(serverOf(8080, 51000), "8080");
  assert.is(serverOf(51000, 8080), "8080");
  assert.is(serverOf(40000, 50000), "40000");
  assert.is(serverOf(22, 23), "22");
  assert.equal(outcome("0 c A 1 1", { ports: [6000, 6000] }), ["open 0 1/0 0/0 midstream"]);
});

test("UDP: who speaks first is the client, unless a well-known port answers", () => {
  const flow = (from: number, to: number, time = 0): MemoryPacket => ({
    data: ipv4(udp(from, to, 10), { protocol: 17 }),
    linkType: 101,
    time,
  });
  assert.is(follow([flow(5000, 6000)])[0].client, "10.0.0.1 5000");
  assert.is(follow([flow(53, 6000)])[0].client, "10.0.0.2 6000");
  assert.is(follow([flow(1023, 6000)])[0].client, "10.0.0.2 6000");
  assert.is(follow([flow(1024, 6000)])[0].client, "10.0.0.1 1024");
  assert.is(follow([flow(123, 123)])[0].client, "10.0.0.1 123");
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
  const packets = [...before, ...conversation(OPEN, { ports: [40001, 80] })];
  assert.equal(summary(follow(packets)), ["fin 1.2 4/0 2/0", "open 0.2 2/0 1/0"]);
});

test("a packet that comes late sets no clock back", () => {
  const silent = conversation("0 c S 100 0", { ports: [40001, 80] });
  const packets = [...silent, ...conversation("400 c S 200 0\n150 c S 200 0")];
  assert.equal(summary(follow(packets)), ["idle 0 1/0 0/0", "open 0 2/0 0/0"]);
});

test("--service keeps a service's connections, and tells its end midstream", () => {
  const packets = [...conversation(OPEN), ...conversation("1 c A 1 1", { ports: [22, 9000] })];
  const keep = (text: string) =>
    follow(packets, { service: parseServices([text]) }).map(({ server }) => server);
  assert.equal(keep("10.0.0.2"), ["10.0.0.2 80", "10.0.0.2 9000"]);
  // Numbers have no gap: listings wait for each.
  const [{ id }] = follow(packets, { service: parseServices(["10.0.0.1"]) });
  assert.is(id, 0);
  assert.equal(keep("10.0.0.0/24:80"), ["10.0.0.2 80"]);
  assert.equal(keep("10.0.0.1"), ["10.0.0.1 22"]);
  assert.equal(keep("10.0.0.1:40000"), []);
  assert.equal(keep("2001:db8::/32"), []);
});

test("--service tells a midstream connection's server, whichever end is heard first", () => {
  const service = parseServices(["10.0.0.7:9000"]);
  for (const text of ["0 s A 1 1\n1 c A 1 1", "0 c A 1 1\n1 s A 1 1"]) {
    for (const client of ["10.0.0.1", "10.0.0.9"]) {
      const talkers = { addresses: [client, "10.0.0.7"], ports: [22, 9000] } as const;
      const found = follow(conversation(text, talkers), { service });
      assert.equal(summary(found, talkers), ["open 1 1/0 1/0 midstream"]);
    }
  }
});

test("--service with both ends: ports tell which is the server, as without", () => {
  const service = parseServices(["10.0.0.0/24"]);
  for (const text of ["0 s A 501 101 9\n1 c A 101 510", "0 c A 101 501\n1 s A 501 101 9"]) {
    for (const addresses of [
      ["10.0.0.1", "10.0.0.2"] as const,
      ["10.0.0.2", "10.0.0.1"] as const,
    ]) {
      const found = follow(conversation(text, { addresses }), { service });
      assert.equal(summary(found, { addresses }), ["open 1 1/0 1/9 midstream"]);
    }
  }
});

test("--service tells IPv6 addresses by all their words", () => {
  const addresses = ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:7", "2001:db8:3:4:1:2:5:6"];
  const packets = addresses.map((address, i) => ({
    data: ipv6(udp(40000 + i, 5353, 9), 17, undefined, "fe80::1", address),
    linkType: 101,
  }));
  for (const [i, address] of addresses.entries()) {
    const found = follow(packets, { service: parseServices([`[${address}]:5353`]) });
    assert.equal(
      found.map(({ client }) => client),
      [`fe80::1 ${40000 + i}`],
    );
  }
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

/** `connection c|s payload` of each packet; a connection is named by its place among those opened. */
const packetsTold = ({ packets, slot, fromServer, payload, opened, openedSlot }: Activity) =>
  Array.from({ length: packets }, (_, i) => {
    const place = openedSlot.subarray(0, opened.count).indexOf(slot[i]);
    return `${slot[i] < 0 ? "nobody" : place} ${fromServer[i] ? "s" : "c"} ${payload[i]}`;
  });

test("each packet is told with its connection, who sent it, and its payload", () => {
  const own = conversation(`${OPEN}\n1 c PA 101 501 10\n2 s PA 501 111 20`, {
    addresses: ["10.0.0.2", "10.0.0.1"],
  });
  const ping = { data: ipv4(new Uint8Array(8), { protocol: 1 }), linkType: 101, time: 3e9 };
  const others = conversation(OPEN, { addresses: ["10.0.0.1", "10.0.0.3"] });
  // Leaves something else in every column.
  const before = conversation(OPEN.repeat(4).replaceAll(" c ", " s "), {
    addresses: ["10.0.0.9", "10.0.0.1"],
  });
  const told = (service: ServiceFilter | null) => {
    const tracker = new ConnectionTracker({ service }, batchMemory);
    tracker.follow(packetBatch(before));
    return packetsTold(tracker.follow(packetBatch([...own, ping, ...others])));
  };
  const first = ["0 c 0", "0 s 0", "0 c 0", "0 c 10", "0 s 20", "nobody c 0"];
  assert.equal(told(null), [...first, "1 c 0", "1 s 0", "1 c 0"]);
  const nobody = Array(3).fill("nobody c 0");
  assert.equal(told(parseServices(["10.0.0.1:80"])), [...first, ...nobody]);
});

test("a connection whose ends have one address is one", () => {
  const addresses = ["127.0.0.1", "127.0.0.1"] as const;
  for (const ports of [[40000, 80] as const, [80, 40000] as const]) {
    const packets = conversation(OPEN + CLOSE, { addresses, ports });
    assert.equal(summary(follow(packets), { addresses }), ["fin 1.2 4/0 2/0"]);
  }
});

test("connections are kept apart while the table grows, however many packets a group has", () => {
  for (const group of [1, 7, 255, 256, 5000]) {
    const tracker = new ConnectionTracker({}, batchMemory);
    const found: FollowedConnection[] = [];
    const client = (i: number) => `10.${i % 2 ? 1 : 3}.${i >> 8}.${i & 255}`;
    const packets = Array.from({ length: 5000 }, (_, i) => ({
      data: ipv4(udp(5000, 53, i % 100), {
        protocol: 17,
        source: client(i),
        destination: "10.2.0.1",
      }),
      linkType: 101,
      time: i,
    }));
    for (let first = 0; first < packets.length; first += group) {
      tracker.follow(packetBatch(packets.slice(first, first + group)));
    }
    for (const { closed } of tracker.end()) found.push(...connectionObjects(closed));
    assert.is(found.length, packets.length);
    for (const { id, client: address, bytes, start, close } of found) {
      assert.equal([address, bytes[0], start, close], [`${client(id)} 5000`, id % 100, id, "open"]);
    }
  }
});

test("packets of no connection end none, before the first one opens", () => {
  const tracker = new ConnectionTracker({}, batchMemory);
  const data = ipv4(new Uint8Array(8), { protocol: 1 });
  const pings = Array.from({ length: 1000 }, (_, i) => ({ data, linkType: 101, time: i * 1e9 }));
  assert.is(tracker.follow(packetBatch(pings)).closed.count, 0);
  assert.is(tracker.size, 0);
});

test("bytes are counted exactly beyond what 32 bits hold, both ways", () => {
  const there = ipv4(udp(5000, 53, 0), { protocol: 17 });
  const back = ipv4(udp(53, 5000, 0), {
    protocol: 17,
    source: "10.0.0.2",
    destination: "10.0.0.1",
  });
  const datagrams = [there, back, back];
  for (const { buffer, byteOffset } of datagrams) {
    new DataView(buffer, byteOffset).setUint16(2, 60_028);
  }
  const wire = 2 ** 32 - 1;
  const packets = Array.from({ length: 9000 }, (_, i) => ({
    data: datagrams[i % 3],
    linkType: 101,
    wire,
  }));
  const tracker = new ConnectionTracker({}, batchMemory);
  const found: FollowedConnection[] = [];
  // Who gets the place of one that fell silent begins with nothing.
  for (const [time, groups] of [
    [0, 30],
    [200e9, 3],
    [400e9, 3],
  ]) {
    const batch = packetBatch(packets.map((packet) => ({ ...packet, time })));
    for (let i = 0; i < groups; i++) found.push(...connectionObjects(tracker.follow(batch).closed));
  }
  for (const { closed } of tracker.end()) found.push(...connectionObjects(closed));
  assert.equal(
    found.map(({ packets, bytes, wire }) => ({ packets, bytes, wire })),
    [90_000, 9_000, 9_000].map((count) => ({
      packets: [count, 2 * count],
      bytes: [count * 60_000, 2 * count * 60_000],
      wire: [count * wire, 2 * count * wire],
    })),
  );
});

test.run();
