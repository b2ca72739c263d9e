/** Windows whose bytes lie in the memory of a trace. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TraceMemory } from "../../traces/trace-memory.ts";
import { WindowOfTrace } from "../../traces/window-of-trace.ts";
import { byteSource } from "../support/byte-source.ts";
import { testRandom } from "../support/random.ts";

const BYTES = testRandom(1).bytes(3_000_000);

/** A window of all of `BYTES` at once, for which it has to grow. */
async function filled(memory: TraceMemory): Promise<WindowOfTrace> {
  const window = new WindowOfTrace(byteSource(BYTES, 100_000), memory);
  window.want(BYTES.length);
  await window.fill();
  return window;
}

test("a window's bytes are the source's and lie in the trace's memory, however it grows", async () => {
  const memory = new TraceMemory();
  const { bytes, end } = await filled(memory);
  assert.is(end, BYTES.length);
  assert.is(bytes.buffer, memory.buffer);
  assert.is(Buffer.compare(bytes.subarray(0, end), BYTES), 0);
});

test("what a window gives back serves the next ones, all that it grew through", async () => {
  const memory = new TraceMemory();
  (await filled(memory)).giveBack();
  const size = memory.buffer.byteLength;
  for (let i = 0; i < 5; i++) {
    const window = await filled(memory);
    assert.is(Buffer.compare(window.bytes.subarray(0, window.end), BYTES), 0);
    window.giveBack();
  }
  assert.is(memory.buffer.byteLength, size);
});

test("windows open at once share no bytes, nor do those made after a second giving back", async () => {
  const memory = new TraceMemory();
  const given = await filled(memory);
  given.giveBack();
  given.giveBack();
  const [one, other] = [await filled(memory), await filled(memory)];
  other.bytes.fill(0);
  assert.is(Buffer.compare(one.bytes.subarray(0, one.end), BYTES), 0);
});

test.run();
