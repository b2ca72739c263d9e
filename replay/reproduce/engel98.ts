/**
 * The evaluation of Engel, Peris, Saha, Basturk, Haas (1998): 20 minutes of the Olympic server's
 * trace over five servers, sampled every half second, four dispatch policies. Their trace cannot be
 * had; the profile olympic96 stands for it, cut out of longer traffic as theirs was.
 */

import { clip } from "../../traces/clip.ts";
import { olympic96 } from "../../traces/synthetic/olympic96.ts";
import { blocksOf } from "../../traces/synthetic/profile.ts";
import { DEFAULT_EXPERIMENT } from "../experiment.ts";
import type { Distribution } from "../metrics/distribution.ts";
import { interval } from "../metrics/interval.ts";
import type { MeasureName, Reproduction } from "../report/reproduction-table.ts";
import type { PolicyResult, ReplayResult } from "../result.ts";
import { run } from "../run.ts";

const SEGMENT_SECONDS = 1200;
/** Traffic before the segment, so that it begins with connections open, and after it. */
const LEAD_SECONDS = 180;
const TAIL_SECONDS = 60;

/** What is read off each policy's result. */
const MEASURES = {
  connectionsMean: (p: PolicyResult) => p.connections.imbalance.mean,
  connectionsMax: (p: PolicyResult) => p.connections.imbalance.max,
  connectionsUnder30: (p: PolicyResult) => p.connections.imbalance.under30,
  connectionsUnder50: (p: PolicyResult) => p.connections.imbalance.under50,
  bytesUnder125: (p: PolicyResult) => shareUnder(p.bytes.distribution, 1.25),
  bytesOver300: (p: PolicyResult) => 1 - shareUnder(p.bytes.distribution, 3),
} as const satisfies Record<MeasureName, (policy: PolicyResult) => number>;

/**
 * Runs `seeds` segments, seeds 1, 2, …; `done` is told after each and waited for. Once `stop` is aborted, what has
 * been run until then is the result: at least one segment.
 */
export async function reproduceEngel98(
  seeds: number,
  done: (seed: number) => void | Promise<void>,
  stop: AbortSignal,
): Promise<Reproduction> {
  const results: ReplayResult[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    results.push(await replaySegment(seed));
    await done(seed);
    if (stop.aborted) break;
  }
  const over = (value: (result: ReplayResult) => number) => interval(results.map(value));
  const policies = results[0].policies.map(({ name }) => name);
  const measured = policies.flatMap((policy, i) =>
    (Object.keys(MEASURES) as MeasureName[]).map((measure) => {
      const values = results.map((result) => MEASURES[measure](result.policies[i]));
      const least = Math.min(...values);
      return { policy, measure, interval: interval(values), least, greatest: Math.max(...values) };
    }),
  );
  return {
    seeds: results.length,
    servers: DEFAULT_EXPERIMENT.servers,
    windowSeconds: DEFAULT_EXPERIMENT.windowSeconds,
    segmentSeconds: SEGMENT_SECONDS,
    connections: over((r) => r.trace.connections),
    activePerServer: over((r) => r.policies[0].connections.meanPerServer),
    holding: {
      p50: over((r) => r.distributions.holdingTimeSeconds.p50),
      p95: over((r) => r.distributions.holdingTimeSeconds.p95),
    },
    bytes: {
      p50: over((r) => r.distributions.bytesPerConnection.p50),
      p95: over((r) => r.distributions.bytesPerConnection.p95),
    },
    measured,
  };
}

/** The segment of one seed, all policies. */
async function replaySegment(seed: number): Promise<ReplayResult> {
  const seconds = LEAD_SECONDS + SEGMENT_SECONDS + TAIL_SECONDS;
  const trace = olympic96.create({ seconds, seed });
  const policies = ["round-robin", "random", "hash", "least-connection"];
  return run(
    { ...DEFAULT_EXPERIMENT, policies, seed },
    {
      kind: "connections",
      blocks: clip(blocksOf(trace), {
        from: LEAD_SECONDS * 1e9,
        to: (LEAD_SECONDS + SEGMENT_SECONDS) * 1e9,
      }),
      facts: () => ({
        files: [`olympic96, ${SEGMENT_SECONDS} s, seed ${seed}`],
        format: "synthetic",
        packets: 0,
        origin: trace.origin,
        durationNs: SEGMENT_SECONDS * 1e9,
        truncated: false,
        skipped: {},
        durations: trace.durations,
      }),
    },
  );
}

/** Share of a distribution below `limit`, by whole bins. */
function shareUnder({ edges, shares }: Distribution, limit: number): number {
  const sum = shares.reduce(
    (sum, share, i) => (edges[i + 1] <= limit + 1e-9 ? sum + share : sum),
    0,
  );
  return Math.min(1, sum);
}
