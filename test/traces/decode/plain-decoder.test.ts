/** What is decoded in WebAssembly, held against the layers that decode everything else. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PacketDecoder } from "../../../traces/decode/packet-decoder.ts";
import {
  CHUNK_PACKETS,
  chunkRows,
  DESTINATION,
  END,
  HASH,
  KIND,
  PAYLOAD,
  PORTS,
  ROW_SHIFT,
  SOURCE,
} from "../../../traces/decode/packet-rows.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { testRandom } from "../../support/random.ts";
import { ethernet, ipv4, tcp } from "../../support/segment.ts";

const [LINKTYPE_ETHERNET, LINKTYPE_USER0, LINKTYPE_IPV4] = [1, 147, 228];
const ETHERNET_HEADER = 14;

/**
 * Bytes of a frame that say what its packet is: IPv4's version and header length, its total length,
 * fragment, time to live and protocol; TCP's data offset and flags.
 */
const TELLING = [14, 16, 17, 20, 21, 22, 23, 46, 47] as const;

/** Rows of packets as words from the kind to the payload; what has no transport has only those two. */
function decode(packets: readonly MemoryPacket[]) {
  const decoder = new PacketDecoder({ tunnels: false });
  const rows = chunkRows(batchMemory);
  const found = Array.from({ length: packets.length }, (_, i) => {
    if (i % CHUNK_PACKETS > 0) return null;
    const chunk = packets.slice(i, i + CHUNK_PACKETS);
    decoder.decode(packetBatch(chunk), 0, chunk.length, rows);
    return chunk.map((_, n) => {
      const words = [...rows.words.subarray(n << ROW_SHIFT, (n << ROW_SHIFT) + PAYLOAD + 1)];
      return words[KIND] < 0 ? [words[KIND], words[PAYLOAD]] : words;
    });
  });
  return { rows: found.flatMap((chunk) => chunk ?? []), skipped: decoder.skipped };
}

test("frames are decoded like the packets in them, whatever their headers say", () => {
  const random = testRandom(1);
  const frames = Array.from({ length: 20_000 }, (_, i): MemoryPacket => {
    const payload = random.below(3) * random.below(40);
    const segment = tcp({ sequence: i, flags: random.below(256), payload });
    const padding = Buffer.alloc(random.below(2) * random.below(20), 0x50);
    const frame = Buffer.concat([ethernet(ipv4(segment, { id: i % 5 }), 0x0800), padding]);
    for (let changes = random.below(3); changes > 0; changes--) {
      const at = random.pick(TELLING);
      frame[at] = random.pick([0, 0x45, random.below(256), frame[at] ^ (1 << random.below(8))]);
    }
    const captured = random.below(3) ? frame.length : Math.min(frame.length, 34 + random.below(60));
    const wire = Math.max(captured, frame.length - random.below(2) * random.below(20));
    return { data: frame.subarray(0, captured), wire, time: i, linkType: LINKTYPE_ETHERNET };
  });
  const inside = frames.map(({ data, wire = 0, time = 0 }) => ({
    data: data.subarray(ETHERNET_HEADER),
    wire: wire - ETHERNET_HEADER,
    time,
    linkType: LINKTYPE_IPV4,
  }));
  const [plain, layers] = [decode(frames), decode(inside)];
  for (const [i, row] of plain.rows.entries()) {
    assert.equal(
      row,
      layers.rows[i],
      `${Buffer.from(frames[i].data).toString("hex")} of ${frames[i].wire}`,
    );
  }
  assert.equal(plain.skipped, layers.skipped);
});

test("what looks like Ethernet and is said to be something else is not decoded as such", () => {
  const data = ethernet(ipv4(tcp()), 0x0800);
  const { rows } = decode([{ data, linkType: LINKTYPE_USER0 }, { data }]);
  assert.equal(rows[0], [-1, 0]);
  assert.is(rows[1][KIND], 0);
});

for (const [name, one, other] of [
  ["addresses", ["10.0.0.1", 40000], ["10.0.0.2", 80]],
  ["addresses below and above 128.0.0.0", ["10.0.0.1", 80], ["203.0.113.9", 40000]],
  ["ports of one address", ["10.0.0.1", 80], ["10.0.0.1", 40000]],
] as const) {
  test(`both ways between ${name} have one key, and each row tells which end sent`, () => {
    type End = typeof one | typeof other;
    const way = ([source, from]: End, [destination, to]: End) =>
      ipv4(tcp({ from, to }), { source, destination });
    const decoder = new PacketDecoder({ tunnels: false });
    const rows = chunkRows(batchMemory);
    const packets = [way(one, other), way(other, one)].map((data) => ({
      data,
      linkType: LINKTYPE_IPV4,
    }));
    decoder.decode(packetBatch(packets), 0, 2, rows);
    decoder.makeKeys(rows, 0, 2);
    const [there, back] = [0, 1].map((row) => rows.words.subarray(row << ROW_SHIFT));
    const key = (row: Int32Array) => [SOURCE, DESTINATION, PORTS, HASH].map((word) => row[word]);
    assert.equal(key(there), key(back));
    assert.equal([there[END], back[END]].sort(), [0, 1]);
  });
}

test.run();
