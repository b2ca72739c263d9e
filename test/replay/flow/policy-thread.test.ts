import { test } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULT_EXPERIMENT } from "../../../replay/experiment.ts";
import { PolicyThread } from "../../../replay/flow/policy-thread.ts";
import { POLICIES } from "../../../replay/policies/index.ts";
import { json } from "../../../replay/report/json.ts";
import { run } from "../../../replay/run.ts";
import { ConnectionColumns } from "../../../traces/connection.ts";
import { PROFILES } from "../../../traces/synthetic/profiles.ts";
import { TraceMemory } from "../../../traces/trace-memory.ts";

/** A synthetic trace as a replay wants it, in blocks of an odd size. */
function traceOf(profile: string, connections: number) {
  const trace = PROFILES.find(({ name }) => name === profile)?.create({ connections, seed: 2 });
  if (!trace) throw new Error(profile);
  const rows = new ConnectionColumns(9973);
  return {
    kind: "connections" as const,
    blocks: (async function* () {
      for (trace.fill(rows); rows.count > 0; trace.fill(rows)) yield rows;
    })(),
    facts: () => ({
      files: [],
      format: "synthetic",
      packets: 0,
      origin: trace.origin,
      durationNs: null,
      truncated: false,
      skipped: {},
      durations: "",
    }),
  };
}

for (const profile of ["poisson", "olympic96"]) {
  test(`${profile}: policies in a thread of their own come to the same bytes`, async () => {
    const policies = [...POLICIES.map(({ name }) => name), "recorded"];
    const experiment = { ...DEFAULT_EXPERIMENT, policies, servers: 7 };
    const one = json(await run(experiment, traceOf(profile, 60_000), 1));
    const two = json(await run(experiment, traceOf(profile, 60_000), 2));
    assert.ok(two === one);
  });
}

test("a trace of no connections ends well with a thread, too", async () => {
  const experiment = { ...DEFAULT_EXPERIMENT, policies: ["random"] };
  const result = await run(
    experiment,
    { ...traceOf("poisson", 1), blocks: (async function* () {})() },
    2,
  );
  assert.is(result.policies[0].connections.imbalance.windows, 0);
});

test("a thread that dies without a word is not waited for", async () => {
  const program = new URL("data:text/javascript,process.exit()");
  const thread = new PolicyThread(POLICIES, 3, 1e9, 1, new TraceMemory(), program);
  try {
    for (;;) {
      const block = thread.room();
      if (block) thread.replay(block, 0);
      else await thread.free();
    }
  } catch (error) {
    assert.match(String(error), "the policies' thread has ended");
  }
});

test("a trace that cannot be read to its end leaves no thread behind", async () => {
  const failing = (async function* () {
    yield new ConnectionColumns(1);
    throw new RangeError("cut off");
  })();
  try {
    await run(
      { ...DEFAULT_EXPERIMENT, policies: ["random"] },
      { ...traceOf("poisson", 1), blocks: failing },
      2,
    );
    assert.unreachable("did not fail");
  } catch (error) {
    assert.match(String(error), "cut off");
  }
});

test.run();
