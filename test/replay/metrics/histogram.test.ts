import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  cumulative,
  linearBins,
  logBins,
  niceWidth,
} from "../../../replay/metrics/distribution.ts";
import { Histogram } from "../../../replay/metrics/histogram.ts";
import { metricsIn } from "../../../replay/metrics/metrics-code.ts";
import { TraceMemory } from "../../../traces/trace-memory.ts";
import { testRandom } from "../../support/random.ts";

const metrics = metricsIn(new TraceMemory().memory);

function filled(values: Iterable<number>): Histogram {
  const histogram = new Histogram(metrics);
  for (const value of values) histogram.add(value);
  return histogram;
}

/** The bins that hold anything. */
function binsOf(histogram: Histogram): { value: number; count: number }[] {
  const bins: { value: number; count: number }[] = [];
  histogram.visitBins((value, count) => bins.push({ value, count }));
  return bins;
}

test("an empty histogram has mean and quantiles 0 and no bins", () => {
  const h = new Histogram(metrics);
  assert.equal([h.count, h.mean, h.quantile(0.5), binsOf(h)], [0, 0, 0, []]);
  assert.equal([h.min, h.max], [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  assert.equal(linearBins(h, 0.01).shares, []);
  assert.equal(logBins(h, 10, 1).shares, []);
});

test("quantiles are nearest rank: exact for values alone in their bin", () => {
  const h = filled([1, 2, 3, 4]);
  assert.equal(
    [0.25, 0.26, 0.5, 0.75, 0.76, 1].map((q) => h.quantile(q)),
    [1, 2, 2, 3, 4, 4],
  );
  assert.equal([h.mean, h.min, h.max], [2.5, 1, 4]);
});

test("sums of whole grains do not depend on the order of values, and are exact beyond 2^53", () => {
  const random = testRandom(9);
  const nanoseconds = Array.from({ length: 60_000 }, () => random.below(600e6) * 1000 + 7);
  const orders = [nanoseconds, [...nanoseconds].reverse(), [...nanoseconds].sort((a, b) => a - b)];
  const [first, ...others] = orders.map((values) => {
    const h = new Histogram(metrics, 1e9);
    for (const value of values) h.add(value / 1e9);
    return { mean: h.mean, sum: h.sum, p50: h.quantile(0.5), bins: binsOf(h) };
  });
  for (const other of others) assert.equal(other, first);
  const exact = nanoseconds.reduce((sum, value) => sum + BigInt(value), 0n);
  assert.ok(exact > 2n ** 53n);
  assert.is(first.sum, Number(exact) / 1e9);
});

test("quantiles of any values lie within 0.2 % of the sorted values", () => {
  const random = testRandom(5);
  const values = Array.from({ length: 5000 }, () => Math.exp(random.below(4000) / 100 - 15));
  const h = filled(values);
  values.sort((a, b) => a - b);
  for (const q of [0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 1]) {
    const exact = values[Math.ceil(q * values.length) - 1];
    assert.ok(Math.abs(h.quantile(q) / exact - 1) < 0.002, `${q}: ${h.quantile(q)} for ${exact}`);
  }
});

test("a value added many times counts as often", () => {
  const h = filled([10]);
  h.add(0, 98);
  h.add(20);
  assert.equal([h.count, h.quantile(0.98), h.quantile(0.99), h.max], [100, 0, 10, 20]);
  h.add(2.5, 100);
  assert.equal([h.mean, h.sum], [1.4, 280]);
});

test("takes zero, the tiny and the huge", () => {
  const h = filled([0, 1e-300, 1e300]);
  assert.equal([h.count, h.max, h.quantile(1)], [3, 1e300, 1e300]);
});

test("a bin begins at each 512th of a power of two, and at nothing else", () => {
  const random = testRandom(11);
  for (const power of [-30, -1, 0, 1, 20, 53]) {
    for (const step of [0, 1, 511, random.below(512)]) {
      const edge = 2 ** power * (1 + step / 512);
      const above = edge * (1 + 1 / 1025);
      const below = edge * (1 - Number.EPSILON / 2);
      const found = binsOf(filled([edge, above, below])).map(({ count }) => count);
      assert.equal(found, [1, 2], `${power} ${step}`);
    }
  }
  // What is below the lowest bin counts as zero, and there is none above the highest.
  assert.equal(binsOf(filled([0, 2 ** -31])), [{ value: 2 ** -32, count: 2 }]);
  assert.is(binsOf(filled([2 ** 54, 2 ** 60])).length, 1);
});

test("a histogram reaches down and up, beside another, as if all had come in order", () => {
  const random = testRandom(12);
  const values = Array.from({ length: 4000 }, () => 2 ** (random.below(84_000) / 1000 - 30));
  const [one, other] = [new Histogram(metrics), new Histogram(metrics, 1)];
  for (const value of values) {
    one.add(value, 3);
    other.add(Math.round(value), 2);
  }
  const counted = (h: Histogram) => binsOf(h).map(({ count }) => count);
  const sorted = [...values].sort((a, b) => a - b);
  assert.equal(
    counted(one),
    counted(filled(sorted)).map((count) => 3 * count),
  );
  const whole = filled(sorted.map((value) => Math.round(value)));
  assert.equal(
    counted(other),
    counted(whole).map((count) => 2 * count),
  );
  assert.equal([one.min, one.max, one.count], [sorted[0], sorted.at(-1), 12_000]);
});

test("linear bins have exact edges and hold their lower edge", () => {
  const d = linearBins(filled([0, 0.29, 0.3, 0.3, 0.31]), 0.01);
  assert.is(d.edges.length, 33);
  assert.is(d.edges[30], 0.3);
  assert.equal([d.shares[0], d.shares[29], d.shares[30], d.shares[31]], [0.2, 0.2, 0.4, 0.2]);
  assert.equal(linearBins(filled([1, 25]), 10).shares, [0.5, 0, 0.5]);
  assert.equal(
    [0.005, 0.011, 0.05, 65].map((wanted) => niceWidth(0.01, wanted)),
    [0.01, 0.02, 0.05, 100],
  );
});

test("log bins go from the smallest to the largest value, with zeros in a bin of their own", () => {
  const d = logBins(filled([0, 1, 1, 1000]), 10, 1e-6);
  assert.equal([d.edges[0], d.edges[1], d.shares[0], d.shares[1]], [0, 1, 0.25, 0.5]);
  assert.ok(Math.abs((d.edges[31] ?? 0) - 1000) < 1e-9);
  assert.is(d.shares[31], 0.25);
  assert.is(cumulative(d).at(-1), 1);
});

test.run();
