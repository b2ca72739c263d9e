/** How long the dead and the silent stay: a connection's own packets end it, others let it go. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionTracker } from "../../../traces/connections.ts";
import { connectionObjects } from "../../support/follow-capture.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { ipv4, tcp, udp } from "../../support/segment.ts";

const [FIN, SYN, ACK] = [1, 2, 16];

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

test("a closed connection lingers for as many packets as told, and no longer", () => {
  const others = (count: number): MemoryPacket[] => {
    const data = ipv4(udp(5000, 53, 0), { protocol: 17 });
    return Array.from({ length: count }, () => ({ data, linkType: 101, time: 2e9 }));
  };
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
