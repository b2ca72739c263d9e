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

/** Makes tables in a trace's memory, each of which takes some for itself, and says when. */
const TABLES = `
  const { workerData } = require("node:worker_threads");
  const { program, memory, place, tables } = workerData;
  import(program).then(({ ConnectionTable }) => {
    const state = new Int32Array(memory.buffer, place, 1);
    const options = { idleTcp: 1, idleUdp: 1, service: null, packets: false };
    const say = (word) => {
      Atomics.store(state, 0, word);
      Atomics.notify(state, 0);
    };
    say(1);
    for (let i = 0; i < tables; i++) new ConnectionTable(options, memory);
    say(2);
  });
`;

/** Bytes given out while another thread makes `tables` tables and this one, if `both`, takes lines. */
async function takenBeside(tables: number, both: boolean): Promise<{ all: number; own: number }> {
  const memory = new TraceMemory();
  const place = memory.place(4);
  const state = new Int32Array(memory.buffer, place, 1);
  const program = new URL("../../traces/table/connection-table.js", import.meta.url).href;
  const workerData = { program, memory: memory.memory, place, tables };
  const worker = new Worker(TABLES, { eval: true, workerData });
  const ended = once(worker, "exit");
  Atomics.wait(state, 0, 0);
  const first = memory.place(1);
  let own = LINE_BYTES;
  if (!both) Atomics.wait(state, 0, 1);
  for (; both && Atomics.load(state, 0) === 1; own += LINE_BYTES) memory.place(1);
  await ended;
  const last = memory.place(1);
  assert.ok(memory.buffer.byteLength >= last);
  return { all: last - first, own };
}

test("two threads that take at once are never given the same", async () => {
  const tables = 200;
  const alone = await takenBeside(tables, false);
  const beside = await takenBeside(tables, true);
  assert.ok(beside.own > 1000 * LINE_BYTES, `${beside.own} bytes taken meanwhile`);
  assert.is(beside.all - beside.own, alone.all - alone.own);
});

test.run();
