/** The stack engine's work in slices: the same result, and an end when one is asked for. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Comparison } from "../../../replay/emulation/comparison.ts";
import { SLICE, SlicedComparison } from "../../../replay/emulation/sliced.ts";
import { DEFAULT_EXPERIMENT } from "../../../replay/experiment.ts";
import { run } from "../../../replay/run.ts";
import { scenarioOf } from "../../support/emulation.ts";
import { traceRows } from "../../support/trace-rows.ts";

const FACTS = {
  files: [],
  format: "flows",
  packets: 0,
  origin: 0n,
  durationNs: null,
  truncated: false,
  skipped: {},
  durations: "recorded",
};
const COUNT = 3 * SLICE + 100;
const half = { at: { share: 0.5 }, do: "route-change" } as const;
/** Connections that are run as they come, and such as wait for the length of the trace. */
const SCENARIOS = [[], [half]].map((events) =>
  scenarioOf({ designs: ["plain", "pinned-receive"], policies: ["random", "hash"], events }),
);

for (const scenario of SCENARIOS) {
  const how = scenario.events.length > 0 ? "kept until the end" : "as they come";
  const recorded = traceRows(COUNT);

  test(`slices of connections ${how} change nothing, and each is told of`, async () => {
    const whole = new Comparison(scenario, 3);
    whole.take(recorded);
    const told: [number, number][] = [];
    const sliced = new SlicedComparison(new Comparison(scenario, 3), async (done, of) => {
      told.push([done, of]);
      return true;
    });
    await sliced.take(recorded, COUNT);
    assert.equal(await sliced.finish(), whole.finish());
    assert.is(sliced.stopped, false);
    assert.equal(
      told.slice(0, 3),
      [1, 2, 3].map((slices) => [slices * SLICE, COUNT]),
    );
  });

  test(`connections ${how} are no more taken when no more are wanted, in any run`, async () => {
    async function* blocks() {
      yield recorded.rows;
    }
    const { servers, policies } = scenario;
    const experiment = {
      ...DEFAULT_EXPERIMENT,
      engine: "stack" as const,
      servers,
      policies,
      scenario,
    };
    let looks = 0;
    const result = await run(
      experiment,
      { kind: "connections", blocks: blocks(), facts: () => FACTS },
      1,
      new Comparison(scenario, experiment.seed),
      async () => ++looks < 2,
    );
    assert.is(looks, 2);
    assert.is(result.trace.connections, COUNT);
    assert.is(result.trace.truncated, true);
    for (const { outcomes = [] } of result.policies) {
      for (const { connections } of outcomes) assert.is(connections, 2 * SLICE);
    }
  });
}

test.run();
