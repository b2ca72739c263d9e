/** Memory that one trace's readers, decoders and tables share. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TraceMemory } from "../../traces/trace-memory.ts";

const LINE_BYTES = 64;

test("places are cache lines of their own, whatever their sizes", () => {
  const memory = new TraceMemory();
  let end = 1;
  for (const bytes of [1, 63, 64, 65, 1000, 100_000]) {
    const at = memory.place(bytes);
    assert.is(at % LINE_BYTES, 0);
    assert.ok(at >= end, `${at} for ${bytes} bytes, the last place ends at ${end}`);
    end = at + bytes;
    assert.ok(memory.buffer.byteLength >= end);
  }
});

test("a place given back is used again, once, for what needs as many lines", () => {
  const memory = new TraceMemory();
  const [first, second] = [memory.place(100), memory.place(100)];
  memory.giveBack(first, 100);
  memory.giveBack(second, 100);
  const other = memory.place(200);
  assert.not([first, second].includes(other));
  const again = [memory.place(128), memory.place(65)];
  assert.equal(again.sort(), [first, second].sort());
  assert.not([first, second, other].includes(memory.place(100)));
});

test("what was written stays when memory grows, and views of it stay good", () => {
  const memory = new TraceMemory();
  const view = new Uint8Array(memory.buffer, memory.place(1000), 1000).fill(7);
  const before = memory.buffer.byteLength;
  const more = new Uint8Array(memory.buffer, memory.place(10 << 20), 1);
  assert.ok(memory.buffer.byteLength > before + (10 << 20) - 65_536);
  more[0] = 9;
  assert.ok(view.every((byte) => byte === 7));
  view[0] = 8;
  assert.is(new Uint8Array(memory.buffer)[view.byteOffset], 8);
});

test("more than there can be is refused in words", () => {
  const memory = new TraceMemory(1 << 20);
  memory.place(1 << 19);
  assert.throws(
    () => memory.place(1 << 20),
    ({ name, message }: Error) => name === "LimitError" && /4 GiB/.test(message),
  );
});

/** Takes lines of the trace's memory as WebAssembly does, and says when it begins. */
const TAKING = `
  const { workerData } = require("node:worker_threads");
  const { program, memory, started, lines } = workerData;
  import(program).then(({ flowCode }) => {
    const code = flowCode(memory, { replay() {}, sample() {} });
    Atomics.store(started, 0, 1);
    Atomics.notify(started, 0);
    for (let i = 0; i < lines; i++) code.allocate(${LINE_BYTES});
  });
`;

test("two threads that take at once, in JavaScript and in WebAssembly, get places of their own", async () => {
  const lines = 2_000_000;
  const memory = new TraceMemory();
  const started = new Int32Array(new SharedArrayBuffer(4));
  const program = new URL("../../replay/flow/flow-code.js", import.meta.url).href;
  const workerData = { program, memory: memory.memory, started, lines };
  const worker = new Worker(TAKING, { eval: true, workerData });
  const ended = once(worker, "exit");
  assert.is.not(Atomics.wait(started, 0, 0, 30_000), "timed-out");
  const first = memory.place(LINE_BYTES);
  for (let mine = 1; mine < lines; mine++) memory.place(LINE_BYTES);
  await ended;
  const last = memory.place(LINE_BYTES);
  // What the other thread had taken before our first place is not among them.
  const lists = 2 * LINE_BYTES;
  const theirs = lines - (first - LINE_BYTES - lists) / LINE_BYTES;
  assert.is(last - first, (lines + theirs) * LINE_BYTES);
  assert.ok(memory.buffer.byteLength > last);
});

test.run();
