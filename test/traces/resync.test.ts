/** What one wound costs: a packet or two, wherever it is, and nothing that was not there. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  interfaceBlock,
  packetBlock,
  pcapBytes,
  sectionBlock,
} from "../support/capture-builder.ts";
import { testRandom } from "../support/random.ts";
import { readBytes } from "../support/read-packets.ts";

const ROUNDS = 200;
const random = testRandom(77);

/** Packets like a web server's: most of them short or full, times close together. */
const packets = Array.from({ length: 400 }, (_, i) => ({
  seconds: 1_700_000_000 + Math.floor(i / 50),
  fraction: (i % 50) * 20_000 + random.below(20_000),
  data: random.bytes(random.pick([60, 66, 66, 74, 96, 1514])),
}));
const original = new Set(packets.map(({ data }) => Buffer.from(data).toString("hex")));
const pcap = pcapBytes(packets);
const pcapng = Buffer.concat([
  sectionBlock(),
  interfaceBlock(),
  ...packets.map(({ seconds, fraction, data }) =>
    packetBlock(BigInt(seconds) * 1_000_000n + BigInt(fraction), data),
  ),
]);

/** Wounds of up to 40 bytes at a place, behind the file's own headers. */
const WOUNDS: Record<string, (bytes: Buffer, at: number, length: number) => Buffer> = {
  "bytes overwritten with noise": (bytes, at, length) => {
    const copy = Buffer.from(bytes);
    copy.set(random.bytes(length).subarray(0, bytes.length - at), at);
    return copy;
  },
  "bytes overwritten with zeros": (bytes, at, length) =>
    Buffer.from(bytes).fill(0, at, at + length),
  "bytes left out": (bytes, at, length) =>
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
  "bytes put in": (bytes, at, length) =>
    Buffer.concat([bytes.subarray(0, at), random.bytes(length), bytes.subarray(at)]),
};

for (const [format, bytes, header] of [
  ["pcap", pcap, 24],
  ["pcapng", pcapng, 48],
] as const) {
  for (const [name, wound] of Object.entries(WOUNDS)) {
    test(`${format}, ${name}: at most two packets are lost and one is changed`, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const at = header + random.below(bytes.length - header);
        const length = 1 + random.below(40);
        const { packets: read, damage } = await readBytes(wound(bytes, at, length));
        const whole = read.filter(({ data }) => original.has(data)).length;
        const about = `round ${round}: ${length} bytes at ${at}: ${JSON.stringify(damage)}`;
        assert.ok(whole >= packets.length - 2, `${about}: ${packets.length - whole} lost`);
        assert.ok(read.length - whole <= 1, `${about}: ${read.length - whole} strange`);
        assert.ok(damage.length <= 2, about);
      }
    });
  }
}

test.run();
