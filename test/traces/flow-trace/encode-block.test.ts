import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionColumns, copyRows } from "../../../traces/connection.ts";
import { LimitError } from "../../../traces/errors.ts";
import { BlockEncoder } from "../../../traces/flow-trace/encode-block.ts";
import { IndexedFlowTrace } from "../../../traces/flow-trace/indexed.ts";
import { FlowTraceWriter } from "../../../traces/flow-trace/writer.ts";
import { flowTraceOf } from "../../support/byte-source.ts";
import { runHere } from "../../support/cli.ts";
import { columnsOf, someConnections } from "../../support/connections.ts";
import { testRandom } from "../../support/random.ts";

const test = suite("rows as blocks");
const folder = mkdtempSync(join(tmpdir(), "anypin-blocks-"));
const path = join(folder, "t.flows");
test.after(() => rmSync(folder, { recursive: true }));

const info = { origin: 0n, tool: "t", source: [], durations: "recorded" };
/** 365 days in nanoseconds. */
const YEAR = 365 * 86_400 * 1e9;

function write(rows: ConnectionColumns): void {
  const writer = new FlowTraceWriter(path, info);
  writer.append(rows);
  writer.close();
}

/** Fails unless what is written of `rows` is read again, number for number. */
async function comesBack(rows: ConnectionColumns, what: string): Promise<void> {
  write(rows);
  const { reader, damage } = flowTraceOf(readFileSync(path));
  const back = new ConnectionColumns(rows.count);
  for await (const block of reader.blocks()) {
    copyRows(block, 0, back, back.count, block.count);
    back.count += block.count;
  }
  assert.equal(damage.entries, [], what);
  const columns = columnsOf(back);
  for (const [name, column] of Object.entries(columnsOf(rows))) {
    // Not `assert.equal`, which would show the whole column.
    const wrong = column.findIndex((value, i) => value !== columns[name][i]);
    assert.is(wrong, -1, `${what}: ${name}`);
  }
}

/** Made-up connections, as many as there are starts, that start then; they last whole units. */
function startingAt(starts: readonly number[], unit = 1): ConnectionColumns {
  const rows = someConnections(2, starts.length, unit);
  rows.start.set(starts);
  return rows;
}

const CLOCKS: Record<string, readonly number[]> = {
  "steps back": [5e9, 6e9, 5_999_999_999, 7e9, 1e9, 2e9],
  "goes back all the time": [5000, 4000, 3000, 2000, 1000, 0],
  "begins before its origin": [-5_000_001, -3, 4, -9e15],
  "leaps by 293 years": [1, 7, 293 * YEAR, 293 * YEAR + 4096],
  "leaps by 500 years and back": [1, 500 * YEAR, 3, 500 * YEAR],
  "goes to all ends of what a difference may be": [
    2 ** 52,
    1,
    0,
    2 ** 52,
    0,
    2 ** 63 - 1024,
    2 ** 60,
    2 ** 60 + 2 ** 63,
    0,
  ],
  "leaps by more than 64 bits hold": [1, 600 * YEAR + 2 ** 20, 5000 * YEAR, 1e30],
  "leaps by exactly as much": [0, 2 ** 64, 2 ** 65 + 2 ** 64],
  "leaps so far that the difference is rounded": [3, 2 ** 60 + 256, 2 ** 60 + 512],
  "halves nanoseconds": [0.5, 1, 1.75, 2],
};

for (const [what, starts] of Object.entries(CLOCKS)) {
  test(`a trace whose clock ${what} comes back as it was`, async () => {
    await comesBack(startingAt(starts), what);
  });
}

test("connections on any clock come back as they were", async () => {
  const random = testRandom(31);
  for (let run = 0; run < 60; run++) {
    const unit = random.pick([1, 1000, 1_000_000]);
    const leap = 2 ** random.below(75);
    let time = 0;
    const starts = Array.from({ length: 1 + random.below(300) }, () => {
      const steps = random.below(20) === 0 ? (random.word() - 2 ** 31) * leap : random.below(1e6);
      time += steps * unit;
      return time;
    });
    await comesBack(startingAt(starts, unit), `run ${run}, unit ${unit}, leap ${leap}`);
  }
});

test("a clock that trembles costs a bit of each start, not blocks", () => {
  const size = (tremble: (i: number) => number) => {
    write(startingAt(Array.from({ length: 65_536 }, (_, i) => 1e6 * i + 1000 * tremble(i))));
    const trace = IndexedFlowTrace.open(path);
    assert.is(trace?.entries.length, 1);
    trace?.close();
    return statSync(path).size;
  };
  const bits = 8 * (size((i) => (i % 2) * 1001) - size((i) => (i % 2) * 999));
  assert.ok(bits / 65_536 < 1.1, `${bits / 65_536} bits`);
});

test("times are counted in the longest unit that all of a block's come to", () => {
  for (const [unit, rows] of [
    [1, someConnections(1, 1000, 1)],
    [1000, someConnections(1, 1000, 1000)],
    [1_000_000, someConnections(1, 1000, 1_000_000)],
    [1000, startingAt([2_000_000, 3_001_000, 4_000_000], 1_000_000)],
    [1, startingAt([2_000_000, 3_000_001, 4_000_000], 1_000_000)],
    [1_000_000, startingAt([2_000_001, 3_000_001, 1_000_001], 1_000_000)],
  ] as const) {
    const encoder = new BlockEncoder("t.flows");
    copyRows(rows, 0, encoder.rows, 0, rows.count);
    encoder.rows.count = rows.count;
    assert.is(encoder.blockEnd(0), rows.count);
    assert.is(encoder.encode(0, rows.count, 0).timeUnit, unit);
  }
});

test("a block is summed up", () => {
  const rows = someConnections(3, 500);
  rows.start[20] = 5;
  const encoder = new BlockEncoder("t.flows");
  copyRows(rows, 0, encoder.rows, 0, rows.count);
  encoder.rows.count = rows.count;
  const sum = (column: ArrayLike<number>) =>
    Array.from(column)
      .slice(10, 400)
      .reduce((a, b) => a + b);
  const ends = Array.from(rows.start, (start, i) => start + rows.duration[i]).slice(10, 400);
  assert.equal(encoder.encode(10, 400, 77).summary, {
    rows: 390,
    firstId: 77,
    firstStart: rows.start[10],
    lastStart: rows.start[399],
    lastEnd: Math.max(...ends),
    payloadBytes: sum(rows.clientBytes) + sum(rows.serverBytes),
    packets: sum(rows.clientPackets) + sum(rows.serverPackets),
    midstream: sum(rows.flags),
    backstep: rows.start[10] - 5,
  });
});

test("a capture whose clock steps back is listed from its flow trace as from itself", async () => {
  const capture = join(folder, "jitter.pcap");
  writeFileSync(capture, jitteredCapture(500));
  const listed = await runHere(["flows", capture, "--csv", "-", "--out", path]);
  assert.is(listed.status, 0);
  assert.is(listed.out.split("\n").length, 502);
  assert.equal(await runHere(["flows", path, "--csv", "-"]), listed);
});

/** Datagrams of as many flows, each a microsecond or so before or after the one before. */
function jitteredCapture(flows: number): Buffer {
  const random = testRandom(8);
  const bytes = Buffer.alloc(24 + flows * (16 + 28));
  bytes.writeUInt32LE(0xa1b2c3d4, 0);
  bytes.writeUInt32LE(0x00040002, 4);
  bytes.writeUInt32LE(65_535, 16);
  // LINKTYPE_RAW: IPv4 without anything before it.
  bytes.writeUInt32LE(101, 20);
  for (let i = 0; i < flows; i++) {
    const at = 24 + i * (16 + 28);
    bytes.writeUInt32LE(1_000_000_000, at);
    bytes.writeUInt32LE(1000 + i + random.below(5), at + 4);
    bytes.writeUInt32LE(28, at + 8);
    bytes.writeUInt32LE(28, at + 12);
    bytes.set([0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2], at + 16);
    bytes.writeUInt16BE(1024 + i, at + 36);
    bytes.writeUInt16BE(53, at + 38);
    bytes.writeUInt16BE(8, at + 40);
  }
  return bytes;
}

const WHOLE = "that is a whole number below 2^64";
const NEAR = "that is a whole number near payload and usual headers";

const NO_AMOUNTS = [
  ["start", Number.NaN, `a start in nanoseconds ${WHOLE}`],
  ["duration", -1000, `a duration in nanoseconds ${WHOLE}`],
  ["duration", 2.5, `a duration in nanoseconds ${WHOLE}`],
  ["duration", 1e30, `a duration in nanoseconds ${WHOLE}`],
  ["clientBytes", -1, `a client's bytes ${WHOLE}`],
  ["serverBytes", 1e21, `a server's bytes ${WHOLE}`],
  ["clientPackets", 0.1, `a client's packets ${WHOLE}`],
  ["serverPackets", Number.POSITIVE_INFINITY, `a server's packets ${WHOLE}`],
  ["clientWireBytes", 0.5, `a client's bytes on the wire ${NEAR}`],
  ["serverWireBytes", 2 ** 60, `a server's bytes on the wire ${NEAR}`],
] as const;

/** Fails unless the rows are refused, the 67,001st of them being at fault. */
function refused(rows: ConnectionColumns, what: string, found: number): void {
  try {
    write(rows);
    assert.unreachable("was written");
  } catch (error) {
    assert.instance(error, LimitError);
    const message = `${path}: connection 67001: expected ${what}, found ${found}`;
    assert.is((error as Error).message, message);
  }
}

for (const [column, value, what] of NO_AMOUNTS) {
  test(`${column} ${value} is refused with file and connection`, () => {
    const rows = someConnections(4, 70_000);
    rows[column][67_000] = value;
    rows[column][69_999] = value;
    refused(rows, what, value);
  });
}

test("bytes on the wire that would come back rounded are refused", () => {
  const rows = someConnections(4, 70_000);
  rows.clientBytes[67_000] = 35_728_629_816_098_816;
  rows.clientPackets[67_000] = 64_049;
  rows.clientWireBytes[67_000] = 35_728_629_819_935_052;
  refused(rows, `a client's bytes on the wire ${NEAR}`, 35_728_629_819_935_052);
});

test("any mix of addresses and services comes back, one of each or all different", async () => {
  const random = testRandom(77);
  const sizes = [1, 2, 30, 70_000].map((kinds) => ({ kinds, count: 66_000 }));
  // So few that what differs comes to lie side by side.
  for (let count = 2; count < 40; count++) sizes.push({ kinds: 1, count });
  for (const { kinds, count } of sizes) {
    const rows = someConnections(6, count);
    for (let i = 0; i < rows.count; i++) {
      // Some differ in one word only, be it which it may.
      const address = () => [random.below(3), random.below(300), random.pick([0, 0xffff])];
      rows.client.set([...address(), random.below(kinds)], 4 * i);
      rows.server.set([...address(), random.below(kinds)], 4 * i);
      rows.serverPort[i] = random.below(5);
      rows.protocol[i] = random.below(7);
    }
    await comesBack(rows, `${count} rows of ${kinds} kinds`);
  }
});

test.run();
