import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openTrace } from "../../traces/open.ts";
import { createPcapFile, PcapWriter } from "../../traces/pcap-writer.ts";
import { testRandom } from "../support/random.ts";

const folder = mkdtempSync(join(tmpdir(), "anypin-writer-"));
test.after(() => rmSync(folder, { recursive: true }));

test("what is written is read again to the nanosecond and the byte, over many chunks", async () => {
  const random = testRandom(11);
  const path = join(folder, "ns.pcap");
  const origin = 1_700_000_000_999_999_999n;
  const packets = Array.from({ length: 2000 }, (_, i) => ({
    time: i === 0 ? 0 : i * 1_000_003 + random.below(1_000_000),
    data: random.bytes(1 + random.below(1500)),
    wire: 2000 + i,
  }));
  const { writer, close } = createPcapFile(path, { linkType: 101, origin });
  for (const { time, data, wire } of packets) writer.write(time, data, 0, data.length, wire);
  close();
  const trace = await openTrace([path]);
  assert.is(trace.origin, origin);
  let seen = 0;
  for await (const batch of trace) {
    for (let i = 0; i < batch.count; i++) {
      const { time, data, wire } = packets[batch.firstNumber + i - 1];
      const from = batch.offset[i];
      assert.is(batch.time[i], time);
      assert.is(batch.wire[i], wire);
      assert.is(batch.linkType[i], 101);
      assert.is(Buffer.compare(batch.bytes.subarray(from, from + batch.captured[i]), data), 0);
      seen++;
    }
  }
  assert.is(seen, packets.length);
  assert.equal(trace.damage, []);
});

test("microseconds are cut, the snaplen keeps the front of a packet", () => {
  const chunks: Uint8Array[] = [];
  const writer = new PcapWriter(
    { linkType: 1, origin: 5_000_000_000n, snaplen: 3, microseconds: true },
    (chunk) => chunks.push(chunk),
  );
  writer.write(1_999_999, Uint8Array.of(9, 1, 2, 3, 4), 1, 4);
  writer.write(-1, Uint8Array.of(7), 0, 1, 60);
  writer.flush();
  assert.is(
    Buffer.concat(chunks).toString("hex"),
    "d4c3b2a1020004000000000000000000" +
      "0300000001000000" +
      "05000000cf0700000300000004000000010203" +
      "040000003f420f00010000003c00000007",
  );
});

test("a packet longer than a chunk is written whole", () => {
  const chunks: Uint8Array[] = [];
  const writer = new PcapWriter({ linkType: 1, snaplen: 1 << 20 }, (chunk) => chunks.push(chunk));
  writer.write(0, new Uint8Array(600_000).fill(5), 0, 600_000);
  writer.flush();
  assert.is(Buffer.concat(chunks).length, 24 + 16 + 600_000);
});

test.run();
