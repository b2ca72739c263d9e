import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { clip, type Piece } from "../../../traces/clip.ts";
import { DamageLog } from "../../../traces/damage-log.ts";
import { IndexedFlowTrace } from "../../../traces/flow-trace/indexed.ts";
import { FlowTraceWriter } from "../../../traces/flow-trace/writer.ts";
import { flowTraceOf } from "../../support/byte-source.ts";
import { runHere } from "../../support/cli.ts";
import { someConnections } from "../../support/connections.ts";
import { testRandom } from "../../support/random.ts";

const test = suite("pieces of flow traces");
const folder = mkdtempSync(join(tmpdir(), "anypin-period-"));
const path = join(folder, "t.flows");
test.after(() => rmSync(folder, { recursive: true }));

const rows = someConnections(8, 200_000);
const writer = new FlowTraceWriter(path, {
  origin: 0n,
  tool: "t",
  source: [],
  durations: "recorded",
});
writer.append(rows);
writer.close();

test("the index says where every block is, and what is in it", () => {
  const trace = IndexedFlowTrace.open(path);
  assert.is(trace?.entries.length, 4);
  let next = 0;
  for (const { summary } of trace?.entries ?? []) {
    assert.is(summary.firstId, next);
    assert.is(summary.firstStart, rows.start[next]);
    next += summary.rows;
  }
  assert.is(next, rows.count);
  trace?.close();
});

test("a piece reads the blocks that hold anything of it and no other", () => {
  const trace = IndexedFlowTrace.open(path);
  if (!trace) throw new Error("no index");
  const log = new DamageLog(path);
  const piece = { from: rows.start[140_000], to: rows.start[150_000] };
  const seen = [...trace.blocks(piece, log)].length;
  const wanted = trace.entries.filter(
    ({ summary }) => summary.lastEnd >= piece.from && summary.firstStart < piece.to,
  );
  assert.is(seen, wanted.length);
  assert.equal(log.entries, []);
  trace.close();
});

test("a clipped trace is what was open between its ends, cut to them", async () => {
  const piece = { from: rows.start[1000], to: rows.start[3000] };
  let count = 0;
  for await (const block of clip([rows], piece)) {
    for (let i = 0; i < block.count; i++, count++) {
      assert.ok(block.start[i] >= piece.from && block.start[i] < piece.to);
      assert.ok(block.start[i] + block.duration[i] <= piece.to + 1000);
    }
  }
  let expected = 0;
  for (let i = 0; i < rows.count; i++) {
    if (rows.start[i] < piece.to && rows.start[i] + rows.duration[i] >= piece.from) expected++;
  }
  assert.is(count, expected);
});

/** Starts of the connections of a piece, by the index of a trace or by reading all of it. */
async function startsOf(file: string, piece: Piece, indexed: boolean): Promise<number[]> {
  const trace = IndexedFlowTrace.open(file);
  if (!trace) throw new Error("no index");
  const blocks = indexed
    ? trace.blocks(piece, new DamageLog(file))
    : flowTraceOf(readFileSync(file)).reader.blocks();
  const starts: number[] = [];
  for await (const block of clip(blocks, piece))
    starts.push(...block.start.subarray(0, block.count));
  trace.close();
  return starts;
}

test("a piece of a trace whose clock steps back has all that began in it", async () => {
  const file = join(folder, "back.flows");
  const random = testRandom(12);
  const late = someConnections(9, 300_000);
  late.duration.fill(0);
  const hour = 3600e9;
  for (let i = 0; i < late.count; i++) late.start[i] = 1e6 * i - random.below(1e9);
  // For the last blocks the clock has been set back.
  for (let i = 270_000; i < late.count; i++) late.start[i] -= hour;
  const writer = new FlowTraceWriter(file, { origin: 0n, tool: "t", source: [], durations: "x" });
  writer.append(late);
  writer.close();
  const within = (piece: Piece, rows: number) =>
    [...late.start.subarray(0, rows)].filter((start) => start >= piece.from && start < piece.to);
  const middle = { from: 65_000e6, to: 66_000e6 };
  assert.is(`${await startsOf(file, middle, true)}`, `${within(middle, late.count)}`);
  assert.is(`${await startsOf(file, middle, false)}`, `${within(middle, late.count)}`);
  const setBack = { from: 280_000e6 - hour, to: 290_000e6 - hour };
  assert.ok(within(setBack, late.count).length > 9000);
  assert.is(`${await startsOf(file, setBack, true)}`, `${within(setBack, late.count)}`);
});

test("--from and --to give the same with an index, without, compressed, and from a pipe's reader", async () => {
  const time = (i: number) => new Date(rows.start[i] / 1e6).toISOString();
  const options = ["--from", time(1000), "--to", time(120_000), "--csv", join(folder, "out.csv")];
  const listed = async (file: string) => {
    await runHere(["flows", file, ...options]);
    return readFileSync(join(folder, "out.csv"), "utf8");
  };
  const whole = await listed(path);
  assert.ok(whole.split("\n").length > 100_000);
  const bytes = readFileSync(path);
  writeFileSync(join(folder, "cut.flows"), bytes.subarray(0, bytes.lastIndexOf("anyFLOW") - 1));
  writeFileSync(join(folder, "t.flows.gz"), gzipSync(bytes, { level: 1 }));
  assert.ok((await listed(join(folder, "cut.flows"))) === whole, "without its index");
  assert.ok((await listed(join(folder, "t.flows.gz"))) === whole, "compressed");
});

test("a damaged block of the piece is named; blocks outside it are not looked at", async () => {
  const bytes = readFileSync(path);
  const trace = IndexedFlowTrace.open(path);
  for (const { offset } of trace?.entries.slice(1, 2) ?? []) bytes[offset + 500] ^= 1;
  trace?.close();
  const hurt = join(folder, "hurt.flows");
  writeFileSync(hurt, bytes);
  const at = (i: number) => new Date(rows.start[i] / 1e6).toISOString();
  const through = await runHere(["flows", hurt, "--from", at(70_000), "--to", at(90_000)]);
  assert.is(through.status, 3);
  assert.match(through.err, "connections 65537 to 131072 are lost");
  const before = await runHere(["flows", hurt, "--to", at(60_000)]);
  assert.is(before.status, 0);
});

test("a time that is none is a wrong command line", async () => {
  const { status, err } = await runHere(["flows", path, "--from", "yesterday"]);
  assert.is(status, 2);
  assert.match(err, '--from: expected a time such as 1996-07-30T15:00; found "yesterday"');
});

test.run();
