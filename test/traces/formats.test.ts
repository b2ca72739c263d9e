import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  block,
  interfaceBlock,
  oldPacketBlock,
  packetBlock,
  pcapBytes,
  sectionBlock,
  simpleBlock,
} from "../support/capture-builder.ts";
import { testRandom } from "../support/random.ts";
import { PieceSource, readBytes, readSource } from "../support/read-packets.ts";

const SECOND = 1_000_000_000n;
const data = (byte: number, length = 60) => new Uint8Array(length).fill(byte);

for (const little of [true, false]) {
  const order = little ? "little" : "big";

  for (const [magic, name, unit] of [
    [0xa1b2c3d4, "microsecond", 1000n],
    [0xa1b23c4d, "nanosecond", 1n],
    [0xa1b2cd34, "modified", 1000n],
  ] as const) {
    test(`a ${order}-endian ${name} pcap is read to the last bit`, async () => {
      const { packets, damage } = await readBytes(
        pcapBytes(
          [
            { seconds: 1_700_000_000, fraction: 999_999, data: data(1, 5), wire: 70 },
            { seconds: 1_699_999_999, fraction: 3, data: data(2) },
          ],
          { little, magic, linkType: 113 },
        ),
      );
      assert.equal(damage, []);
      assert.equal(packets, [
        {
          file: 0,
          number: 1,
          time: 1_700_000_000n * SECOND + 999_999n * unit,
          wire: 70,
          linkType: 113,
          data: "0101010101",
        },
        {
          file: 0,
          number: 2,
          time: 1_699_999_999n * SECOND + 3n * unit,
          wire: 60,
          linkType: 113,
          data: "02".repeat(60),
        },
      ]);
    });
  }

  test(`a ${order}-endian pcapng's three packet blocks and unknown blocks are read`, async () => {
    const { packets, damage } = await readBytes(
      Buffer.concat([
        sectionBlock(little),
        interfaceBlock({ linkType: 101, snaplen: 4 }, little),
        interfaceBlock({ linkType: 1, resolution: 9, offsetSeconds: -5n }, little),
        packetBlock(1_700_000_000_000_001n, data(1, 3), { wire: 9, little }),
        block(0x0bad, data(9, 13), little),
        packetBlock(1_700_000_007_000_000_003n, data(2, 4), { face: 1, little }),
        oldPacketBlock(1_700_000_003_000_000n, data(3, 2), little),
        simpleBlock(data(4, 4), 400, little),
        block(0x80001234, data(9, 0), little),
      ]),
    );
    assert.equal(damage, []);
    assert.equal(
      packets.map(({ time, wire, linkType, data }) => [time, wire, linkType, data]),
      [
        [1_700_000_000n * SECOND + 1000n, 9, 101, "010101"],
        [1_700_000_002n * SECOND + 3n, 4, 1, "02020202"],
        [1_700_000_003n * SECOND, 2, 101, "0303"],
        [1_700_000_003n * SECOND, 400, 101, "04040404"],
      ],
    );
  });
}

test("sections of both byte orders may follow one another, each with its own interfaces", async () => {
  const { packets, damage } = await readBytes(
    Buffer.concat([
      sectionBlock(true),
      interfaceBlock({ linkType: 1 }, true),
      packetBlock(1_000_000n, data(1, 1)),
      sectionBlock(false),
      interfaceBlock({ linkType: 101, resolution: 3 }, false),
      packetBlock(2000n, data(2, 1), { little: false }),
    ]),
  );
  assert.equal(damage, []);
  assert.equal(
    packets.map(({ number, time, linkType }) => [number, time, linkType]),
    [
      [1, SECOND, 1],
      [2, 2n * SECOND, 101],
    ],
  );
});

const RESOLUTIONS: readonly [string, number, bigint, bigint][] = [
  ["seconds", 0, 7n, 7n * SECOND],
  ["milliseconds", 3, 7001n, 7001_000_000n],
  ["nanoseconds", 9, 1_700_000_000_123_456_789n, 1_700_000_000_123_456_789n],
  ["picoseconds", 12, 1_700_000_123_456_789_999n, 1_700_000_123_456_789n],
  ["1/1024 s", 0x8a, 1025n, SECOND + 976_562n],
  [
    "2^-32 s, as NTP counts",
    0xa0,
    (1_700_000_000n << 32n) + (1n << 31n),
    1_700_000_000_500_000_000n,
  ],
  ["10^-100 s, which nobody can mean", 100, 1n << 60n, 0n],
];
for (const [name, resolution, units, expected] of RESOLUTIONS) {
  test(`if_tsresol: ${name}`, async () => {
    const { packets } = await readBytes(
      Buffer.concat([
        sectionBlock(),
        interfaceBlock({ resolution }),
        packetBlock(units, data(1)),
        packetBlock(units, data(1)),
      ]),
    );
    assert.equal(
      packets.map(({ time }) => time),
      [expected, expected],
    );
  });
}

test("versions before 2.3 hold the two lengths the other way round", async () => {
  const { packets } = await readBytes(
    pcapBytes([{ seconds: 1, fraction: 2, data: data(1, 3), wire: 50 }], { minor: 2 }),
  );
  assert.is(packets[0].data, "010101");
  assert.is(packets[0].wire, 50);
});

test("an FCS length beside the link type is no damage, other bits there are", async () => {
  const packets = [{ seconds: 1, fraction: 2, data: data(1) }];
  const fcs = await readBytes(pcapBytes(packets, { linkType: 0x24000001 }));
  assert.equal([fcs.packets[0].linkType, fcs.damage], [1, []]);
  const odd = await readBytes(pcapBytes(packets, { linkType: 0x00300001 }));
  assert.is(odd.packets[0].linkType, 1);
  assert.is(odd.damage[0].offset, 20);
});

test("what writers get wrong without damage is read: times, lengths, jumps of the clock", async () => {
  const { packets, damage } = await readBytes(
    pcapBytes([
      { seconds: 10, fraction: 1_500_000, data: data(1) },
      { seconds: 1_700_000_000, fraction: 0, data: data(2), wire: 0 },
      { seconds: 1_000_000_000, fraction: 0, data: data(3, 70_000), wire: 60 },
      { seconds: 5_000_000, fraction: 0, data: data(4) },
    ]),
  );
  assert.equal(damage, []);
  assert.equal(
    packets.map(({ time, wire }) => [time, wire]),
    [
      [11_500_000_000n, 60],
      [1_700_000_000n * SECOND, 60],
      [1_000_000_000n * SECOND, 70_000],
      [5_000_000n * SECOND, 60],
    ],
  );
});

test("a capture without packets is no fault", async () => {
  assert.equal(await readBytes(pcapBytes([])), { packets: [], damage: [] });
  assert.equal(await readBytes(sectionBlock()), { packets: [], damage: [] });
});

test("how the source cuts the file into pieces changes nothing", async () => {
  const random = testRandom(5);
  for (let round = 0; round < 40; round++) {
    const list = Array.from({ length: 200 }, (_, i) => ({
      seconds: 1_700_000_000 + i,
      fraction: random.below(1_000_000),
      data: random.bytes(1 + random.below(round % 4 === 0 ? 9000 : 100)),
    }));
    const whole =
      round % 2 === 0
        ? pcapBytes(list)
        : Buffer.concat([
            sectionBlock(),
            interfaceBlock(),
            ...list.map(({ seconds, data }) => packetBlock(BigInt(seconds) * 1_000_000n, data)),
          ]);
    // Damage too: what is found there must not depend on the pieces either.
    if (round % 3 === 0) whole.fill(0xee, 3000, 3000 + random.below(300));
    const expected = await readBytes(whole);
    const most = random.pick([1, 7, 100, 5000]);
    const pieces = new PieceSource(whole, () => 1 + random.below(most));
    assert.equal(await readSource(pieces), expected, `round ${round}`);
    assert.ok(expected.packets.length > 150, `round ${round}`);
  }
});

test.run();
