import { test } from "uvu";
import * as assert from "uvu/assert";
import { TraceStatistics } from "../../replay/trace-statistics.ts";
import { CONNECTION_MIDSTREAM, ConnectionColumns, copyRows } from "../../traces/connection.ts";
import { TraceMemory } from "../../traces/trace-memory.ts";
import { testRandom } from "../support/random.ts";

const COUNT = 20_000;

/** Connections of any kind; some last no time, or move nothing. */
function randomRows(seed: number, count: number): ConnectionColumns {
  const random = testRandom(seed);
  const rows = new ConnectionColumns(count);
  rows.count = count;
  for (let row = 0; row < count; row++) {
    rows.client.set([0, 0, 0xffff, 1 + random.below(3000)], 4 * row);
    rows.flags[row] = random.below(7) === 0 ? CONNECTION_MIDSTREAM : 0;
    rows.start[row] = random.below(1e9) * 1000;
    rows.duration[row] = random.below(5) === 0 ? 0 : Math.floor(Math.exp(random.below(32)));
    rows.clientBytes[row] = random.below(4) === 0 ? 0 : random.below(1000);
    rows.serverBytes[row] = random.below(3) === 0 ? 0 : Math.floor(Math.exp(random.below(30)));
  }
  return rows;
}

const statisticsIn = (memory = new TraceMemory()) => new TraceStatistics(memory.memory);

const resultOf = (statistics: TraceStatistics) => ({
  connections: statistics.connections,
  midstream: statistics.midstream,
  payloadBytes: statistics.payloadBytes,
  latestClose: statistics.latestClose,
  clients: statistics.clients,
  ...statistics.distributions(),
});

/** Rows `from … end − 1`. */
function part(rows: ConnectionColumns, from: number, end: number): ConnectionColumns {
  const some = new ConnectionColumns(end - from);
  some.count = end - from;
  copyRows(rows, from, some, 0, end - from);
  return some;
}

test("counts what there is, sums exactly, and finds the latest close", () => {
  const rows = randomRows(1, COUNT);
  const statistics = statisticsIn();
  statistics.whole(rows);
  const result = resultOf(statistics);
  const each = Array.from({ length: COUNT }, (_, row) => row);
  const bytes = each.map((row) => rows.clientBytes[row] + rows.serverBytes[row]);
  const seconds = each.map((row) => rows.duration[row] / 1e9);
  assert.is(result.connections, COUNT);
  assert.is(result.midstream, each.filter((row) => rows.flags[row] !== 0).length);
  assert.is(result.payloadBytes, Number(bytes.reduce((sum, n) => sum + BigInt(n), 0n)));
  assert.is(
    result.latestClose,
    Math.max(...each.map((row) => rows.start[row] + rows.duration[row])),
  );
  assert.is(result.clients.count, new Set(each.map((row) => rows.client[4 * row + 3])).size);
  const nanoseconds = rows.duration.reduce((sum, n) => sum + BigInt(n), 0n);
  const { holdingTimeSeconds, bytesPerConnection } = result;
  assert.is(holdingTimeSeconds.mean, Number(nanoseconds) / 1e9 / COUNT);
  assert.is(bytesPerConnection.mean, result.payloadBytes / COUNT);
  for (const [values, least, { values: n, shares, max, ...found }] of [
    [seconds, 1e-6, holdingTimeSeconds],
    [bytes, 1, bytesPerConnection],
  ] as const) {
    const sorted = [...values].sort((a, b) => a - b);
    assert.equal([n, max], [COUNT, sorted.at(-1)]);
    assert.is(Math.round(shares[0] * COUNT), values.filter((value) => value < least).length);
    for (const [share, quantile] of [
      [0.5, found.p50],
      [0.95, found.p95],
      [0.99, found.p99],
    ]) {
      const exact = sorted[Math.ceil(share * COUNT) - 1];
      assert.ok(Math.abs(quantile / exact - 1) < 0.002, `${share}: ${quantile} for ${exact}`);
    }
  }
});

test("the same comes of connections in blocks of any size and in any order", () => {
  const rows = randomRows(2, COUNT);
  const whole = statisticsIn();
  whole.whole(rows);
  for (const size of [1, 777, 4096]) {
    const parts = Array.from({ length: Math.ceil(COUNT / size) }, (_, i) =>
      part(rows, i * size, Math.min(COUNT, (i + 1) * size)),
    );
    const statistics = statisticsIn();
    for (const some of parts.reverse()) statistics.whole(some);
    assert.equal(resultOf(statistics), resultOf(whole), `blocks of ${size}`);
  }
});

test("columns in the memory are read where they lie, opened ones before closed ones", () => {
  const rows = randomRows(3, 1000);
  const whole = statisticsIn();
  whole.whole(rows);
  const memory = new TraceMemory();
  const at = memory.place(ConnectionColumns.bytes(1000));
  const placed = new ConnectionColumns(1000, memory.buffer, at);
  copyRows(rows, 0, placed, 0, 1000);
  placed.count = 1000;
  const statistics = statisticsIn(memory);
  statistics.opened(placed);
  assert.equal([statistics.connections, statistics.payloadBytes], [1000, 0]);
  statistics.closed(placed);
  assert.equal(resultOf(statistics), resultOf(whole));
});

test("sums of bytes are exact beyond 2^53", () => {
  const rows = new ConnectionColumns(5);
  rows.count = 5;
  rows.serverBytes.set([2 ** 51 + 1, 2 ** 51 + 3, 2 ** 51 + 5, 2 ** 51 + 7, 2 ** 51]);
  const statistics = statisticsIn();
  for (let i = 0; i < 3; i++) statistics.whole(rows);
  assert.is(statistics.payloadBytes, Number(15n * 2n ** 51n + 48n));
});

test("nothing comes of nothing", () => {
  const { holdingTimeSeconds, bytesPerConnection, ...result } = resultOf(statisticsIn());
  assert.equal(result, {
    connections: 0,
    midstream: 0,
    payloadBytes: 0,
    latestClose: 0,
    clients: { count: 0, estimated: false },
  });
  const none = { edges: [0], shares: [], values: 0, mean: 0, p50: 0, p95: 0, p99: 0, max: 0 };
  assert.equal([holdingTimeSeconds, bytesPerConnection], [none, none]);
});

test.run();
