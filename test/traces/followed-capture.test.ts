/** What is known of captures that have been followed. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ENDS_ALONE } from "../../traces/activity.ts";
import { followCaptures } from "../../traces/followed-capture.ts";
import { pcapBytes } from "../support/capture-builder.ts";
import { PieceSource } from "../support/read-packets.ts";

const data = new Uint8Array(60);

async function span(seconds: readonly number[]): Promise<number[]> {
  const bytes = pcapBytes(seconds.map((second) => ({ seconds: second, fraction: 0, data })));
  const options = { sources: [new PieceSource(bytes)] };
  const capture = await followCaptures(["capture"], {}, options);
  for await (const _ of capture.activities(ENDS_ALONE));
  const { origin, first, last } = capture.facts();
  return [first, last].map((time) => Number(origin / 1_000_000_000n) + time / 1e9);
}

test("the span of a capture is that of its times, in whatever order they are", async () => {
  for (const seconds of [
    [50],
    [50, 50],
    [50, 60, 70],
    [70, 60, 50],
    [60, 50, 70],
    [60, 70, 50],
    [50, 70, 60],
  ]) {
    assert.equal(await span(seconds), [Math.min(...seconds), Math.max(...seconds)], `${seconds}`);
  }
});

test("a capture without packets has no span", async () => {
  const options = { sources: [new PieceSource(pcapBytes([]))] };
  const capture = await followCaptures(["capture"], {}, options);
  for await (const _ of capture.activities(ENDS_ALONE));
  const { first, last, packets } = capture.facts();
  assert.equal([first, last, packets], [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]);
});

test.run();
