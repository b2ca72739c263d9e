/** How long the dead and the silent stay: a connection's own packets end it, others let it go. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionTracker } from "../../../traces/connections.ts";
import { connectionObjects, type FollowedConnection } from "../../support/follow-capture.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { ipv4, tcp, udp } from "../../support/segment.ts";

const [FIN, SYN, RST, ACK] = [1, 2, 4, 16];

/** Packets behind its close that a connection is remembered for. */
const LINGER_PACKETS = 65_536;

/** A segment between 10.0.0.1:40000, its client, and 10.0.0.2:80. */
function segment(
  fromClient: boolean,
  flags: number,
  sequence: number,
  acknowledgment: number,
): MemoryPacket {
  const [from, to] = fromClient ? [40000, 80] : [80, 40000];
  const [source, destination] = fromClient ? ["10.0.0.1", "10.0.0.2"] : ["10.0.0.2", "10.0.0.1"];
  const body = tcp({ from, to, flags, sequence, acknowledgment, payload: 0 });
  return { data: ipv4(body, { source, destination }), linkType: 101, time: 1e9 };
}

const CONVERSATION = [
  segment(true, SYN, 100, 0),
  segment(false, SYN | ACK, 500, 101),
  segment(true, FIN | ACK, 101, 501),
  segment(false, FIN | ACK, 501, 102),
  segment(true, ACK, 102, 502),
];
/** The server sends its FIN again. */
const LATE = segment(false, FIN | ACK, 501, 102);

/** The same datagram `count` times, between nobody else's ends. */
const others = (count: number): MemoryPacket[] => {
  const data = ipv4(udp(5000, 53, 0), { protocol: 17 });
  return Array.from({ length: count }, () => ({ data, linkType: 101, time: 1e9 }));
};

test("a closed connection lingers for as many packets as told, and no longer", () => {
  const packetsOf = (between: number) => {
    const tracker = new ConnectionTracker({}, batchMemory);
    const packets = [...CONVERSATION, ...others(between), LATE];
    const found = connectionObjects(tracker.follow(packetBatch(packets)).closed);
    for (const { closed } of tracker.end()) found.push(...connectionObjects(closed));
    return found.filter(({ server }) => server.endsWith(" 80")).map(({ packets }) => packets);
  };
  const [[client, server]] = packetsOf(0);
  assert.equal(packetsOf(LINGER_PACKETS - 1), [[client, server]]);
  const apart = packetsOf(LINGER_PACKETS);
  assert.is(apart.length, 2);
  assert.equal(
    apart.sort(),
    [
      [0, 1],
      [client, server - 1],
    ].sort(),
  );
});

test("FINs that come again behind the close are late packets, late in a long trace, too", () => {
  const tracker = new ConnectionTracker({}, batchMemory);
  const again = segment(true, FIN | ACK, 101, 501);
  const packets = [...others(2 * LINGER_PACKETS), ...CONVERSATION, LATE, again, LATE, again];
  const found = connectionObjects(tracker.follow(packetBatch(packets)).closed);
  for (const { closed } of tracker.end()) found.push(...connectionObjects(closed));
  const its = found.filter(({ server }) => server.endsWith(" 80"));
  assert.equal(
    its.map(({ packets, close }) => ({ packets, close })),
    [{ packets: [5, 4], close: "fin" }],
  );
});

for (const [what, between] of [
  ["open", [0, 70_000]],
  ["closed later", [30_000, 40_000]],
] as const) {
  test(`who takes a closed connection's place is not taken for it: one that is ${what}`, () => {
    const tracker = new ConnectionTracker({}, batchMemory);
    const found: FollowedConnection[] = [];
    const follow = (group: readonly MemoryPacket[]): void => {
      found.push(...connectionObjects(tracker.follow(packetBatch(group)).closed));
    };
    // The second SYN takes the port from one that lingers.
    follow([...others(1), segment(true, SYN, 100, 0), segment(false, RST, 0, 0)]);
    follow([segment(true, SYN, 900, 0)]);
    const flags = what === "open" ? ACK : RST;
    const packet = (flags: number): MemoryPacket => {
      const body = tcp({ from: 44444, to: 443, flags, sequence: 100, acknowledgment: 1 });
      return { data: ipv4(body), linkType: 101, time: 1e9 };
    };
    follow([packet(SYN)]);
    for (const count of between) follow([...others(count), packet(flags)]);
    for (const { closed } of tracker.end()) found.push(...connectionObjects(closed));
    const its = found.filter(({ server }) => server.endsWith(" 443"));
    assert.equal(
      its.map(({ packets }) => packets),
      [[3, 0]],
    );
  });
}

test("a flood of connections that close leaves no more behind than linger", () => {
  const tracker = new ConnectionTracker({}, batchMemory);
  const data = ipv4(tcp({ flags: RST }));
  const group = 5000;
  const batch = packetBatch(Array.from({ length: group }, () => ({ data, linkType: 101 })));
  const [groups, sourceAt] = [40, 12];
  let reported = 0;
  for (let round = 0; round < groups; round++) {
    for (const [i, offset] of batch.offset.entries()) {
      batch.view.setUint32(offset + sourceAt, 0x0b000000 + round * group + i);
    }
    reported += tracker.follow(batch).closed.count;
    assert.is(tracker.size + reported, (round + 1) * group);
    assert.ok(tracker.size <= LINGER_PACKETS + group, `${tracker.size} followed`);
  }
});

test("a flood of connections that close behind a quiet time is let go, too", () => {
  const tracker = new ConnectionTracker({}, batchMemory);
  const closing = (first: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      data: ipv4(tcp({ from: 1024 + first + i, flags: RST })),
      linkType: 101,
      time: 1e9,
    }));
  const wait = [...others(10_000)];
  for (const [first, count] of [
    [0, 1000],
    [1000, 9000],
  ]) {
    tracker.follow(packetBatch(closing(first, count)));
    assert.ok(tracker.size >= count);
    for (let i = 0; i < 7; i++) tracker.follow(packetBatch(wait));
    assert.is(tracker.size, 1);
  }
});

/** Flows of one datagram, each from a port of its own. */
const flows = (count: number, time: number): MemoryPacket[] =>
  Array.from({ length: count }, (_, i) => ({
    data: ipv4(udp(1024 + i, 53, 0), { protocol: 17 }),
    linkType: 101,
    time,
  }));

test("however many are open at the end, all are told of", () => {
  const tracker = new ConnectionTracker({}, batchMemory);
  const count = 20_000;
  const packets = flows(count, 0);
  for (let first = 0; first < count; first += 100) {
    tracker.follow(packetBatch(packets.slice(first, first + 100)));
  }
  const ids = new Set<number>();
  for (const { closed } of tracker.end()) {
    for (const { id, close } of connectionObjects(closed)) {
      assert.is(close, "open");
      ids.add(id);
    }
  }
  assert.is(ids.size, count);
});

test("a group has room for its own closes beside thousands that fell silent before", () => {
  const tracker = new ConnectionTracker({}, batchMemory);
  const [count, syns] = [40_000, 1000];
  const silentOnes = flows(count, 0);
  for (let first = 0; first < count; first += syns) {
    tracker.follow(packetBatch(silentOnes.slice(first, first + syns)));
  }
  const again = Array.from({ length: syns }, (_, i) => ({
    ...segment(true, SYN, 1000 * i, 0),
    time: 100e9,
  }));
  const activity = tracker.follow(packetBatch(again));
  assert.is(new Set(activity.openedSlot.subarray(0, activity.opened.count)).size, syns);
  const found = connectionObjects(activity.closed);
  for (const { closed } of tracker.end()) found.push(...connectionObjects(closed));
  assert.is(found.length, count + syns);
  assert.is(new Set(found.map(({ id }) => id)).size, count + syns);
  const silent = found.filter(({ protocol }) => protocol === 17);
  assert.ok(silent.every(({ close }) => close === "idle"));
  const sent = found.filter(({ server }) => server.endsWith(" 80"));
  assert.equal(
    sent.sort((a, b) => a.id - b.id).map(({ close }) => close),
    [...Array(syns - 1).fill("idle"), "open"],
  );
});

test("memory follows what is open, however much opens and falls silent", () => {
  const tracker = new ConnectionTracker({ idleSeconds: 1 }, batchMemory);
  const perSecond = 1000;
  let largest = 0;
  let reported = 0;
  for (let second = 0; second < 60; second++) {
    const packets = Array.from({ length: perSecond }, (_, i) => ({
      data: ipv4(udp(1024 + ((second * perSecond + i) % 60_000), 53, 0), { protocol: 17 }),
      linkType: 101,
      time: (second + i / perSecond) * 1e9,
    }));
    reported += tracker.follow(packetBatch(packets)).closed.count;
    largest = Math.max(largest, tracker.size);
  }
  for (const { closed } of tracker.end()) reported += closed.count;
  assert.is(reported, 60 * perSecond);
  assert.ok(largest < 3 * perSecond, `${largest} in memory, ${perSecond} open`);
});

test.run();
