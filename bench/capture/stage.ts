/**
 * One stage of reading a capture, several passes in one process.
 *
 *     node dist/bench/capture/stage.js walk FILE PASSES
 *
 * Prints `{"packets": N, "seconds": [each pass]}`.
 */
import { openTrace } from "../../traces/open.ts";

/** Reads the whole file once; returns how many packets it found. */
type Stage = (file: string) => Promise<number>;

/** Records found and their times, lengths and offsets set down; nothing looked at inside. */
async function walk(file: string): Promise<number> {
  const trace = await openTrace([file]);
  let packets = 0;
  for await (const batch of trace) packets += batch.count;
  return packets;
}

const STAGES: Record<string, Stage> = { walk };

const [name = "", file = "", passes = "1"] = process.argv.slice(2);
const stage = STAGES[name];
if (!stage) {
  process.stderr.write(`stage: ${name} is none of ${Object.keys(STAGES).join(", ")}\n`);
  process.exit(2);
}
let packets = 0;
const seconds: number[] = [];
for (let pass = 0; pass < Number(passes); pass++) {
  const began = process.hrtime.bigint();
  packets = await stage(file);
  seconds.push(Number(process.hrtime.bigint() - began) / 1e9);
}
process.stdout.write(`${JSON.stringify({ packets, seconds })}\n`);
