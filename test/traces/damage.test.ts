/** Captures broken on purpose: what is still read, and what is said about it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { describeDamage } from "../../traces/errors.ts";
import { pcapHeader } from "../support/capture-builder.ts";
import {
  BLOCK,
  changed,
  FIRST_BLOCK,
  numberedRecords,
  numbers,
  RECORD,
  spliced,
  ten,
  tenBlocks,
} from "../support/numbered-capture.ts";
import { testRandom } from "../support/random.ts";
import { readBytes } from "../support/read-packets.ts";

/** Name, file, packets still read (by the number they hold), and what is said, in short. */
const CASES: readonly [string, Buffer, number[], string[]][] = [
  [
    "a pcap cut in a packet",
    ten().subarray(0, 24 + 9 * RECORD + 30),
    numbers(1, 9),
    ["byte 708, packet 10: expected the 60 bytes of a packet, found the end of the file after 14"],
  ],
  [
    "a pcap cut in a record header",
    ten().subarray(0, 24 + 9 * RECORD + 7),
    numbers(1, 9),
    [
      "byte 708, packet 10: expected a record header of 16 bytes, found the end of the file after 7",
    ],
  ],
  [
    "a length that is no packet's",
    changed(ten(), (b) => b.writeUInt32LE(0x7fffffff, 24 + 3 * RECORD + 8)),
    [1, 2, 3, 5, 6, 7, 8, 9, 10],
    [
      "byte 252, packet 4: expected a captured length up to 262144, found 2147483647; " +
        "skipped 76 bytes and went on",
    ],
  ],
  [
    "a length beyond the end of the file",
    changed(ten(), (b) => b.writeUInt32LE(100_000, 24 + 3 * RECORD + 8)),
    numbers(1, 10),
    [
      "byte 252, packet 4: expected a captured length of 60, for there the next record begins, " +
        "found 100000; skipped 0 bytes and went on",
    ],
  ],
  [
    "a length somewhat too long",
    changed(ten(), (b) => b.writeUInt32LE(100, 24 + 3 * RECORD + 8)),
    numbers(1, 10),
    [
      "byte 252, packet 4: expected a captured length of 60, for there the next record begins, " +
        "found 100; skipped 0 bytes and went on",
    ],
  ],
  [
    "a length too short",
    changed(ten(), (b) => b.writeUInt32LE(40, 24 + 3 * RECORD + 8)),
    numbers(1, 10),
    [
      "byte 308, packet 5: expected a captured length up to 262144, found 67372036; " +
        "skipped 20 bytes and went on",
    ],
  ],
  [
    "garbage between records",
    spliced(ten(), 24 + 5 * RECORD, 0, testRandom(3).bytes(333)),
    numbers(1, 10),
    ["byte 404, packet 6: skipped 333 bytes and went on"],
  ],
  [
    "a hole of zeros",
    changed(ten(), (b) => b.fill(0, 24 + 2 * RECORD, 24 + 4 * RECORD + 10)),
    [1, 2, 6, 7, 8, 9, 10],
    [
      "byte 176, packet 3: expected a record header, found 16 zero bytes; " +
        "skipped 228 bytes and went on",
    ],
  ],
  [
    "zeros up to the end",
    Buffer.concat([ten(), Buffer.alloc(5000)]),
    numbers(1, 10),
    ["byte 784, packet 11: expected a record header, found 16 zero bytes"],
  ],
  [
    "garbage in front of the last record",
    spliced(ten(), 24 + 9 * RECORD, 0, testRandom(4).bytes(50)),
    numbers(1, 10),
    ["byte 708, packet 10: skipped 50 bytes and went on"],
  ],
  [
    "a capture appended to another",
    Buffer.concat([ten(), pcapHeader(), numberedRecords(11, 20)]),
    numbers(1, 20),
    [
      "byte 784, packet 11: expected a record header, found the file header of another capture; " +
        "skipped 24 bytes and went on",
    ],
  ],
  [
    "a capture appended to one of another century",
    changed(Buffer.concat([ten(), pcapHeader(), numberedRecords(11, 20)]), (b) => {
      for (let at = 24; at < 784; at += RECORD) b.writeUInt32LE(3e8, at);
    }),
    numbers(1, 20),
    [
      "byte 784, packet 11: expected a record header, found the file header of another capture; " +
        "skipped 24 bytes and went on",
    ],
  ],
  [
    "an original length that no packet has",
    changed(ten(), (b) => b.writeUInt32LE(0x80000000, 24 + 3 * RECORD + 12)),
    numbers(1, 10),
    [
      "byte 252, packet 4: expected an original length up to 16777216, " +
        "found 2147483648, read as 60; skipped 0 bytes and went on",
    ],
  ],
  [
    "a damaged first record",
    changed(ten(), (b) => b.fill(0xff, 24, 40)),
    numbers(2, 10),
    ["byte 24, packet 1: skipped 76 bytes and went on"],
  ],
  [
    "a pcapng cut in a block",
    tenBlocks().subarray(0, FIRST_BLOCK + 9 * BLOCK + 50),
    numbers(1, 9),
    ["byte 876, packet 10: expected the 92 bytes of a block, found the end of the file after 50"],
  ],
  [
    "a pcapng block of a false length",
    changed(tenBlocks(), (b) => b.writeUInt32LE(96, FIRST_BLOCK + 3 * BLOCK + 4)),
    [1, 2, 3, 5, 6, 7, 8, 9, 10],
    [
      "byte 324, packet 4: expected the block's length 96 again at its end, found 6; " +
        "skipped 92 bytes and went on",
    ],
  ],
  [
    "a pcapng block whose length at the end differs",
    changed(tenBlocks(), (b) => b.writeUInt32LE(96, FIRST_BLOCK + 4 * BLOCK - 4)),
    numbers(1, 10),
    [
      "byte 412, packet 4: expected the block's length 92 again at its end, found 96; " +
        "skipped 0 bytes and went on",
    ],
  ],
  [
    "a pcapng block wrong in two ways",
    changed(tenBlocks(), (b) => {
      b.writeUInt32LE(96, FIRST_BLOCK + 4 * BLOCK - 4);
      b.writeUInt32LE(7, FIRST_BLOCK + 3 * BLOCK + 8);
    }),
    [1, 2, 3, 5, 6, 7, 8, 9, 10],
    [
      "byte 412, packet 4: expected the block's length 92 again at its end, found 96; " +
        "skipped 0 bytes and went on",
      "byte 332, packet 4: expected an interface below 1, found a packet of interface 7; " +
        "skipped 0 bytes and went on",
    ],
  ],
  [
    "garbage between pcapng blocks, not even aligned",
    spliced(tenBlocks(), FIRST_BLOCK + 5 * BLOCK, 0, testRandom(5).bytes(1001)),
    numbers(1, 10),
    ["byte 508, packet 6: skipped 1001 bytes and went on"],
  ],
  [
    "a packet of an interface that nothing describes",
    changed(tenBlocks(), (b) => b.writeUInt32LE(7, FIRST_BLOCK + 3 * BLOCK + 8)),
    [1, 2, 3, 5, 6, 7, 8, 9, 10],
    [
      "byte 332, packet 4: expected an interface below 1, found a packet of interface 7; " +
        "skipped 0 bytes and went on",
    ],
  ],
  [
    "a captured length that its block has no room for",
    changed(tenBlocks(), (b) => b.writeUInt32LE(61, FIRST_BLOCK + 3 * BLOCK + 20)),
    numbers(1, 10),
    [
      "byte 344, packet 4: expected a captured length of at most 60, as the block has room for, " +
        "found 61; skipped 0 bytes and went on",
    ],
  ],
];

for (const [name, bytes, readable, said] of CASES) {
  test(`${name}: read is what can be read, said is where and what`, async () => {
    const { packets, damage } = await readBytes(bytes);
    assert.equal(
      packets.map(({ data }) => Number.parseInt(data.slice(0, 2), 16)),
      readable,
    );
    const lines = damage.map(describeDamage);
    assert.is(lines.length, said.length, lines.join("\n"));
    for (const [i, part] of said.entries()) {
      const [place, ...rest] = part.split(/(?<=packet \d+: )(?=skipped)/);
      for (const piece of [place, ...rest]) {
        assert.ok(lines[i].includes(piece), `said: ${lines[i]}\nwanted: ${piece}`);
      }
    }
  });
}

test.run();
