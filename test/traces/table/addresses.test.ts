/** Connections between IPv6 addresses, of which far more come and go than are held at once. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatWords } from "../../../stack/wire/address.ts";
import type { ConnectionColumns } from "../../../traces/connection.ts";
import { ConnectionTracker } from "../../../traces/connections.ts";
import { connectionObjects } from "../../support/follow-capture.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { testRandom } from "../../support/random.ts";
import { ipv4, ipv6, tcp, udp } from "../../support/segment.ts";

const FLOWS = 3000;
/** Flows that go on from round to round; the addresses of the others are met in one round only. */
const LASTING = 300;
const ROUNDS = 20;
const [CLIENT_PORT, SERVER_PORT] = [5000, 6000];
/** Where a raw IPv6 packet has its addresses and, with UDP in it, its ports. */
const [SOURCE, DESTINATION, PORTS] = [8, 24, 40];

/** Addresses of which many agree in one half. */
const client = (n: number): number[] => [0x20010db8, n % 61, 0, Math.floor(n / 61)];
/** Some servers have many clients, others one. */
const server = (n: number): number[] => [0x20010db9, 0, 0, n % 3 ? n % 7 : n];
const text = ([a, b, c, d]: number[], port: number): string => `${formatWords(a, b, c, d)} ${port}`;

test("IPv6 flows are kept apart, and memory follows the addresses that are held", () => {
  const tracker = new ConnectionTracker({ idleSeconds: 3 }, batchMemory);
  const data = ipv6(udp(CLIENT_PORT, SERVER_PORT, 8), 17);
  const batch = packetBatch(Array.from({ length: FLOWS }, () => ({ data, linkType: 101 })));
  const random = testRandom(1);
  const found = new Map<string, [number, number][]>();
  const note = (closed: ConnectionColumns): void => {
    for (const flow of connectionObjects(closed)) {
      const name = `${flow.client} > ${flow.server}`;
      found.set(name, [...(found.get(name) ?? []), flow.packets]);
    }
  };
  const put = (at: number, words: readonly number[]): void => {
    for (const [i, word] of words.entries()) batch.view.setUint32(at + 4 * i, word);
  };
  const expected = new Map<string, [number, number][]>();
  let held = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const answers of [false, true]) {
      const turn = random.below(FLOWS);
      for (let i = 0; i < FLOWS; i++) {
        const flow = (i + turn) % FLOWS;
        const number = flow < LASTING ? flow : round * FLOWS + flow;
        const at = batch.offset[i];
        put(at + SOURCE, answers ? server(number) : client(number));
        put(at + DESTINATION, answers ? client(number) : server(number));
        const [from, to] = answers ? [SERVER_PORT, CLIENT_PORT] : [CLIENT_PORT, SERVER_PORT];
        put(at + PORTS, [(from << 16) | to]);
        batch.time[i] = 2e9 * round + (answers ? 1e9 : 0);
        const name = `${text(client(number), CLIENT_PORT)} > ${text(server(number), SERVER_PORT)}`;
        const packets = flow < LASTING ? ROUNDS : 1;
        expected.set(name, [[packets, packets]]);
      }
      note(tracker.follow(batch).closed);
    }
    if (round === ROUNDS / 4) held = batchMemory.buffer.byteLength;
  }
  assert.is(batchMemory.buffer.byteLength, held);
  for (const { closed } of tracker.end()) note(closed);
  assert.is(tracker.size, 0);
  assert.is(found.size, expected.size);
  for (const [name, packets] of expected) assert.equal(found.get(name), packets, name);
});

test("an IPv6 4-tuple that is used again and again at once keeps its addresses", () => {
  const tracker = new ConnectionTracker({}, batchMemory);
  const syn = (sequence: number, from: string, to: string): MemoryPacket => ({
    data: ipv6(tcp({ sequence }), 6, undefined, from, to),
    linkType: 101,
  });
  const again = Array.from({ length: 50 }, (_, i) => syn(1000 * i, "2001:db8::1", "2001:db8::2"));
  const others = Array.from({ length: 50 }, (_, i) =>
    syn(1, `2001:db8::1:${i + 1}`, "2001:db8::3"),
  );
  const found: string[] = [];
  const note = ({ closed }: { closed: ConnectionColumns }): void => {
    for (const { client, server } of connectionObjects(closed)) found.push(`${client} ${server}`);
  };
  note(tracker.follow(packetBatch(again)));
  note(tracker.follow(packetBatch(others)));
  for (const activity of tracker.end()) note(activity);
  const expected = [
    ...again.map(() => "2001:db8::1 40000 2001:db8::2 80"),
    ...others.map((_, i) => `2001:db8::1:${i + 1} 40000 2001:db8::3 80`),
  ];
  assert.equal(found.sort(), expected.sort());
});

test("IPv4 addresses stand where IPv6 ones stood before", () => {
  const tracker = new ConnectionTracker({}, batchMemory);
  const opened = (data: Uint8Array): string[] =>
    connectionObjects(tracker.follow(packetBatch([{ data, linkType: 101 }])).opened).map(
      ({ client, server }) => `${client} ${server}`,
    );
  assert.equal(opened(ipv6(udp(1, 2, 0), 17)), ["2001:db8::1 1 2001:db8::2 2"]);
  assert.equal(opened(ipv4(udp(1, 2, 0), { protocol: 17 })), ["10.0.0.1 1 10.0.0.2 2"]);
});

test.run();
