/**
 * Runs the connections of a capture or flow trace through the stack engine, with clients of profile
 * `engel`, and prints what it took as JSON. Before the clock starts the trace is read, and its first
 * connections run by themselves, again and again while they are few, so that the compiler's warming
 * up (half a second, however long the trace) is not measured.
 *
 *     node dist/bench/emulation/run-emulation.js TRACE DESIGN [SERVERS [POLICY]]
 *
 * `packets` are those that clients and servers received: each went through a sender's stack, a
 * router and a receiver's stack.
 */
import { findDesign } from "../../replay/designs/index.ts";
import { Emulation } from "../../replay/emulation/engine.ts";
import { CaptureRows, type Pace, type RecordedRows } from "../../replay/emulation/recorded-rows.ts";
import { DEFAULT_TOPOLOGY } from "../../replay/emulation/topology.ts";
import { findPolicy } from "../../replay/policies/index.ts";
import { captureOf } from "../../test/support/emulation.ts";
import { EVERY_PACKET } from "../../traces/activity.ts";
import { ConnectionColumns, copyRows } from "../../traces/connection.ts";
import { ConnectionFile, connectionFormat } from "../../traces/connection-file.ts";
import { openSource } from "../../traces/sources/open-source.ts";
import { PeekedSource } from "../../traces/sources/source.ts";

const WARM_UP = 20_000;

/** A reader uses its columns again: what it hands on is kept as a copy. */
function kept({ rows, pace, first, end }: RecordedRows): RecordedRows {
  const copy = new ConnectionColumns(end - first);
  copyRows(rows, first, copy, 0, end - first);
  copy.count = end - first;
  const part = (column: Float64Array) => column.slice(first, end);
  const copied: Pace | null = pace && {
    firstRequest: part(pace.firstRequest),
    firstResponse: part(pace.firstResponse),
    lastResponse: part(pace.lastResponse),
  };
  return { rows: copy, pace: copied, first: 0, end: end - first };
}

async function readConnections(path: string): Promise<RecordedRows[]> {
  const all: RecordedRows[] = [];
  const { head, source } = await PeekedSource.peek(await openSource(path), 4096);
  const format = connectionFormat(head);
  if (format) {
    for await (const rows of new ConnectionFile(path, source, format).blocks()) {
      all.push(kept({ rows, pace: null, first: 0, end: rows.count }));
    }
    return all;
  }
  const whole = new CaptureRows();
  for await (const activity of (await captureOf(path)).activities(EVERY_PACKET)) {
    whole.take(activity);
    for (const recorded of whole.ready()) all.push(kept(recorded));
  }
  return all;
}

/** The first connections, `WARM_UP` of them at most. */
function beginning(blocks: readonly RecordedRows[]): RecordedRows[] {
  let left = WARM_UP;
  return blocks.map((block) => {
    const count = Math.min(block.end, left);
    left -= count;
    return { ...block, end: count };
  });
}

const [path, designName = "plain", servers = "8", policyName = "hash"] = process.argv.slice(2);
const design = findDesign(designName);
const policy = findPolicy(policyName);
if (!design || !policy) throw new Error(`no design ${designName}, or no policy ${policyName}`);
const recorded = await readConnections(path);
const settings = {
  design,
  policy,
  clients: [{ profile: "engel", share: 1 }],
  servers: Number(servers),
  seed: 1,
  topology: DEFAULT_TOPOLOGY,
} as const;

function runAll(blocks: readonly RecordedRows[]) {
  const emulation = new Emulation(settings);
  for (const rows of blocks) emulation.take(rows);
  return emulation.finish();
}

for (let run = 0; run < WARM_UP; ) {
  const { outcome } = runAll(beginning(recorded));
  if (outcome.connections === 0) throw new Error(`${path} has no connections`);
  run += outcome.connections;
}
const cpu = process.cpuUsage();
const began = process.hrtime.bigint();
const { outcome } = runAll(recorded);
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const { user, system } = process.cpuUsage(cpu);
const { connections, completed, packets } = outcome;
if (completed !== connections) throw new Error(`${connections - completed} connections broke`);
const cpuSeconds = (user + system) / 1e6;
process.stdout.write(`${JSON.stringify({ connections, packets, seconds, cpuSeconds })}\n`);
