/** The flow engine against what queueing theory says of Poisson arrivals. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionTimeline } from "../../../replay/flow/connection-timeline.ts";
import { FlowEngine } from "../../../replay/flow/flow-engine.ts";
import { expectedImbalance, expectedRange } from "../../../replay/metrics/expected-range.ts";
import { POLICIES } from "../../../replay/policies/index.ts";
import { randomStream } from "../../../replay/random.ts";
import { ConnectionColumns } from "../../../traces/connection.ts";

const MEAN_SECONDS = 4;
const WINDOW_NS = 5e8;
/** Few enough windows for a load series to keep each in a bin of its own, drain included. */
const SECONDS = 300;
const WARM_UP_SECONDS = 40;
const SEEDS = 16;

/** An M/G/∞ trace in its steady state: `m` open connections a server, durations as `law` has them. */
function poissonTrace(
  seed: number,
  servers: number,
  m: number,
  law: (uniform: number) => number,
): ConnectionColumns {
  const random = randomStream(seed, "poisson");
  const uniform = () => (random.next() + 0.5) / 0x100000000;
  const perSecond = (m * servers) / MEAN_SECONDS;
  const columns = new ConnectionColumns(Math.ceil(1.2 * perSecond * SECONDS) + 1000);
  let now = 0;
  for (;;) {
    now += -Math.log(uniform()) / perSecond;
    if (now > SECONDS) return columns;
    const row = columns.count++;
    columns.id[row] = row;
    columns.start[row] = Math.round(now * 1e9);
    columns.duration[row] = Math.round(1e9 * MEAN_SECONDS * law(uniform()));
    columns.client.set([0, 0, 0xffff, random.next()], 4 * row);
    columns.clientPort[row] = random.next() & 0xffff;
  }
}

/** Laws of duration with mean 1: the imbalance must not depend on which. */
const LAWS: [string, (u: number) => number][] = [
  ["exponential", (u) => -Math.log(u)],
  ["uniform", (u) => 2 * u],
  ["two-valued", (u) => (u < 0.9 ? 0.5 : 5.5)],
];

/** Active connections per policy, server and window, windows in the steady state only. */
function steadyLoads(trace: ConnectionColumns, servers: number, seed: number): number[][][] {
  const engine = new FlowEngine(POLICIES, servers, WINDOW_NS, seed);
  const bytes = { layer: "payload", direction: "both" } as const;
  const timeline = new ConnectionTimeline(WINDOW_NS, bytes, engine);
  timeline.take(trace);
  const perSecond = 1e9 / WINDOW_NS;
  timeline.finish();
  return engine.outcomes(timeline.span).map(({ outcome: { load } }) => {
    assert.is(load.binSeconds, 1 / perSecond);
    const first = Math.round(load.startSeconds * perSecond);
    const from = WARM_UP_SECONDS * perSecond - first;
    return load.active.map((server) => server.slice(from, SECONDS * perSecond - first));
  });
}

function meanImbalance(active: number[][]): number {
  const windows = active[0].map((_, window) => active.map((server) => server[window]));
  const sum = windows.reduce((total, loads) => {
    const mean = loads.reduce((a, b) => a + b, 0) / loads.length;
    return total + (Math.max(...loads) - Math.min(...loads)) / mean;
  }, 0);
  return sum / windows.length;
}

for (const servers of [2, 5, 20]) {
  for (const [name, law] of LAWS) {
    const m = 100;
    test(`random and hash meet d(${servers})/√m, round-robin is better, ${name} durations`, () => {
      // One number a seed: those are independent of each other, windows of one trace are not.
      const means = POLICIES.map((): number[] => []);
      for (let seed = 1; seed <= SEEDS; seed++) {
        const loads = steadyLoads(poissonTrace(seed, servers, m, law), servers, seed);
        for (const [i, active] of loads.entries()) means[i].push(meanImbalance(active));
      }
      const expected = expectedImbalance(expectedRange(servers), m);
      for (const [i, { name: policy, expectation }] of POLICIES.entries()) {
        const mean = means[i].reduce((a, b) => a + b, 0) / SEEDS;
        const variance = means[i].reduce((sum, v) => sum + (v - mean) ** 2, 0) / (SEEDS - 1);
        // Student's t for 99.9 %, both sides, fifteen degrees of freedom; and 1 % because Poisson
        // numbers of mean 100 are not quite normal.
        const slack = 4.07 * Math.sqrt(variance / SEEDS) + 0.01 * expected;
        const found = `${policy}: ${mean}, expected ${expected} ± ${slack}`;
        if (expectation === "independent") {
          assert.ok(Math.abs(mean - expected) <= slack, found);
          assert.ok(slack < 0.15 * expected, `the interval says something: ${found}`);
        } else {
          assert.ok(mean < expected - slack, found);
        }
      }
    });
  }
}

/** Least-connection by its rule alone: sorted events, a scan for the least, the lowest index. */
function loadsByTheRule(trace: ConnectionColumns, servers: number): number[][] {
  const waiting: { close: number; server: number }[] = [];
  const loads = new Array<number>(servers).fill(0);
  const windows: number[][] = [];
  const closeUpTo = (time: number) => {
    for (let i = waiting.length - 1; i >= 0; i--) {
      if (waiting[i].close > time) continue;
      loads[waiting[i].server]--;
      waiting.splice(i, 1);
    }
  };
  let end = (Math.floor(trace.start[0] / WINDOW_NS) + 1) * WINDOW_NS;
  for (let row = 0; row < trace.count; row++) {
    for (; end <= trace.start[row]; end += WINDOW_NS) {
      closeUpTo(end - 1);
      windows.push([...loads]);
    }
    closeUpTo(trace.start[row]);
    const server = loads.indexOf(Math.min(...loads));
    loads[server]++;
    waiting.push({ close: trace.start[row] + trace.duration[row], server });
  }
  return windows;
}

for (const servers of [2, 5, 20]) {
  test(`least-connection over ${servers} servers has the loads that its tie rule implies`, () => {
    const trace = poissonTrace(3, servers, 20, LAWS[0][1]);
    const policy = POLICIES.findIndex(({ name }) => name === "least-connection");
    const found = steadyLoads(trace, servers, 3)[policy];
    const expected = loadsByTheRule(trace, servers);
    const skipped = WARM_UP_SECONDS * (1e9 / WINDOW_NS) - Math.floor(trace.start[0] / WINDOW_NS);
    assert.ok(found[0].length > 400);
    for (let window = 0; skipped + window < expected.length; window++) {
      const now = found.map((server) => server[window]);
      assert.equal(now, expected[skipped + window]);
    }
  });
}

test("while nothing closes, least-connection fills the servers in order of index", () => {
  const columns = new ConnectionColumns(1003);
  columns.count = 1003;
  for (let row = 0; row < 1003; row++) {
    columns.start[row] = row * 1e6;
    columns.duration[row] = 1e12;
  }
  const engine = new FlowEngine(POLICIES, 7, WINDOW_NS, 1);
  const bytes = { layer: "payload", direction: "both" } as const;
  const timeline = new ConnectionTimeline(WINDOW_NS, bytes, engine);
  timeline.take(columns);
  timeline.finish();
  const outcomes = engine.outcomes(timeline.span);
  const least = outcomes.find(({ policy }) => policy.name === "least-connection");
  assert.equal(
    least?.outcome.servers.map((server) => server.connections),
    [144, 144, 143, 143, 143, 143, 143],
  );
});

test.run();
