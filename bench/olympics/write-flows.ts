/** Writes a flow trace of so many connections, made beforehand, and prints the seconds it took. */
import { rmSync } from "node:fs";
import { ConnectionColumns } from "../../traces/connection.ts";
import { FlowTraceWriter } from "../../traces/flow-trace/writer.ts";
import { olympic96 } from "../../traces/synthetic/olympic96.ts";

const BLOCK = 65_536;
const wanted = Number(process.argv[2]);
const path = `out/bench/write-${process.pid}.flows`;
const trace = olympic96.create({ connections: BLOCK * 8, seconds: 3600, seed: 1 });
const blocks = Array.from({ length: 8 }, () => {
  const rows = new ConnectionColumns(BLOCK);
  trace.fill(rows);
  return rows;
});
const info = { origin: trace.origin, tool: "bench", source: [], durations: trace.durations };
const began = process.hrtime.bigint();
const writer = new FlowTraceWriter(path, info);
for (let turn = 0; writer.connections < wanted; turn++) writer.append(blocks[turn % 8]);
const bytes = writer.close();
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
rmSync(path);
console.log(JSON.stringify({ seconds: (seconds * wanted) / writer.connections, bytes }));
