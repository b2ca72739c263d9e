/** The language of `%{ }%`: what expressions come to, as Python has it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Datum, evaluate, runAssertions } from "./expression.ts";

const variables = (name: string): Datum | undefined =>
  ({ tcpi_state: 4, tcpi_rtt: 50_000, tcpi_congestion: "cubic" })[name];

const CASES: readonly [text: string, value: Datum][] = [
  ["1 + 2 * 3", 7],
  ["(1 + 2) * 3", 9],
  ["7 // 2", 3],
  ["-7 // 2", -4],
  ["-7 % 3", 2],
  ["2 ** 3 ** 2", 512],
  ["-2 ** 2", -4],
  ["1 << 4 | 3", 19],
  ["6 & 3 ^ 8", 10],
  ["~5", -6],
  ["0x10 == 16", true],
  ["1 < 2 < 3", true],
  ["1 < 3 < 2", false],
  ["3 in (1, 2, 3)", true],
  ["3 not in [1, 2]", true],
  ["not 1 == 2", true],
  ["1 and 2 or 3", 2],
  ["0 or 3", 3],
  ["4 | 3 == 7", true],
  ["abs(-4) + max(1, 9, 3)", 13],
  ["tcpi_congestion == 'cubic'", true],
  ["45000 <= tcpi_rtt <= 55000 and tcpi_state == 4", true],
  ["True != False", true],
  ["1e3 + .5", 1000.5],
];

for (const [text, value] of CASES) {
  test(`${text} is ${value}`, () => {
    assert.equal(evaluate(text, 1, variables), value);
  });
}

for (const text of [
  "tcpi_state.real",
  "open('x')",
  "tcpi_state if 1 else 2",
  "[1][0]",
  "$",
  "1 +",
]) {
  test(`${text} is not taken`, () => {
    assert.throws(() => evaluate(text, 1, variables), /not supported/);
  });
}

test("statements stand on lines or between semicolons, messages behind a comma", () => {
  runAssertions("assert tcpi_state == 4, 'open'; assert max(1, 2) == 2\nassert True", 1, variables);
  assert.throws(
    () => runAssertions("assert 1\nassert tcpi_rtt < 3, 'slow'", 1, variables),
    /50000/,
  );
});

test.run();
