/** What a group of packets promises about closes, held against every close there is. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionTracker } from "../../../traces/connections.ts";
import { connectionObjects } from "../../support/follow-capture.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { testRandom } from "../../support/random.ts";
import { ipv4, tcp, udp } from "../../support/segment.ts";

/** Packets of a few hundred ports at random, with pauses beyond the time-out now and then. */
function randomPackets(seed: number, count: number): MemoryPacket[] {
  const random = testRandom(seed);
  let time = 0;
  return Array.from({ length: count }, () => {
    time += random.below(500) === 0 ? random.below(1000) * 1e9 : random.below(2e8);
    const port = 1024 + random.below(300);
    const flags = random.pick([2, 16, 16, 16, 17, 4]);
    const sequence = random.below(3);
    const body = random.below(4)
      ? ipv4(tcp({ from: port, flags, sequence, payload: random.below(100) }))
      : ipv4(udp(port, 53, 20), { protocol: 17 });
    return { data: body, linkType: 101, time };
  });
}

for (const seed of [1, 2, 3]) {
  test(`no close is reported that lies before what was settled, seed ${seed}`, () => {
    const tracker = new ConnectionTracker({ idleSeconds: 30 }, batchMemory);
    const packets = randomPackets(seed, 20_000);
    let settled = Number.NEGATIVE_INFINITY;
    let opened = 0;
    let closed = 0;
    let counted = 0;
    const take = (activity: ReturnType<ConnectionTracker["follow"]>) => {
      for (const { start, duration, packets: sides } of connectionObjects(activity.closed)) {
        assert.ok(start + duration >= settled, `${start + duration} closes before ${settled}`);
        counted += sides[0] + sides[1];
        closed++;
      }
      opened += activity.opened.count;
      assert.ok(activity.settled >= settled, "settled time goes forward");
      settled = activity.settled;
    };
    for (let from = 0; from < packets.length; from += 100) {
      take(tracker.follow(packetBatch(packets.slice(from, from + 100))));
    }
    const last = packets.at(-1)?.time ?? 0;
    // Nothing stays open beyond the time-out; looking is paid for by some groups of packets.
    assert.ok(last - settled < 100e9, `${(last - settled) / 1e9} s behind`);
    for (const activity of tracker.end()) take(activity);
    assert.is(closed, opened);
    assert.is(counted, packets.length);
    assert.is(tracker.size, 0);
  });
}

test("a stretch without any connection settles nothing of what opens after it", () => {
  const tracker = new ConnectionTracker({ idleSeconds: 30 }, batchMemory);
  const segment = (port: number, seconds: number): MemoryPacket => ({
    data: ipv4(tcp({ from: port, flags: 16, sequence: 1, payload: 10 })),
    linkType: 101,
    time: seconds * 1e9,
  });
  const ping = (seconds: number): MemoryPacket => ({
    data: ipv4(new Uint8Array(8), { protocol: 1 }),
    linkType: 101,
    time: seconds * 1e9,
  });
  const packets = [segment(1024, 0)];
  for (let seconds = 1; seconds < 200; seconds++) packets.push(ping(seconds));
  // One of them falls silent at once, the other keeps the clock going.
  packets.push(segment(1025, 200));
  for (let seconds = 201; seconds < 300; seconds++) packets.push(segment(1026, seconds));
  const before = new Map<number, number>();
  for (const packet of packets) {
    const activity = tracker.follow(packetBatch([packet]));
    for (const { id, start, duration } of connectionObjects(activity.closed)) {
      const settled = before.get(id) ?? Number.NEGATIVE_INFINITY;
      assert.ok(start + duration >= settled, `${start + duration} closes before ${settled}`);
    }
    for (const id of [0, 1, 2]) before.set(id, activity.settled);
  }
});

test.run();
