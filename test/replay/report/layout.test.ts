import { test } from "uvu";
import * as assert from "uvu/assert";
import { painted, wrapped } from "../../../replay/report/layout.ts";

const BOLD = "\u001b[1m";

test("a long line goes on two columns further in than it began", () => {
  assert.is(wrapped("one two three", 8), "one two\n  three");
  assert.is(wrapped("  one two three", 9), "  one two\n    three");
  assert.is(wrapped("short\n  also", 8), "short\n  also");
  assert.is(wrapped("  averylongword next", 8), "  averylongword\n    next");
});

test("titles are bold, what stands under them and sentences are not", () => {
  const lit = painted("head\nof all\n\nTitle\n  1 2\n\nA sentence\nin two lines.\n");
  assert.equal(
    lit.split("\n").map((line) => line.startsWith(BOLD)),
    [true, true, false, true, false, false, false, false, false],
  );
});

test.run();
