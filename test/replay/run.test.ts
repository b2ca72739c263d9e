/** Times as results show them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { utc } from "../../replay/run.ts";

const TIMES: readonly (readonly [bigint, string])[] = [
  [0n, "1970-01-01T00:00:00Z"],
  [838_224_000_000_000_001n, "1996-07-24T16:00:00.000000001Z"],
  [-1n, "1969-12-31T23:59:59.999999999Z"],
  [8_640_000_000_000_000_000_000n, "+275760-09-13T00:00:00Z"],
  [8_640_000_000_001_000_000_000_500n, "@8640000000001000.0000005"],
  [-9_000_000_000_000_000_000_000n, "@-9000000000000"],
  [(1n << 64n) * 1_000_000_000n, "@18446744073709551616"],
];

test("a time is ISO 8601, or @seconds where years no longer tell it", () => {
  for (const [nanoseconds, text] of TIMES) assert.is(utc(nanoseconds), text);
});

test.run();
