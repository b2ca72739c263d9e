/** Connections out of packets: where they begin, where they end, whose bytes are whose. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ConnectionOptions, ConnectionTracker } from "../../../traces/connections.ts";
import { parseServices } from "../../../traces/service.ts";
import { connectionObjects, type FollowedConnection } from "../../support/follow-capture.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { ipv4, tcp, udp } from "../../support/segment.ts";

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

/**
 * Packets between client `c` (10.0.0.1:40000) and server `s` (10.0.0.2:80), one a line:
 * `SECONDS c|s FLAGS SEQ ACK [PAYLOAD]`.
 */
function conversation(
  text: string,
  ports: [client: number, server: number] = [40000, 80],
): MemoryPacket[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [time, who, flags, sequence, acknowledgment, payload] = line.trim().split(/\s+/);
      const client = who === "c";
      const segment = tcp({
        from: ports[client ? 0 : 1],
        to: ports[client ? 1 : 0],
        sequence: Number(sequence),
        acknowledgment: Number(acknowledgment),
        payload: Number(payload ?? 0),
        flags: [...flags.replace("-", "")].reduce((sum, f) => sum | (FLAGS[f] ?? 0), 0),
      });
      const [source, destination] = client ? ["10.0.0.1", "10.0.0.2"] : ["10.0.0.2", "10.0.0.1"];
      const data = ipv4(segment, { source, destination });
      return { data, linkType: 101, time: Number(time) * 1e9 };
    });
}

function follow(
  packets: readonly MemoryPacket[],
  options: ConnectionOptions = {},
): FollowedConnection[] {
  const tracker = new ConnectionTracker(options, batchMemory);
  // One packet a batch: a batch's end must make no difference.
  const closed = packets.flatMap((packet) =>
    connectionObjects(tracker.follow(packetBatch([packet])).closed),
  );
  for (const activity of tracker.end()) closed.push(...connectionObjects(activity.closed));
  const together = new ConnectionTracker(options, batchMemory);
  const again = connectionObjects(together.follow(packetBatch(packets)).closed);
  for (const activity of together.end()) again.push(...connectionObjects(activity.closed));
  const byId = (a: FollowedConnection, b: FollowedConnection) => a.id - b.id;
  assert.equal(again.sort(byId), closed.sort(byId), "batches make no difference");
  return closed;
}

const OPEN = `
  0   c S  100 0
  0.1 s SA 500 101
  0.2 c A  101 501`;
const CLOSE = `
  1   c FA 101 501
  1.1 s FA 501 102
  1.2 c A  102 502`;

/** `close seconds clientPackets/clientBytes serverPackets/serverBytes [midstream]` of each. */
const summary = (connections: readonly FollowedConnection[]): string[] =>
  connections.map(({ close, duration, packets, bytes, midstream, client }) => {
    const sides = packets.map((n, i) => `${n}/${bytes[i]}`).join(" ");
    const who = client.startsWith("10.0.0.1") ? "" : " reversed";
    return `${close} ${duration / 1e9} ${sides}${midstream ? " midstream" : ""}${who}`;
  });

const CASES: readonly (readonly [name: string, packets: string, expected: readonly string[]])[] = [
  ["a connection closes at the later FIN's acknowledgement", OPEN + CLOSE, ["fin 1.2 4/0 2/0"]],
  [
    "a retransmitted SYN opens no connection",
    `0 c S 100 0\n1 c S 100 0\n3 c S 100 0\n3.1 s SA 500 101`,
    ["open 3.1 3/0 1/0"],
  ],
  [
    "a SYN with a new number on an open 4-tuple opens one",
    `${OPEN}\n 5 c S 900 0`,
    ["idle 0.2 2/0 1/0", "open 0 1/0 0/0"],
  ],
  [
    "a SYN with a new number on a closed 4-tuple opens one",
    `${OPEN}${CLOSE}\n 1.3 c S 900 0\n 1.4 s SA 700 901`,
    ["fin 1.2 4/0 2/0", "open 0.1 1/0 1/0"],
  ],
  [
    "late packets count for the closed connection",
    `${OPEN}${CLOSE}\n 2 s FA 501 102\n 2.1 c A 102 502\n 9 s R 502 0`,
    ["fin 1.2 5/0 4/0"],
  ],
  [
    "a FIN's retransmission needs no second close",
    `${OPEN}\n 1 c FA 101 501\n 2 c FA 101 501\n 2.1 s FA 501 102\n 2.2 c A 102 502`,
    ["fin 2.2 5/0 2/0"],
  ],
  [
    "half closed is open: the other side goes on",
    `${OPEN}\n 1 c FA 101 501\n 1.1 s A 501 102 1000\n 2 s A 1501 102 1000\n 3 c A 102 2501`,
    ["open 3 4/0 3/2000"],
  ],
  [
    "a FIN is acknowledged behind its data",
    `${OPEN}\n 1 c FA 101 501 10\n 1.1 s FA 501 111 5\n 1.2 c A 112 507\n 1.3 s A 507 112`,
    ["fin 1.3 4/10 3/5"],
  ],
  [
    "numbers may wrap",
    `0 c S 4294967290 0\n 0.1 s SA 4294967294 4294967291\n 1 c FA 4294967291 4294967295 9\n 1.1 s FA 4294967295 5\n 1.2 c A 5 0`,
    ["fin 1.2 3/9 2/0"],
  ],
  ["a RST ends it", `${OPEN}\n 4 s R 501 0`, ["reset 4 2/0 2/0"]],
  ["a refused SYN is a connection, reset", "0 c S 100 0\n0.1 s RA 0 101", ["reset 0.1 1/0 1/0"]],
  [
    "a refused SYN tried again with its number is the same",
    "0 c S 100 0\n0.1 s RA 0 101\n0.5 c S 100 0\n0.6 s RA 0 101",
    ["reset 0.1 2/0 2/0"],
  ],
  [
    "a forged RST does not part a handshake",
    "0 c S 100 0\n0.1 s RA 0 101\n1 s SA 500 101\n1.1 c A 101 501",
    ["reset 0.1 2/0 2/0"],
  ],
  [
    "both ends open at once: who was first is the client",
    "0 c S 100 0\n0.1 s S 500 0\n0.2 c SA 100 501\n0.3 s SA 500 101",
    ["open 0.3 2/0 2/0"],
  ],
  [
    "a second server's SYN-ACK is of the same connection",
    "0 c S 100 0\n0.1 s SA 500 101\n0.2 s SA 900 101",
    ["open 0.2 1/0 2/0"],
  ],
  [
    "a SYN-ACK alone tells the server",
    "0 s SA 500 101\n0.1 c A 101 501",
    ["open 0.1 1/0 1/0 midstream"],
  ],
  [
    "a SYN that comes behind its answer is the opening",
    "0 s SA 500 101\n0.1 c S 100 0\n0.2 c A 101 501",
    ["open 0.2 2/0 1/0"],
  ],
  [
    "a SYN that comes behind the data is the opening",
    "0 c A 101 501 7\n0.1 c S 100 0",
    ["open 0.1 2/7 0/0"],
  ],
  ["data on a SYN is payload", "0 c S 100 0 30\n0.1 s SA 500 131", ["open 0.1 1/30 1/0"]],
  [
    "retransmissions count as traffic",
    `${OPEN}\n 1 c PA 101 501 10\n 2 c PA 101 501 10`,
    ["open 2 4/20 1/0"],
  ],
  [
    "an idle connection ends at its last packet",
    `${OPEN}\n 301 c A 101 501 1`,
    ["idle 0.2 2/0 1/0", "open 0 1/1 0/0 midstream"],
  ],
  [
    "silence within the time-out is no end",
    `${OPEN}\n 300.2 c A 101 501 1`,
    ["open 300.2 3/1 1/0"],
  ],
  [
    "midstream, the well-known port is the server's",
    "0 s A 500 101 9\n1 c A 101 509",
    ["open 1 1/0 1/9 midstream"],
  ],
];

for (const [name, text, expected] of CASES) {
  test(name, () => assert.equal(summary(follow(conversation(text))), expected));
}

test("midstream, a registered port faces an ephemeral one; else the lower port is the server", () => {
  const serverOf = (from: number, to: number) =>
    follow(conversation("0 c A 1 1", [from, to]))[0].server.split(" ")[1];
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
  const packets = [...before, ...conversation(OPEN + CLOSE, [40001, 80])];
  assert.equal(summary(follow(packets)), ["fin 1.2 4/0 2/0", "fin 1.2 4/0 2/0"]);
});

test("--service keeps a service's connections, and tells its end midstream", () => {
  const packets = [...conversation(OPEN), ...conversation("1 c A 1 1", [22, 9000])];
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
