/**
 * One stage of reading a capture, several passes in one process.
 *
 *     node dist/bench/capture/stage.js walk|parse|table FILE PASSES
 *
 * Prints `{"packets": N, "connections": N, "seconds": [each pass]}`.
 */
import { ENDS_ALONE } from "../../traces/activity.ts";
import { ConnectionTracker } from "../../traces/connections.ts";
import { PacketDecoder } from "../../traces/decode/packet-decoder.ts";
import { CHUNK_PACKETS, chunkRows } from "../../traces/decode/packet-rows.ts";
import { openTrace } from "../../traces/open.ts";

interface Found {
  packets: number;
  /** Where the stage finds any. */
  connections?: number;
}

/** Reads the whole file once. */
type Stage = (file: string) => Promise<Found>;

/** Records found, their times, lengths and offsets set down; nothing looked at inside. */
async function walk(file: string): Promise<Found> {
  let packets = 0;
  for await (const batch of await openTrace([file])) packets += batch.count;
  return { packets };
}

/** Link, network and transport headers too, as columns of addresses, ports, flags and lengths. */
async function parse(file: string): Promise<Found> {
  const decoder = new PacketDecoder({ tunnels: false });
  const trace = await openTrace([file]);
  const rows = chunkRows(trace.memory);
  let packets = 0;
  for await (const batch of trace) {
    for (let first = 0; first < batch.count; first += CHUNK_PACKETS) {
      decoder.decode(batch, first, Math.min(CHUNK_PACKETS, batch.count - first), rows);
    }
    packets += batch.count;
  }
  return { packets };
}

/** Every packet given to its connection, every connection reported when it closes. */
async function table(file: string): Promise<Found> {
  const trace = await openTrace([file]);
  const tracker = new ConnectionTracker({}, trace.memory, ENDS_ALONE);
  let packets = 0;
  let connections = 0;
  for await (const batch of trace) {
    connections += tracker.follow(batch).closed.count;
    packets += batch.count;
  }
  for (const { closed } of tracker.end()) connections += closed.count;
  return { packets, connections };
}

const STAGES: Record<string, Stage> = { walk, parse, table };

const [name = "", file = "", passes = "1"] = process.argv.slice(2);
const stage = STAGES[name];
if (!stage) {
  process.stderr.write(`stage: ${name} is none of ${Object.keys(STAGES).join(", ")}\n`);
  process.exit(2);
}
let found: Found = { packets: 0 };
const seconds: number[] = [];
for (let pass = 0; pass < Number(passes); pass++) {
  const began = process.hrtime.bigint();
  found = await stage(file);
  seconds.push(Number(process.hrtime.bigint() - began) / 1e9);
}
process.stdout.write(`${JSON.stringify({ ...found, seconds })}\n`);
