/**
 * The flow engine alone, over a made-up trace that is drawn while it runs: Poisson arrivals,
 * exponential durations, 10,000 open at once, as many a second as the 1996 Games had requests.
 *
 *     node dist/bench/flow/replay-poisson.js CONNECTIONS POLICY[,POLICY…]
 *
 * Prints `{"connections": N, "windows": N, "seconds": [N]}`; drawing the trace is part of it.
 */
import { ConnectionTimeline } from "../../replay/flow/connection-timeline.ts";
import { FlowEngine } from "../../replay/flow/flow-engine.ts";
import { findPolicy } from "../../replay/policies/index.ts";
import { randomStream } from "../../replay/random.ts";
import { ConnectionColumns } from "../../traces/connection.ts";

const SERVERS = 5;
/** Nanoseconds between arrivals: 60 million in 26 days. */
const GAP = (26 * 86_400e9) / 60e6;
const OPEN = 10_000;
const CLIENTS = 721_417;
const WINDOW_NS = 5e8;
const BLOCK = 65_536;

const [count = "0", names = ""] = process.argv.slice(2);
const connections = Number(count);
const policies = names.split(",").flatMap((name) => findPolicy(name) ?? []);

/** −ln(u) by table: drawing must not cost more than what is measured. */
const exponential = Float64Array.from({ length: 4096 }, (_, i) => -Math.log((i + 0.5) / 4096));
const random = randomStream(1, "bench");
let now = 0;

function draw(columns: ConnectionColumns, rows: number): void {
  columns.count = rows;
  for (let row = 0; row < rows; row++) {
    now += GAP * exponential[random.next() & 4095];
    columns.start[row] = now;
    columns.duration[row] = OPEN * GAP * exponential[random.next() & 4095];
    columns.client[4 * row + 2] = 0xffff;
    columns.client[4 * row + 3] = random.next() % CLIENTS;
    columns.clientPort[row] = random.next() & 0xffff;
    columns.clientBytes[row] = 300;
    columns.serverBytes[row] = random.next() & 0x7fff;
  }
}

const began = process.hrtime.bigint();
const columns = new ConnectionColumns(BLOCK);
const engine = new FlowEngine(policies, SERVERS, WINDOW_NS, 1);
const timeline = new ConnectionTimeline(WINDOW_NS, { layer: "payload", direction: "both" }, engine);
for (let done = 0; done < connections; done += columns.count) {
  draw(columns, Math.min(BLOCK, connections - done));
  timeline.take(columns);
}
timeline.finish();
engine.outcomes(timeline.span);
const seconds = [Number(process.hrtime.bigint() - began) / 1e9];
process.stdout.write(
  `${JSON.stringify({ connections, windows: timeline.span.windows, seconds })}\n`,
);
