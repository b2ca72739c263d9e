/** Runs of the stack engine over captures, for tests. */
import { Comparison } from "../../replay/emulation/comparison.ts";
import { CaptureRows } from "../../replay/emulation/recorded-rows.ts";
import { parseClientMix } from "../../replay/emulation/scenario/client-mix.ts";
import { DEFAULT_SCENARIO, type Scenario } from "../../replay/emulation/scenario/scenario.ts";
import { DEFAULT_EXPERIMENT } from "../../replay/experiment.ts";
import type { ReplayResult } from "../../replay/result.ts";
import { run, type TraceFacts } from "../../replay/run.ts";
import { EVERY_PACKET, type Telling } from "../../traces/activity.ts";
import { ConnectionTracker } from "../../traces/connections.ts";
import { openTrace } from "../../traces/open.ts";

/** What is told of a trace of which nothing is to be told. */
export const facts = (): TraceFacts => ({
  files: [],
  format: "pcap",
  packets: 0,
  origin: 0n,
  durationNs: 0,
  truncated: false,
  skipped: {},
  durations: "recorded",
});

/** What a capture's packets come to, group by group. */
export async function captureOf(path: string) {
  const trace = await openTrace([path]);
  const { memory } = trace;
  const activities = (telling: Telling) =>
    new ConnectionTracker({}, memory, telling).activities(trace);
  return { kind: "capture" as const, memory, activities, facts };
}

/** The default scenario with changes, all policies and clients of one mix. */
export function scenarioOf(
  changes: Partial<Omit<Scenario, "clients">> & { client?: string },
): Scenario {
  const { client = "engel", ...rest } = changes;
  return { ...DEFAULT_SCENARIO, clients: [parseClientMix(client)], ...rest };
}

/** Replays a capture with both engines. */
export async function replayStack(
  path: string,
  scenario: Scenario,
  seed = 1,
): Promise<ReplayResult> {
  const { servers, policies } = scenario;
  const experiment = { ...DEFAULT_EXPERIMENT, engine: "stack" as const, seed };
  return await run({ ...experiment, servers, policies, scenario }, await captureOf(path));
}

/** Runs a scenario over a capture and gives the runs themselves. */
export async function compare(
  path: string,
  scenario: Scenario,
  watch: (comparison: Comparison) => void = () => {},
  seed = 1,
) {
  const comparison = new Comparison(scenario, seed);
  watch(comparison);
  const rows = new CaptureRows();
  for await (const activity of (await captureOf(path)).activities(EVERY_PACKET)) {
    rows.take(activity);
    for (const recorded of rows.ready()) comparison.take(recorded);
  }
  return comparison.finish();
}
