/** What damage costs: no claimed length sizes a buffer, no garbage is held as a whole. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pcapBytes, pcapHeader } from "../support/capture-builder.ts";
import {
  changed,
  FIRST_BLOCK,
  numberedPacket,
  numberedRecords,
  ten,
  tenBlocks,
} from "../support/numbered-capture.ts";
import { testRandom } from "../support/random.ts";
import { PieceSource, readSource } from "../support/read-packets.ts";

test("a length sizes no buffer: 4 GiB claimed in a small file cost a small file's memory", async () => {
  for (const bytes of [
    changed(ten(), (b) => b.writeUInt32LE(262_144, 24 + 8)),
    changed(ten(), (b) => b.writeUInt32LE(0xfffffffc, 24 + 8)),
    changed(tenBlocks(), (b) => b.writeUInt32LE(0xfffffffc, FIRST_BLOCK + 4)),
    changed(tenBlocks(), (b) => b.writeUInt32LE(16 << 20, FIRST_BLOCK + 4)),
    changed(pcapBytes([numberedPacket(1)], { linkType: 220 }), (b) =>
      b.writeUInt32LE(16 << 20, 24 + 8),
    ),
  ]) {
    const source = new PieceSource(bytes);
    await readSource(source);
    assert.ok(source.longest <= 256 * 1024, `${source.longest}`);
  }
});

test("megabytes of garbage are passed over in one go, a window at a time", async () => {
  const garbage = testRandom(7).bytes(3_000_000);
  for (const [front, back] of [
    [Buffer.concat([pcapHeader(), numberedRecords(1, 10)]), numberedRecords(11, 20)],
    [tenBlocks(), tenBlocks().subarray(FIRST_BLOCK)],
  ]) {
    const source = new PieceSource(Buffer.concat([front, garbage, back]));
    const { packets, damage } = await readSource(source);
    assert.is(packets.length, 20);
    assert.ok(source.longest <= 512 * 1024, `a window of ${source.longest} bytes`);
    assert.equal(
      damage.map(({ skipped }) => skipped),
      [3_000_000],
    );
  }
});

test.run();
