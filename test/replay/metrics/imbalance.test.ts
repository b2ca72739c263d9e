import { test } from "uvu";
import * as assert from "uvu/assert";
import { ImbalanceRecorder } from "../../../replay/metrics/imbalance.ts";
import { LoadSeries } from "../../../replay/metrics/load-series.ts";
import { metricsIn } from "../../../replay/metrics/metrics-code.ts";
import { TraceMemory } from "../../../traces/trace-memory.ts";

const metrics = metricsIn(new TraceMemory().memory);

test("measures (max − min)/mean, leaves windows without load out, and counts them", () => {
  const recorder = new ImbalanceRecorder(metrics);
  recorder.add(Float64Array.of(1, 2, 3), 1);
  recorder.add(Float64Array.of(0, 0, 0), 4);
  recorder.add(Float64Array.of(5, 5, 5), 2);
  recorder.add(Float64Array.of(10, 10, 13), 1);
  const { imbalance, excess, jain, meanPerServer } = recorder.summary();
  assert.equal([imbalance.windows, imbalance.emptyWindows, imbalance.max], [4, 4, 1]);
  assert.equal([imbalance.p50, imbalance.under30, imbalance.under50], [0, 0.75, 0.75]);
  assert.ok(Math.abs(imbalance.mean - (1 + 3 / 11) / 4) < 1e-12);
  assert.ok(Math.abs(excess.max - 0.5) < 1e-12);
  assert.ok(Math.abs(jain.min - 36 / (3 * 14)) < 1e-12);
  assert.is(meanPerServer, (2 + 5 + 5 + 11) / 4);
});

test("limits are strict: 30 % is not under 30 %", () => {
  const recorder = new ImbalanceRecorder(metrics);
  recorder.add(Float64Array.of(17, 23), 1);
  assert.equal(
    [recorder.summary().imbalance.under30, recorder.summary().imbalance.under50],
    [0, 1],
  );
});

test("one server with everything is imbalance N and a Jain index of 1/N", () => {
  const recorder = new ImbalanceRecorder(metrics);
  recorder.add(Float64Array.of(0, 0, 0, 7), 1);
  const { imbalance, jain, excess } = recorder.summary();
  assert.equal([imbalance.max, jain.mean, excess.mean], [4, 0.25, 3]);
});

test("a series keeps sums however long it grows, in at most 1000 bins", () => {
  const series = new LoadSeries(2);
  let bytes = 0;
  for (let window = 0; window < 12_345; window++) {
    series.add(Float64Array.of(window, 1), Float64Array.of(10, window), 1);
    bytes += window;
  }
  series.add(Float64Array.of(0, 0), Float64Array.of(0, 0), 1e12);
  const load = series.summary(3, 0.5);
  assert.is(load.startSeconds, 3);
  assert.ok(load.active[0].length <= 1000);
  assert.ok(load.binSeconds * load.active[0].length >= 0.5 * (1e12 + 12_345));
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  assert.is(sum(load.bytes[0]), 123_450);
  assert.is(sum(load.bytes[1]), bytes);
});

test("a series of few windows has one bin a window", () => {
  const series = new LoadSeries(1);
  for (const n of [4, 6, 8]) series.add(Float64Array.of(n), Float64Array.of(n), 1);
  assert.equal(series.summary(0, 0.5), {
    startSeconds: 0,
    binSeconds: 0.5,
    active: [[4, 6, 8]],
    bytes: [[4, 6, 8]],
  });
});

test.run();
