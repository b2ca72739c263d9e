import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  alignedTo,
  filled,
  labelledTo,
  painted,
  sparkline,
  wrapped,
} from "../../../replay/report/layout.ts";

const BOLD = "\u001b[1m";

test("a long line goes on two columns further in than it began", () => {
  assert.is(wrapped("one two three", 8), "one two\n  three");
  assert.is(wrapped("  one two three", 9), "  one two\n    three");
  assert.is(wrapped("short\n  also", 8), "short\n  also");
  assert.is(wrapped("  averylongword next", 8), "  averylongword\n    next");
});

test("a long label has a line of its own where its numbers have no room beside it", () => {
  const rows = [
    ["design", "done", "lost"],
    ["pinned, hash", "1", "22"],
    ["plain, hash", "333", "4"],
  ];
  assert.is(labelledTo(30, rows), alignedTo(30, rows));
  assert.is(
    labelledTo(20, rows),
    ["    done  lost", "  pinned, hash", "       1    22", "  plain, hash", "     333     4"].join(
      "\n",
    ),
  );
});

test("sentences fill lines", () => {
  assert.is(filled("one two three four", 9), "one two\nthree\nfour");
  assert.is(filled("averylongword", 5), "averylongword");
});

test("titles are bold, what stands under them and sentences are not", () => {
  const lit = painted("head\nof all\n\nTitle\n  1 2\n\nA sentence\nin two lines.\n");
  assert.equal(
    lit.split("\n").map((line) => line.startsWith(BOLD)),
    [true, true, false, true, false, false, false, false, false],
  );
});

test("columns that do not fit go from the right, down to a name and a number", () => {
  const rows = [
    ["policy", "mean", "p99", "  bar"],
    ["hash", "0.5", "1.25", "  ███"],
  ];
  for (const [width, lines] of [
    [80, ["  policy  mean   p99    bar", "  hash     0.5  1.25    ███"]],
    [24, ["  policy  mean   p99", "  hash     0.5  1.25"]],
    [1, ["  policy  mean", "  hash     0.5"]],
  ] as const) {
    assert.equal(alignedTo(width, rows).split("\n"), lines, String(width));
  }
});

test("bars have a colour, what went wrong another", () => {
  const lit = painted("The input could not be read to its end\n  hash  ██\n");
  assert.equal(lit.split("\n").slice(0, 2), [
    "\u001b[33mThe input could not be read to its end\u001b[0m",
    "  hash  \u001b[36m██\u001b[0m",
  ]);
});

test("a sparkline shows means, the highest at the top, and a line for nothing at all", () => {
  assert.is(sparkline([0, 0, 4, 4, 8, 8], 3), "▁▅█");
  assert.is(sparkline([0, 0], 5), "▁▁");
});

test.run();
