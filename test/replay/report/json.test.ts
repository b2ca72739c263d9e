/** The text of a result: what JSON is, indented, and lists of numbers on one line. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { json } from "../../../replay/report/json.ts";
import type { ReplayResult } from "../../../replay/result.ts";

const text = (value: unknown): string => json(value as ReplayResult);

for (const value of [
  {},
  { list: [], none: null, no: false, word: 'a "b"\n√' },
  { deep: { deeper: { list: [{ a: 1 }, { b: [] }] } } },
  [["a", "b"], [{}], "c"],
  { gone: undefined, kept: 1 },
]) {
  test(`as JSON.stringify has it: ${JSON.stringify(value)}`, () => {
    assert.is(text(value), `${JSON.stringify(value, null, 2)}\n`);
  });
}

test("lists of numbers stand on one line, lists of lists on a line each", () => {
  const lines = [
    "{",
    '  "a": [1, 2.5, -3],',
    '  "b": [',
    "    [1, 2],",
    "    [3, null]",
    "  ]",
    "}",
  ];
  assert.is(
    text({
      a: [1, 2.5, -3],
      b: [
        [1, 2],
        [3, Number.NaN],
      ],
    }),
    `${lines.join("\n")}\n`,
  );
});

test("numbers have twelve digits, drawn ones six, whole ones all", () => {
  const third = 1 / 3;
  const whole = 123_456_789_012_345;
  const { mean, count, edges, active } = JSON.parse(
    text({ mean: third, count: whole, edges: [third, 1_234_567], active: [[2 / 3], [7]] }),
  );
  assert.equal([mean, count], [0.333333333333, whole]);
  assert.equal(edges, [0.333333, 1_234_570]);
  assert.equal(active, [[0.666667], [7]]);
});

test("what is no number in JSON is null, and minus zero is zero", () => {
  assert.equal(JSON.parse(text({ a: Number.POSITIVE_INFINITY, b: -0 })), { a: null, b: 0 });
});

test.run();
