/** What a table says that connections moved in windows, held against what it says of every packet. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Activity, type ByteChoice, EVERY_PACKET } from "../../../traces/activity.ts";
import { ConnectionTracker } from "../../../traces/connections.ts";
import { parseServices } from "../../../traces/service-text.ts";
import { movesOf } from "../../support/moves.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { testRandom } from "../../support/random.ts";
import { ipv4, tcp, udp } from "../../support/segment.ts";

const CHOICES = (["payload", "wire"] as const).flatMap((layer) =>
  (["both", "in", "out"] as const).map((direction): ByteChoice => ({ layer, direction })),
);
const WINDOW = 1e8;

/** Segments and datagrams of some hundred pairs, either way, whose stamps jitter and jump. */
function randomPackets(seed: number, count: number): MemoryPacket[] {
  const random = testRandom(seed);
  let time = 1e12;
  return Array.from({ length: count }, () => {
    time += random.below(400) === 0 ? random.below(2e9) : random.below(1e6);
    if (random.below(6000) === 0) time -= 400e9;
    const [from, to] = [1024 + random.below(400), random.pick([80, 80, 443])];
    const back = random.below(2) === 1;
    const ends = back ? { from: to, to: from } : { from, to };
    const ways = { source: "10.0.0.1", destination: "10.0.0.2" };
    const addresses = back ? { source: ways.destination, destination: ways.source } : ways;
    const payload = random.pick([0, 0, random.below(1400)]);
    const data =
      random.below(5) === 0
        ? ipv4(udp(ends.from, ends.to, payload), { ...addresses, protocol: 17 })
        : ipv4(
            tcp({
              ...ends,
              flags: random.pick([2, 18, 16, 16, 16, 16, 17, 4]),
              sequence: random.below(3),
              payload,
            }),
            addresses,
          );
    return { data, linkType: 101, time: time - random.below(10) * random.below(3e7) };
  });
}

/** Feeds `packets` in groups of up to `most`, and hands on all that is told. */
function follow(
  tracker: ConnectionTracker,
  packets: readonly MemoryPacket[],
  most: number,
  take: (activity: Activity, idOf: (slot: number) => number) => void,
): void {
  const random = testRandom(most);
  const ids = new Map<number, number>();
  const idOf = (slot: number) => ids.get(slot) ?? -1;
  const told = (activity: Activity) => {
    const { opened, openedSlot } = activity;
    for (let row = 0; row < opened.count; row++) ids.set(openedSlot[row], opened.id[row]);
    take(activity, idOf);
  };
  for (let from = 0; from < packets.length; ) {
    const count = 1 + random.below(most);
    told(tracker.follow(packetBatch(packets.slice(from, from + count))));
    from += count;
  }
  for (const activity of tracker.end()) told(activity);
}

type Sums = Map<string, number>;
const add = (sums: Sums, key: string, bytes: number) => sums.set(key, (sums.get(key) ?? 0) + bytes);
const sorted = (sums: Sums) => [...sums].sort(([a], [b]) => (a < b ? -1 : 1));

/** Bytes per connection and window, by every packet. */
function byPackets(
  packets: readonly MemoryPacket[],
  { layer, direction }: ByteChoice,
  service?: string,
) {
  const sums: Sums = new Map();
  const options = { idleSeconds: 1, service: service ? parseServices([service]) : null };
  const tracker = new ConnectionTracker(options, batchMemory, EVERY_PACKET);
  follow(tracker, packets, 1, ({ packets: count, slot, time, payload, wire, fromServer }, idOf) => {
    for (let i = 0; i < count; i++) {
      const bytes = (layer === "wire" ? wire : payload)[i];
      const counts = direction === "both" || (direction === "out") === (fromServer[i] === 1);
      if (slot[i] >= 0 && counts && bytes > 0)
        add(sums, `${idOf(slot[i])} ${Math.floor(time[i] / WINDOW)}`, bytes);
    }
  });
  return sorted(sums);
}

/** The same by what it says that they moved. */
function byMoves(
  packets: readonly MemoryPacket[],
  choice: ByteChoice,
  most: number,
  service?: string,
) {
  const sums: Sums = new Map();
  const options = { idleSeconds: 1, service: service ? parseServices([service]) : null };
  const telling = { packets: false, moves: { windowNs: WINDOW, ...choice } };
  const tracker = new ConnectionTracker(options, batchMemory, telling);
  let settled = Number.NEGATIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  follow(tracker, packets, most, (activity, idOf) => {
    assert.is(activity.packets, 0);
    for (const { window, bytes, slot, late } of movesOf(activity, batchMemory.buffer)) {
      assert.ok(bytes > 0);
      if (!late) {
        assert.ok((window + 1) * WINDOW > settled, `window ${window} was over`);
        assert.ok(window >= last, "windows go forward");
        last = window;
      }
      add(sums, `${idOf(slot)} ${window}`, bytes);
    }
    settled = activity.settled;
  });
  return sorted(sums);
}

for (const [seed, choice] of CHOICES.entries()) {
  const { layer, direction } = choice;
  test(`moves are what packets come to: ${layer}, ${direction}`, () => {
    const packets = randomPackets(seed, 15_000);
    const expected = byPackets(packets, choice);
    assert.ok(expected.length > 1500);
    for (const most of [1, 300, 5000]) assert.equal(byMoves(packets, choice, most), expected);
  });
}

test("of one service, nobody else's moves are told", () => {
  const packets = randomPackets(9, 10_000);
  const [choice, service] = [CHOICES[3], "10.0.0.2:443"];
  const expected = byPackets(packets, choice, service);
  assert.ok(expected.length > 500);
  assert.equal(byMoves(packets, choice, 200, service), expected);
});

test("what a late SYN turns around counts as it did before, and the rest as it does since", () => {
  const segment = (back: boolean, flags: number, payload: number, time: number): MemoryPacket => {
    const [from, to] = back ? [80, 40000] : [40000, 80];
    const [source, destination] = back ? ["10.0.0.2", "10.0.0.1"] : ["10.0.0.1", "10.0.0.2"];
    // The number before that of the first byte.
    const sequence = flags === 2 ? 999 : 1000;
    const data = ipv4(tcp({ from, to, flags, payload, sequence }), { source, destination });
    return { data, linkType: 101, time };
  };
  // Port 80 is the client after all: its SYN comes behind what both have sent, in window 2.
  const packets = [
    segment(true, 16, 100, 0.1 * WINDOW),
    segment(false, 16, 1, 0.2 * WINDOW),
    segment(true, 16, 200, 2.1 * WINDOW),
    segment(false, 16, 2, 2.2 * WINDOW),
    segment(true, 2, 0, 2.3 * WINDOW),
    segment(true, 16, 400, 2.4 * WINDOW),
    segment(false, 16, 4, 2.5 * WINDOW),
    segment(false, 16, 8, 3.5 * WINDOW),
  ];
  const told = { in: [1, 2 + 400, 0], out: [100, 200 + 4, 8], both: [101, 606, 8] };
  for (const [direction, [first, second, third]] of Object.entries(told)) {
    const choice = { layer: "payload", direction } as ByteChoice;
    const expected = [
      ["0 0", first],
      ["0 2", second],
      ["0 3", third],
    ].filter(([, bytes]) => bytes !== 0);
    assert.equal(byPackets(packets, choice), expected, direction);
    assert.equal(byMoves(packets, choice, 3), expected, direction);
  }
});

test("sums that come round lose nothing, in one window or over several", () => {
  const wire = 2 ** 32 - 1;
  const data = ipv4(tcp({ flags: 16, payload: 10 }));
  const packets = [0, 0.1, 0.2, 1.1, 1.2, 3.5, 3.6].map(
    (window): MemoryPacket => ({ data, linkType: 101, wire, time: window * WINDOW }),
  );
  const choice: ByteChoice = { layer: "wire", direction: "both" };
  assert.equal(byMoves(packets, choice, 2), [
    ["0 0", 3 * wire],
    ["0 1", 2 * wire],
    ["0 3", 2 * wire],
  ]);
});

test.run();
