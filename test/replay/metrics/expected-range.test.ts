import { test } from "uvu";
import * as assert from "uvu/assert";
import { expectedImbalance, expectedRange } from "../../../replay/metrics/expected-range.ts";

/** Published to five places as the control-chart constant d2 (ASTM MNL 7; Tippett 1925). */
const PUBLISHED: [number, number][] = [
  [1, 0],
  [2, 1.12838],
  [3, 1.69257],
  [5, 2.32593],
  [10, 3.07751],
  [20, 3.73495],
  [100, 5.01519],
];

for (const [n, d] of PUBLISHED) {
  test(`the expected range of ${n} standard normals is ${d}`, () => {
    assert.ok(Math.abs(expectedRange(n) - d) < 2e-5, `${expectedRange(n)}`);
  });
}

test("the expected imbalance falls with the root of the load, and is 0 without any", () => {
  assert.ok(Math.abs(expectedImbalance(expectedRange(5), 100) - 0.232593) < 1e-5);
  assert.is(expectedImbalance(expectedRange(5), 0), 0);
});

test.run();
