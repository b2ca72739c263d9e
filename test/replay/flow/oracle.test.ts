/** The flow engine against the naive replay, on seeded small traces full of coincidences. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CaptureTimeline } from "../../../replay/flow/capture-timeline.ts";
import { ConnectionTimeline } from "../../../replay/flow/connection-timeline.ts";
import { FlowEngine } from "../../../replay/flow/flow-engine.ts";
import type { PolicyOutcome } from "../../../replay/flow/policy-run.ts";
import type { LoadSummary } from "../../../replay/metrics/imbalance.ts";
import { hash } from "../../../replay/policies/hash.ts";
import { POLICIES } from "../../../replay/policies/index.ts";
import { leastConnection } from "../../../replay/policies/least-connection.ts";
import type { Policy } from "../../../replay/policies/policy.ts";
import type { ByteChoice } from "../../../traces/activity.ts";
import { type NaiveOutcome, naiveReplay } from "../../support/naive-replay.ts";
import { PlacedActivities } from "../../support/place-activity.ts";
import { testRandom } from "../../support/random.ts";
import {
  activityOf,
  columnsOf,
  type SmallConnection,
  smallTrace,
} from "../../support/small-trace.ts";

const SEED = 11;
const PAYLOAD: ByteChoice = { layer: "payload", direction: "both" };

function sameLoad(found: LoadSummary, expected: (number | null)[], what: string): void {
  const values = expected.filter((value) => value !== null);
  const { imbalance } = found;
  assert.is(imbalance.windows, values.length, `${what}: windows`);
  assert.is(imbalance.emptyWindows, expected.length - values.length, `${what}: empty windows`);
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const near = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b));
  assert.ok(near(imbalance.mean, mean), `${what}: mean ${imbalance.mean}, expected ${mean}`);
  assert.ok(near(imbalance.max, Math.max(0, ...values)), `${what}: max`);
}

function same(found: PolicyOutcome, expected: NaiveOutcome, what: string): void {
  assert.is(found.assignments, expected.assignments, what);
  assert.equal(found.servers, expected.servers, what);
  sameLoad(found.connections, expected.connections, `${what}: connections`);
  sameLoad(found.bytes, expected.bytes, `${what}: bytes`);
}

function replayCapture(
  trace: readonly SmallConnection[],
  servers: number,
  window: number,
  group: number,
  policies = POLICIES,
): PolicyOutcome[] {
  const places = new PlacedActivities({ windowNs: window, ...PAYLOAD });
  const engine = new FlowEngine(policies, servers, window, SEED, places.memory.memory);
  const timeline = new CaptureTimeline(window, engine);
  for (const activity of activityOf(trace, testRandom(group), group)) {
    timeline.take(places.put(activity));
  }
  return engine.outcomes(timeline.finish()).map(({ outcome }) => outcome);
}

function replayConnections(
  trace: readonly SmallConnection[],
  servers: number,
  window: number,
  block: number,
  policies = POLICIES,
): PolicyOutcome[] {
  const engine = new FlowEngine(policies, servers, window, SEED);
  const timeline = new ConnectionTimeline(window, PAYLOAD, engine);
  for (let i = 0; i < trace.length; i += block) timeline.take(columnsOf(trace.slice(i, i + block)));
  timeline.finish();
  return engine.outcomes(timeline.span).map(({ outcome }) => outcome);
}

const CASES = [
  { seed: 1, connections: 40, servers: 2, window: 10e6, group: 1 },
  { seed: 2, connections: 300, servers: 5, window: 7e6, group: 3 },
  { seed: 3, connections: 300, servers: 5, window: 100e6, group: 40 },
  { seed: 4, connections: 500, servers: 1, window: 1e6, group: 7 },
  { seed: 5, connections: 500, servers: 33, window: 500e6, group: 256 },
  { seed: 6, connections: 900, servers: 3, window: 33e6, group: 16 },
];

for (const { seed, connections, servers, window, group } of CASES) {
  const name = `${connections} connections, ${servers} servers, ${window / 1e6} ms, seed ${seed}`;
  const trace = smallTrace(testRandom(seed), connections);

  test(`a capture replays as the naive engine says: ${name}`, () => {
    const found = replayCapture(trace, servers, window, group);
    for (const [i, policy] of POLICIES.entries()) {
      same(found[i], naiveReplay(trace, policy, servers, window, SEED, "packets"), policy.name);
    }
  });

  test(`a flow trace replays as the naive engine says: ${name}`, () => {
    const found = replayConnections(trace, servers, window, group);
    for (const [i, policy] of POLICIES.entries()) {
      same(found[i], naiveReplay(trace, policy, servers, window, SEED, "evenly"), policy.name);
    }
  });
}

test("both inputs give every connection the same server", () => {
  const trace = smallTrace(testRandom(77), 2000);
  const capture = replayCapture(trace, 5, 50e6, 64);
  const flows = replayConnections(trace, 5, 50e6, 100);
  for (const i of POLICIES.keys()) {
    assert.is(capture[i].assignments, flows[i].assignments);
    assert.equal(capture[i].servers, flows[i].servers);
  }
});

test("a policy may come with picks alone, whether it reads loads or addresses", () => {
  const trace = smallTrace(testRandom(78), 1500);
  const fewest: Policy = {
    ...leastConnection,
    name: "fewest",
    create: ({ loads }) => ({ pick: () => loads.indexOf(Math.min(...loads)) }),
  };
  const address: Policy = {
    ...hash,
    create: (setup) => {
      const { pick } = hash.create(setup);
      return { pick };
    },
  };
  const policies = [address, fewest];
  for (const [i, like] of [hash, leastConnection].entries()) {
    const expected = replayCapture(trace, 5, 50e6, 64, [like])[0];
    for (const replay of [replayCapture, replayConnections]) {
      const found = replay(trace, 5, 50e6, 64, policies)[i];
      assert.is(found.assignments, expected.assignments);
      assert.equal(found.servers, expected.servers);
    }
  }
});

test("an empty trace has no windows", () => {
  for (const outcome of [...replayCapture([], 5, 1e6, 1), ...replayConnections([], 5, 1e6, 1)]) {
    assert.is(outcome.connections.imbalance.windows, 0);
    assert.is(outcome.connections.imbalance.emptyWindows, 0);
    assert.is(outcome.servers.length, 5);
  }
});

test.run();
