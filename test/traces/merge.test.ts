/** Several captures read as one. */
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TraceError } from "../../traces/errors.ts";
import { openTrace } from "../../traces/open.ts";
import {
  interfaceBlock,
  packetBlock,
  pcapBytes,
  sectionBlock,
  type TestPacket,
} from "../support/capture-builder.ts";
import { announceSkip } from "../support/project.ts";
import { testRandom } from "../support/random.ts";
import { type ReadPacket, readPackets, testFolder } from "../support/read-packets.ts";

const folder = testFolder();
test.after(() => rmSync(folder, { recursive: true }));
const SECOND = 1_000_000_000n;

/** A capture of packets at these seconds; returns its path. */
function capture(name: string, seconds: readonly number[]): string {
  const path = join(folder, name);
  const packet = (at: number): TestPacket => ({
    seconds: at,
    fraction: 0,
    data: Uint8Array.of(at & 255, 2, 3, 4),
  });
  writeFileSync(path, pcapBytes(seconds.map(packet)));
  return path;
}

const order = (packets: readonly ReadPacket[]) =>
  packets.map(({ file, number, time }) => `${file}:${number}@${time / SECOND}`).join(" ");

test("captures in a row are read by time, whatever order they are named in", async () => {
  const late = capture("late", [30, 31]);
  const early = capture("early", [10, 12]);
  const trace = await openTrace([late, early]);
  assert.is(trace.origin, 10n * SECOND);
  assert.equal(trace.files, [late, early]);
  assert.is(order(await readPackets(trace)), "1:1@10 1:2@12 0:1@30 0:2@31");
  assert.is(trace.packets, 4);
});

test("captures that overlap are merged; at the same time the one named first goes first", async () => {
  const paths = [capture("a", [1, 3, 5, 7]), capture("b", [2, 3, 9]), capture("c", [3, 8])];
  const trace = await openTrace(paths);
  assert.is(
    order(await readPackets(trace)),
    "0:1@1 1:1@2 0:2@3 1:2@3 2:1@3 0:3@5 0:4@7 2:2@8 1:3@9",
  );
});

test("each capture keeps its own order, also where its clock went back", async () => {
  const paths = [capture("back", [5, 2, 9]), capture("straight", [4, 6])];
  assert.is(order(await readPackets(await openTrace(paths))), "1:1@4 0:1@5 0:2@2 1:2@6 0:3@9");
});

test("formats mix, and a capture without packets disturbs nothing", async () => {
  const other = join(folder, "other.pcapng");
  const block = packetBlock(3_500_000n, Uint8Array.of(1, 2, 3, 4));
  writeFileSync(other, Buffer.concat([sectionBlock(), interfaceBlock({ linkType: 101 }), block]));
  const trace = await openTrace([capture("x", [1, 4]), capture("none", []), other]);
  assert.is(trace.format, "pcap+pcapng");
  const packets = await readPackets(trace);
  assert.is(order(packets), "0:1@1 2:1@3 0:2@4");
  assert.equal(
    packets.map(({ linkType }) => linkType),
    [1, 101, 1],
  );
});

test("many captures, larger than a batch and overlapping at random, come out in order", async () => {
  const random = testRandom(9);
  const paths = Array.from({ length: 12 }, (_, i) => {
    let at = 1000 + i * 9000;
    return capture(
      `many-${i}`,
      Array.from({ length: 20_000 }, () => {
        at += random.below(3);
        return at;
      }),
    );
  });
  const packets = await readPackets(await openTrace(paths));
  assert.is(packets.length, 240_000);
  const wrong = packets.findIndex(({ time }, i) => i > 0 && time < packets[i - 1].time);
  assert.is(wrong, -1);
  const next = paths.map(() => 1);
  for (const { file, number } of packets) assert.is(number, next[file]++);
});

test("of hundreds of captures in a row, one at a time is open", async () => {
  if (!existsSync("/proc/self/fd")) return announceSkip("open files", "no /proc here");
  const paths = Array.from({ length: 300 }, (_, i) => capture(`row-${i}`, [i * 10, i * 10 + 1]));
  const before = readdirSync("/proc/self/fd").length;
  let most = 0;
  let packets = 0;
  for await (const batch of await openTrace(paths)) {
    most = Math.max(most, readdirSync("/proc/self/fd").length - before);
    packets += batch.count;
  }
  assert.is(packets, 600);
  assert.ok(most <= 2, `${most} files open`);
});

test("one missing among several is said before anything is read", async () => {
  try {
    await openTrace([capture("there", [1]), join(folder, "missing")]);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TraceError);
  }
});

test.run();
