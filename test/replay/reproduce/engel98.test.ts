import { test } from "uvu";
import * as assert from "uvu/assert";
import { expectedImbalance, expectedRange } from "../../../replay/metrics/expected-range.ts";
import { interval } from "../../../replay/metrics/interval.ts";
import { reproductionTable } from "../../../replay/report/reproduction-table.ts";
import { reproduceEngel98 } from "../../../replay/reproduce/engel98.ts";
import { matchesGolden } from "../../support/golden.ts";

const never = new AbortController().signal;
const result = await reproduceEngel98(3, () => {}, never);
const of = (policy: string, measure: string) => {
  const found = result.measured.find((m) => m.policy === policy && m.measure === measure);
  if (!found) throw new Error(`${policy} ${measure}`);
  return found;
};

test("the segment has the load that the published bands imply", () => {
  const active = result.activePerServer.mean;
  assert.ok(active > 90 && active < 220, `${active}`);
});

test("figure 4(a): random and hash meet d(5)/√m, least-connection stays near one connection", () => {
  const expected = expectedImbalance(expectedRange(5), result.activePerServer.mean);
  for (const policy of ["random", "hash"]) {
    const { mean } = of(policy, "connectionsMean").interval;
    assert.ok(Math.abs(mean / expected - 1) < 0.1, `${policy}: ${mean}, expected ${expected}`);
    assert.ok(of(policy, "connectionsUnder50").interval.mean > 0.98);
  }
  assert.ok(of("least-connection", "connectionsMax").greatest < 0.1);
});

test("figure 4(b): nearly every window is under 125 %, hardly one over 300 %", () => {
  for (const policy of ["round-robin", "random", "hash", "least-connection"]) {
    assert.ok(of(policy, "bytesUnder125").interval.mean > 0.98, policy);
    assert.ok(of(policy, "bytesOver300").interval.mean < 0.01, policy);
  }
});

test("the report puts published beside measured", () => {
  matchesGolden("reproduce-engel98.txt", reproductionTable(result));
});

test("a stop is heeded after the segment at hand", async () => {
  const stop = new AbortController();
  stop.abort();
  assert.is((await reproduceEngel98(5, () => {}, stop.signal)).seeds, 1);
});

test("the confidence interval is Student's", () => {
  // Mean 3, deviation √2.5, four degrees of freedom: 2.776 · √(2.5/5).
  const { mean, margin } = interval([1, 2, 3, 4, 5]);
  assert.is(mean, 3);
  assert.ok(Math.abs(margin - 1.963) < 0.001, `${margin}`);
  assert.equal(interval([7]), { mean: 7, margin: 0 });
});

test.run();
