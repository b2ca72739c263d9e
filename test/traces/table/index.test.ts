/** More connections at once than the index begins with heads for, and what is taken out of its chains. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionTracker } from "../../../traces/connections.ts";
import { connectionObjects, type FollowedConnection } from "../../support/follow-capture.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { testRandom } from "../../support/random.ts";
import { ipv4, tcp } from "../../support/segment.ts";

const COUNT = 70_000;
const AT_ONCE = 8192;
const [SYN, RST, ACK] = [2, 4, 16];

/** A segment of connection `number`, one of some thousand ports at some dozen addresses. */
const segment = (number: number, flags: number, time: number): MemoryPacket => ({
  data: ipv4(tcp({ from: 1024 + (number % 5000), flags, sequence: 1 }), {
    source: `10.0.${number % 7}.${1 + Math.floor(number / 5000)}`,
  }),
  linkType: 101,
  time,
});

test("every packet finds its connection among ever more, and none that has been taken out", () => {
  const tracker = new ConnectionTracker({}, batchMemory);
  const random = testRandom(1);
  const all = Array.from({ length: COUNT }, (_, number) => number);
  const closes = all.filter(() => random.below(3) === 0);
  const isClosed = new Set(closes);
  const stays = all.filter((number) => !isClosed.has(number));
  const found: FollowedConnection[] = [];
  let packets: MemoryPacket[] = [];
  let time = 0;
  const send = (numbers: readonly number[], flags: number): void => {
    for (const number of numbers) packets.push(segment(number, flags, time++));
  };
  send(all, SYN);
  // Those that close have lingered when the others have sent twice, and are opened again.
  send(closes, RST);
  send(stays, ACK);
  send(stays, ACK);
  send(closes, ACK);
  for (; packets.length > 0; packets = packets.slice(AT_ONCE)) {
    found.push(...connectionObjects(tracker.follow(packetBatch(packets.slice(0, AT_ONCE))).closed));
  }
  for (const { closed } of tracker.end()) found.push(...connectionObjects(closed));
  const kinds: Record<string, number> = {};
  for (const { close, packets: sides, midstream } of found) {
    const kind = `${close}, ${sides[0] + sides[1]} packets${midstream ? ", midstream" : ""}`;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  assert.equal(kinds, {
    "reset, 2 packets": closes.length,
    "open, 3 packets": stays.length,
    "open, 1 packets, midstream": closes.length,
  });
});

test.run();
