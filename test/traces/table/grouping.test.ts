/** The same comes of a trace's packets, however they are grouped on their way. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionTracker } from "../../../traces/connections.ts";
import { connectionObjects } from "../../support/follow-capture.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { testRandom } from "../../support/random.ts";
import { ipv4, tcp } from "../../support/segment.ts";

/** Segments of many connections whose stamps jitter, and step back by minutes now and then. */
function packets(seed: number, count: number): MemoryPacket[] {
  const random = testRandom(seed);
  let time = 1e12;
  return Array.from({ length: count }, () => {
    time += random.below(2e6);
    if (random.below(4000) === 0) time -= 400e9;
    const port = 1024 + random.below(3000);
    const flags = random.pick([2, 16, 16, 16, 17, 4]);
    const body = tcp({ from: port, flags, sequence: random.below(3), payload: random.below(100) });
    return { data: ipv4(body), linkType: 101, time: time + random.below(50e3) };
  });
}

/** What was told, in the order of telling, when at most `most` packets come at once. */
function told(all: readonly MemoryPacket[], most: number, seed: number) {
  const random = testRandom(seed);
  const tracker = new ConnectionTracker({ idleSeconds: 1 }, batchMemory);
  const connections: unknown[] = [];
  for (let from = 0; from < all.length; ) {
    const count = 1 + random.below(most);
    const activity = tracker.follow(packetBatch(all.slice(from, from + count)));
    connections.push(...connectionObjects(activity.closed));
    from += count;
  }
  for (const { closed } of tracker.end()) connections.push(...connectionObjects(closed));
  return connections;
}

for (const seed of [1, 2]) {
  test(`connections end alike, and in the same order, in groups of any size, seed ${seed}`, () => {
    const all = packets(seed, 30_000);
    const expected = told(all, 8192, 1);
    assert.ok(expected.length > 1000);
    for (const most of [1, 300, 4096]) assert.equal(told(all, most, most), expected, `${most}`);
  });
}

test.run();
