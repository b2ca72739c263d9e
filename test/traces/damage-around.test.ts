/** What surrounds damage: what it must not take along, and what must not be taken for something else. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { interfaceBlock, pcapBytes, pcapHeader, pcapRecord } from "../support/capture-builder.ts";
import {
  BLOCK,
  changed,
  FIRST_BLOCK,
  numberedPacket,
  numberedRecords,
  numbers,
  tenBlocks,
} from "../support/numbered-capture.ts";
import { testRandom } from "../support/random.ts";
import { PieceSource, readBytes, readSource } from "../support/read-packets.ts";

test("an interface that is not described is complained of once, not for each packet", async () => {
  const blocks = tenBlocks();
  const { packets, damage } = await readBytes(
    Buffer.concat([blocks.subarray(0, 28), blocks.subarray(FIRST_BLOCK), interfaceBlock()]),
  );
  assert.equal([packets.length, damage.length], [0, 1]);
});

test("what is believed behind damage does not depend on how bytes come", async () => {
  const bytes = changed(tenBlocks(), (b) => {
    b.fill(0xff, FIRST_BLOCK + BLOCK, FIRST_BLOCK + BLOCK + 8);
    b.writeUInt32LE(96, FIRST_BLOCK + 6 * BLOCK - 4);
  });
  const whole = await readBytes(bytes);
  const piecewise = await readSource(new PieceSource(bytes, () => 1));
  assert.equal(piecewise, whole);
});

test("a packet behind a skipped one keeps its own number", async () => {
  const { packets } = await readBytes(
    changed(tenBlocks(), (b) => b.writeUInt32LE(7, FIRST_BLOCK + 3 * BLOCK + 8)),
  );
  assert.equal(
    packets.map(({ number }) => number),
    [1, 2, 3, 5, 6, 7, 8, 9, 10],
  );
});

test("a capture carried inside a packet is not taken for records of its own", async () => {
  const inner = pcapBytes(numbers(50, 57).map((n) => numberedPacket(n)));
  const outer = Buffer.concat([
    pcapHeader(),
    numberedRecords(1, 3),
    pcapRecord({ ...numberedPacket(4), data: inner }),
    testRandom(6).bytes(40),
    numberedRecords(5, 10),
  ]);
  const { packets } = await readBytes(outer);
  assert.equal(
    packets.map(({ data }) => data.length / 2),
    [60, 60, 60, inner.length, 60, 60, 60, 60, 60, 60],
  );
});

test.run();
