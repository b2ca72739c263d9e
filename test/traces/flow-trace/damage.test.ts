import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { describeDamage, TraceError } from "../../../traces/errors.ts";
import { FRAME_MARKER } from "../../../traces/flow-trace/frame.ts";
import { FlowTraceWriter } from "../../../traces/flow-trace/writer.ts";
import { flowTraceOf } from "../../support/byte-source.ts";
import { someConnections } from "../../support/connections.ts";
import { testRandom } from "../../support/random.ts";

/** `npm run fuzz:flows` asks for a million. */
const MUTATIONS = Number(process.env.ANYPIN_RUNS ?? 5000);

const test = suite("damaged flow traces");
const folder = mkdtempSync(join(tmpdir(), "anypin-flows-"));
test.after(() => rmSync(folder, { recursive: true }));

function traceOf(connections: number): Buffer {
  const path = join(folder, "whole.flows");
  const writer = new FlowTraceWriter(path, {
    origin: 0n,
    tool: "t",
    source: [],
    durations: "recorded",
  });
  writer.append(someConnections(3, connections));
  writer.close();
  return readFileSync(path);
}

/** Where every frame begins. */
function frames(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(FRAME_MARKER); at >= 0; at = bytes.indexOf(FRAME_MARKER, at + 1)) {
    found.push(at);
  }
  return found;
}

async function read(bytes: Uint8Array): Promise<{ connections: number; damage: string[] }> {
  const { reader, damage } = flowTraceOf(bytes);
  let connections = 0;
  for await (const rows of reader.blocks()) connections += rows.count;
  return { connections, damage: damage.entries.map(describeDamage) };
}

const whole = traceOf(200_000);
const [, , second] = frames(whole);

test("one flipped bit costs its block and no other, and the block is named", async () => {
  const bytes = Buffer.from(whole);
  bytes[second + 1000] ^= 4;
  const { connections, damage } = await read(bytes);
  assert.is(connections, 200_000 - 65_536);
  assert.is(damage.length, 1);
  assert.match(damage[0], `t.flows: byte ${second}, packet 65537: expected a frame with checksum`);
  assert.match(damage[0], "(connections 65537 to 131072 are lost); skipped");
});

test("a length that lies costs its block and no other", async () => {
  for (const lie of [5, 0xffffff, 0xffffffff]) {
    const bytes = Buffer.from(whole);
    bytes.writeUInt32LE(lie, second + 12);
    const { connections, damage } = await read(bytes);
    assert.is(connections, 200_000 - 65_536, `length ${lie}`);
    assert.is(damage.length, 1);
  }
});

test("a cut file keeps what stands before the cut and says where it ends", async () => {
  const { connections, damage } = await read(whole.subarray(0, second + 1000));
  assert.is(connections, 65_536);
  assert.match(
    damage[0],
    /byte \d+, packet 65537: expected a frame of \d+ bytes, found the end of the file/,
  );
  const noIndex = await read(whole.subarray(0, frames(whole).at(-1)));
  assert.is(noIndex.connections, 200_000);
  assert.match(noIndex.damage[0], "expected the index that ends a flow trace");
});

test("garbage between blocks is passed over", async () => {
  const garbage = Buffer.from(testRandom(4).bytes(777));
  const bytes = Buffer.concat([whole.subarray(0, second), garbage, whole.subarray(second)]);
  const { connections, damage } = await read(bytes);
  assert.is(connections, 200_000);
  assert.match(damage[0], "skipped 777 bytes");
});

test("a flow trace of another version is refused by its number", async () => {
  const later = Buffer.from(traceOf(1));
  later[21] = 2;
  const length = later.readUInt32LE(12);
  const check = crc32(later.subarray(20, 20 + length), crc32(later.subarray(8, 16)));
  later.writeUInt32LE(check, 16);
  try {
    await read(later);
    assert.unreachable("was not refused");
  } catch (error) {
    assert.instance(error, TraceError);
    assert.match((error as Error).message, "expected flow trace version 1, found version 2");
  }
});

test(`${MUTATIONS} mutated traces, checksums made right again: no crash, no runaway`, async () => {
  const random = testRandom(9);
  const small = traceOf(40);
  const starts = frames(small);
  for (let run = 0; run < MUTATIONS; run++) {
    const bytes = Buffer.from(small);
    for (let n = random.below(4); n >= 0; n--) {
      bytes[random.below(bytes.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)]);
    }
    // With its checksum right, the damage reaches the protobuf decoder and the columns.
    for (const at of starts) {
      const end = Math.min(bytes.length, at + 20 + bytes.readUInt32LE(at + 12));
      const check = crc32(bytes.subarray(at + 20, end), crc32(bytes.subarray(at + 8, at + 16)));
      if (random.below(8) > 0) bytes.writeUInt32LE(check, at + 16);
    }
    try {
      await read(bytes);
    } catch (error) {
      assert.instance(error, TraceError, `run ${run}: ${(error as Error).stack}`);
    }
  }
});

test.run();
