import { test } from "uvu";
import * as assert from "uvu/assert";
import { TraceStatistics } from "../../../replay/trace-statistics.ts";
import { ConnectionColumns } from "../../../traces/connection.ts";
import { LimitError } from "../../../traces/errors.ts";
import { TraceMemory } from "../../../traces/trace-memory.ts";
import { testRandom } from "../../support/random.ts";

type Words = [number, number, number, number];

const BLOCK = 10_000;
const MAPPED = 0xffff;
const MOST_EXACT = 1_258_291;

const v4 = (address: number): Words => [0, 0, MAPPED, address];

/** Statistics of one connection from each address. */
function counted(addresses: Iterable<Words>): TraceStatistics {
  const statistics = new TraceStatistics(new TraceMemory().memory);
  const rows = new ConnectionColumns(BLOCK);
  for (const words of addresses) {
    rows.client.set(words, 4 * rows.count++);
    if (rows.count < BLOCK) continue;
    statistics.whole(rows);
    rows.count = 0;
  }
  statistics.whole(rows);
  return statistics;
}

/** MurmurHash3's finaliser, over a hash and a word. */
function mix(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const hashOf = (words: Words): number => words.reduce(mix, 0);

/** Flajolet et al. 2007, figure 3, with 2¹⁴ registers. */
function hyperLogLog(addresses: Iterable<Words>): number {
  const registers = new Array<number>(2 ** 14).fill(0);
  for (const words of addresses) {
    const hash = hashOf(words);
    const register = hash >>> 18;
    const rank = 1 + Math.clz32(mix(hash, 0x5bd1e995));
    registers[register] = Math.max(registers[register], rank);
  }
  const sum = registers.reduce((total, rank) => total + 2 ** -rank, 0);
  return Math.round(((0.7213 / (1 + 1.079 / 2 ** 14)) * 2 ** 28) / sum);
}

/** The first addresses whose hash ends in these ten bits. */
function endingIn(bits: number, count: number, make: (i: number) => Words): Words[] {
  const found: Words[] = [];
  for (let i = 1; found.length < count; i++) {
    if ((hashOf(make(i)) & 1023) === bits) found.push(make(i));
  }
  return found;
}

test("counts addresses once, IPv4 and IPv6 apart", () => {
  const random = testRandom(1);
  const addresses = Array.from({ length: 30_000 }, (): Words => {
    const last = random.below(10_000);
    return random.below(2) === 0 ? v4(last) : [0x20010db8, last >> 8, 0, last & 255];
  });
  const known = new Set(addresses.map((words) => words.join()));
  assert.equal(counted(addresses).clients, { count: known.size, estimated: false });
});

test("addresses that are nearly the same are different ones", () => {
  const addresses: Words[] = [
    [0, 0, 0, 0],
    [0, 0, 0, 1],
    [0, 0, 0, MAPPED],
    [0, 0, 1, 0],
    [0, 1, 0, 0],
    [1, 0, 0, 0],
    v4(0),
    v4(1),
    v4(0xffff_ffff),
    [0, 1, MAPPED, 1],
    [1, 0, MAPPED, 1],
    [0, 0, 0x1_0000, 1],
    [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff],
  ];
  for (const [i, words] of addresses.entries()) {
    assert.is(counted([words, words]).clients.count, 1, words.join());
    const others = addresses.filter((_, other) => other !== i);
    assert.is(counted([...others, ...others]).clients.count, addresses.length - 1);
  }
  assert.is(counted([...addresses, ...addresses]).clients.count, addresses.length);
});

test("addresses for a table's last cell go on in its first, and are kept when it grows", () => {
  const v6 = (i: number): Words => [0x20010db8, 0, i, i];
  for (const make of [v4, v6]) {
    const crowded = [...endingIn(1023, 6, make), ...endingIn(0, 6, make)];
    assert.is(counted([...crowded, ...crowded]).clients.count, 12);
    const others = Array.from({ length: 5000 }, (_, i) => make(1e6 + i));
    assert.is(counted([...crowded, ...others]).clients.count, 5012);
    assert.is(counted([...crowded, ...others, ...crowded, ...others]).clients.count, 5012);
  }
});

test("is exact up to a million and a quarter, then the estimate that HyperLogLog gives", () => {
  const all: Words[] = [[0, 0, 0, 0], v4(0)];
  for (let i = 1; all.length < MOST_EXACT + 1; i++) {
    all.push(i % 100 === 0 ? [0x20010db8, i, 0, 1] : v4(i));
  }
  const exact = all.slice(0, MOST_EXACT);
  assert.equal(counted([...exact, ...exact.slice(-BLOCK)]).clients, {
    count: MOST_EXACT,
    estimated: false,
  });
  assert.equal(counted(all).clients, { count: hyperLogLog(all), estimated: true });
  const more = [...all];
  for (let i = 0; i < 300_000; i++) {
    more.push(i % 3 === 0 ? [0x20010db8, i, 0, 2] : v4(0x8000_0000 + i));
  }
  const estimate = hyperLogLog(more);
  assert.equal(counted(more).clients, { count: estimate, estimated: true });
  assert.ok(Math.abs(estimate / more.length - 1) < 0.03);
});

test("an estimate counts every address, `::` and 0.0.0.0 among them, wherever it comes", () => {
  const special: Words[] = [[0, 0, 0, 0], v4(0)];
  const registers = special.map((words) => hashOf(words) >>> 18);
  const rest: Words[] = [];
  for (let i = 1; rest.length <= MOST_EXACT; i++) {
    // None that would hide these two.
    if (!registers.includes(hashOf(v4(i)) >>> 18)) rest.push(v4(i));
  }
  const estimate = { count: hyperLogLog([...special, ...rest]), estimated: true };
  assert.equal(counted([...special, ...rest]).clients, estimate);
  assert.equal(counted([...rest, ...special]).clients, estimate);
});

test("more addresses than there is memory for are refused in words", () => {
  const memory = new TraceMemory(2 ** 22);
  const statistics = new TraceStatistics(memory.memory);
  const rows = new ConnectionColumns(1000);
  rows.count = 1000;
  let last = 0;
  try {
    for (let block = 0; block < 100; block++) {
      for (let row = 0; row < 1000; row++) rows.client.set([1, 2, 3, ++last], 4 * row);
      statistics.whole(rows);
    }
    assert.unreachable("all found room");
  } catch (error) {
    assert.instance(error, LimitError);
    assert.match((error as Error).message, /^expected .* found /);
  }
});

test("estimates beyond a million within 3 %, whatever the addresses look like", () => {
  const total = 3_000_000;
  const addresses = (function* () {
    for (let i = 0; i < 2 * total; i++) yield v4(i % total);
  })();
  const { count, estimated } = counted(addresses).clients;
  assert.is(estimated, true);
  assert.ok(Math.abs(count / total - 1) < 0.03, `${count}`);
});

test.run();
