/**
 * Runs connections through the stack engine and prints what it took as JSON.
 *
 *     node dist/bench/emulation/run-emulation.js DESIGN CONNECTIONS|CAPTURE
 */
import { existsSync } from "node:fs";
import { Comparison } from "../../replay/emulation/comparison.ts";
import { CaptureRows } from "../../replay/emulation/recorded-rows.ts";
import { parseClientMix } from "../../replay/emulation/scenario/client-mix.ts";
import { DEFAULT_SCENARIO } from "../../replay/emulation/scenario/scenario.ts";
import { activityOf } from "../../test/support/emulation.ts";
import { testRandom } from "../../test/support/random.ts";
import { ConnectionColumns } from "../../traces/connection.ts";

const [design = "plain", work = "60000"] = process.argv.slice(2);

/** Web-like: a thousand opens a second, some hundred bytes asked, one to nine kilobytes answered. */
function generated(count: number): ConnectionColumns {
  const random = testRandom(1);
  const rows = new ConnectionColumns(count);
  rows.count = count;
  let start = 0;
  for (let i = 0; i < count; i++) {
    start += random.below(2_000_000);
    rows.id[i] = i;
    rows.start[i] = start;
    rows.duration[i] = 5_000_000 + random.below(200_000_000);
    rows.client.set([0, 0, 0xffff, 0x0a000000 + random.below(20_000)], 4 * i);
    rows.server.set([0, 0, 0xffff, 0xcb007109], 4 * i);
    rows.clientPort[i] = 1024 + (i % 60_000);
    rows.serverPort[i] = 80;
    rows.protocol[i] = 6;
    rows.clientBytes[i] = 200 + random.below(300);
    rows.serverBytes[i] = 1000 + random.below(8000);
    rows.clientPackets[i] = 6;
    rows.serverPackets[i] = 8;
  }
  return rows;
}

const isCapture = existsSync(work);
const servers = isCapture ? 5 : 8;
const scenario = {
  ...DEFAULT_SCENARIO,
  servers,
  designs: [design],
  policies: ["hash"],
  clients: [parseClientMix("engel")],
};
const comparison = new Comparison(scenario, 1);
const rows = isCapture ? null : generated(Number(work));
const began = process.hrtime.bigint();
if (rows) comparison.take({ rows, pace: null, first: 0, end: rows.count });
else {
  const whole = new CaptureRows();
  for await (const activity of activityOf(work)) {
    whole.take(activity);
    for (const recorded of whole.ready()) comparison.take(recorded);
  }
}
const [{ result }] = comparison.finish();
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const { connections, completed, packets } = result.outcome;
if (completed !== connections) throw new Error(`${connections - completed} connections broke`);
process.stdout.write(`${JSON.stringify({ seconds, connections, packets })}\n`);
