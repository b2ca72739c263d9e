/** A capture to be read from files, pipes and compressions, and a folder for those. */
import { writeFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { pcapBytes } from "./capture-builder.ts";
import { testRandom } from "./random.ts";
import { type ReadPacket, readBytes } from "./read-packets.ts";
import { temporary } from "./temporary.ts";

const random = testRandom(21);
const PACKETS = Array.from({ length: 3000 }, (_, i) => ({
  seconds: 1_700_000_000 + i,
  fraction: i,
  data: random.bytes(200),
}));

/** Its 3000 packets are records of 216 bytes. */
export const capture = pcapBytes(PACKETS);
const { packets: expected } = await readBytes(capture);

export interface SourceFiles {
  folder: string;
  /** Writes a file into the folder; returns its path. */
  put(name: string, bytes: Uint8Array): string;
  remove(): void;
}

export function sourceFiles(): SourceFiles {
  const { folder, path, remove } = temporary();
  return {
    folder,
    put(name, bytes) {
      writeFileSync(path(name), bytes);
      return path(name);
    },
    remove,
  };
}

/** Whether `packets` are the capture's first `count`; fails without printing thousands of them. */
export function sameAsCapture(packets: readonly ReadPacket[], count = expected.length): void {
  assert.is(packets.length, count);
  assert.is(
    packets.findIndex((packet, i) => packet.data !== expected[i].data),
    -1,
  );
}
