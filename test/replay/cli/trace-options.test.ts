/** Times on a command line mean the same on every machine. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { UsageError } from "../../../replay/cli/command.ts";
import { periodOf } from "../../../replay/cli/trace-options.ts";

const SECOND = 1_000_000_000n;
/** 1996-07-30T15:00:00Z. */
const THREE = 838_738_800n * SECOND;

const zone = process.env.TZ;
test.before(() => {
  process.env.TZ = "America/New_York";
});
test.after(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const TIMES: readonly (readonly [text: string, time: bigint])[] = [
  ["1996-07-30T15:00", THREE],
  ["1996-07-30 15:00", THREE],
  ["1996-07-30t15:00:00z", THREE],
  ["1996-07-30T15:00:01.5", THREE + (3n * SECOND) / 2n],
  ["1996-07-30T15:00:00.000000001Z", THREE + 1n],
  ["1996-07-30T11:00-04:00", THREE],
  ["1996-07-30T11:00-0400", THREE],
  ["1996-07-30", THREE - 15n * 3600n * SECOND],
  ["1969-12-31T23:59:59.25", (-3n * SECOND) / 4n],
];
for (const [text, time] of TIMES) {
  test(`${text} is a time, in UTC where it names no zone`, () => {
    assert.equal(periodOf({ from: text }), { from: time, to: null });
    assert.equal(periodOf({ to: text }), { from: null, to: time });
  });
}

for (const text of ["1", "1996", "30 Jul 1996 15:00", "07/30/1996", "1996-07-30T25:00", "15:00"]) {
  test(`${text} is none`, () => {
    assert.throws(
      () => periodOf({ from: text }),
      (error: Error) =>
        error instanceof UsageError &&
        error.message === `--from: expected a time such as 1996-07-30T15:00; found "${text}"`,
    );
  });
}

test("a period ends after it has begun", () => {
  const [from, to] = ["1996-07-30T15:00", "1996-07-30T14:00"];
  for (const end of [from, to]) {
    assert.throws(() => periodOf({ from, to: end }), "--to: expected a time after that of --from");
  }
  assert.is(periodOf({}), undefined);
});

test.run();
