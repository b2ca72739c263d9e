/**
 * A length that lies costs the record that tells it and no other, though all packets be of one length:
 * headers read some bytes beside their place may then make sense for as long as the true ones do.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type PcapShapeOptions, pcapBytes } from "../support/capture-builder.ts";
import { projectPath } from "../support/project.ts";
import { readBytes } from "../support/read-packets.ts";

const COUNT = 300;
const NANOSECONDS = 0xa1b23c4d;

const LAYOUTS: Record<string, PcapShapeOptions> = {
  "little-endian": {},
  "big-endian": { little: false },
  "nanosecond little-endian": { magic: NANOSECONDS },
  "nanosecond big-endian": { magic: NANOSECONDS, little: false },
  modified: { magic: 0xa1b2cd34 },
};

/** Whole seconds and fractions of a second's million of packet `i`, in captures slow and fast. */
const CLOCKS: Record<string, (i: number) => { seconds: number; fraction: number }> = {
  "a slow line": (i) => ({ seconds: 1_700_000_000 + (i >> 8), fraction: (i & 255) * 3900 }),
  "a fast line": (i) => ({ seconds: 0x6b0176d2, fraction: 1 + i }),
  "a stopped clock": () => ({ seconds: 0x6a6b0000, fraction: 0 }),
};

const LENGTHS = [60, 64, 80];
const LIES = [0, 1500, 65_535, 262_144, 16 << 20, 0x7fffffff, 0xffffffff];
/** Lies by less than a header. */
const SLIPS = [-12, -4, -1, 1, 2, 4, 16];
const LIARS = [0, 1, 150, COUNT - 8];

/** The first packets of our own recording. */
function recorded(): Buffer[] {
  const bytes = gunzipSync(readFileSync(projectPath("samples/web.pcap.gz")));
  const packets: Buffer[] = [];
  for (let at = 24; packets.length < COUNT; at += 16 + bytes.readUInt32LE(at + 8)) {
    packets.push(bytes.subarray(at + 16, at + 16 + bytes.readUInt32LE(at + 8)));
  }
  return packets;
}

/** `packet` cut or filled up with zeros. */
function fit(packet: Buffer, length: number): Buffer {
  const fitted = Buffer.alloc(length);
  packet.copy(fitted);
  return fitted;
}

const packets = recorded();

for (const [layoutName, layout] of Object.entries(LAYOUTS)) {
  for (const [clockName, clock] of Object.entries(CLOCKS)) {
    test(`${layoutName}, ${clockName}: a lying length loses no other packet`, async () => {
      for (const length of LENGTHS) {
        const data = packets.map((packet) => fit(packet, length));
        const scale = layout.magic === NANOSECONDS ? 1000 : 1;
        const whole = pcapBytes(
          data.map((bytes, i) => {
            const { seconds, fraction } = clock(i);
            return { seconds, fraction: fraction * scale, data: bytes };
          }),
          layout,
        );
        const record = (whole.length - 24) / COUNT;
        const { packets: told } = await readBytes(whole);
        const nameOf = ({ time, data }: (typeof told)[number]) => `${time} ${data}`;
        for (const lie of [...LIES, ...SLIPS.map((slip) => length + slip)]) {
          for (const liar of LIARS) {
            const bytes = Buffer.from(whole);
            const at = 24 + liar * record + 8;
            if (layout.little === false) bytes.writeUInt32BE(lie, at);
            else bytes.writeUInt32LE(lie, at);
            const { packets: read, damage } = await readBytes(bytes);
            const found = new Set(read.map(nameOf));
            const lost = told.filter((packet, i) => i !== liar && !found.has(nameOf(packet)));
            const about = `${length} bytes, ${lie} at packet ${liar + 1}: ${JSON.stringify(damage)}`;
            assert.is(lost.length, 0, about);
            assert.ok(damage.length > 0, about);
          }
        }
      }
    });
  }
}

test.run();
