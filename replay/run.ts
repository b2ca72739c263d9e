/** One experiment on one trace. The same experiment and trace give the same result, to the byte. */
import type { Activity } from "../traces/activity.ts";
import type { ConnectionColumns } from "../traces/connection.ts";
import type { Experiment } from "./experiment.ts";
import { CaptureTimeline } from "./flow/capture-timeline.ts";
import { ConnectionTimeline } from "./flow/connection-timeline.ts";
import { FlowEngine } from "./flow/flow-engine.ts";
import type { PolicyOutcome } from "./flow/policy-run.ts";
import { PolicyThread } from "./flow/policy-thread.ts";
import type { Span, TimelineSink } from "./flow/timeline.ts";
import { expectedImbalance } from "./metrics/expected-range.ts";
import { findPolicy } from "./policies/index.ts";
import type { Policy } from "./policies/policy.ts";
import type { PolicyResult, ReplayResult } from "./result.ts";
import { TraceStatistics } from "./trace-statistics.ts";
import { VERSION } from "./version.ts";

/** What the reader knows of a trace once it has been read. */
export interface TraceFacts {
  files: readonly string[];
  format: string;
  packets: number;
  /** Nanoseconds since 1970 of time 0; null when nothing was there. */
  origin: bigint | null;
  /** Nanoseconds from the first to the last packet; null where only connections are known. */
  durationNs: number | null;
  truncated: boolean;
  skipped: Readonly<Record<string, number>>;
  /** How the durations of connections came about: `recorded`, or the name of a model. */
  durations: string;
}

/** A capture, packet by packet, or connections already whole. */
export type ReplayTrace =
  | { kind: "capture"; activities: AsyncIterable<Activity>; facts(): TraceFacts }
  | { kind: "connections"; blocks: AsyncIterable<ConnectionColumns>; facts(): TraceFacts };

/**
 * Replays `trace` against every policy of the experiment, in one pass. With more than one of
 * `threads`, the policies may have one of their own; the result is the same.
 */
export async function run(
  experiment: Experiment,
  trace: ReplayTrace,
  threads = 1,
): Promise<ReplayResult> {
  const { servers, windowSeconds, seed, bytes } = experiment;
  const policies = experiment.policies.map(policyNamed);
  const windowNs = Math.round(windowSeconds * 1e9);
  // A capture's policies are a small part of its work, and its timeline knows slots ahead.
  const apart = threads > 1 && trace.kind === "connections";
  const Engine = apart ? PolicyThread : FlowEngine;
  const engine = new Engine(policies, servers, windowNs, seed);
  const statistics = new TraceStatistics();
  const following = { windowNs, bytes, engine, statistics };
  const span =
    trace.kind === "capture"
      ? await followCapture(trace.activities, following)
      : await followConnections(trace.blocks, following);
  const outcomes = await engine.outcomes(span);
  const facts = trace.facts();
  const { connections, midstream, payloadBytes, clients, latestClose } = statistics;
  return {
    tool: { name: "anypin", version: VERSION },
    trace: {
      files: facts.files,
      format: facts.format,
      packets: facts.packets,
      connections,
      midstream,
      clients: clients.count,
      clientsEstimated: clients.estimated,
      payloadBytes,
      start: facts.origin === null ? null : utc(facts.origin),
      durationSeconds: (facts.durationNs ?? latestClose) / 1e9,
      truncated: facts.truncated,
      skipped: facts.skipped,
      durations: facts.durations,
    },
    experiment: {
      engine: experiment.engine,
      servers,
      windowSeconds,
      seed,
      pin: experiment.pin,
      client: experiment.client,
      bytes: experiment.bytes,
    },
    policies: outcomes.map(({ policy, outcome }) => policyResult(policy, outcome, servers)),
    distributions: statistics.distributions(),
  };
}

interface Following {
  windowNs: number;
  bytes: Experiment["bytes"];
  engine: TimelineSink;
  statistics: TraceStatistics;
}

async function followCapture(
  activities: AsyncIterable<Activity>,
  { windowNs, bytes, engine, statistics }: Following,
): Promise<Span> {
  const timeline = new CaptureTimeline(windowNs, bytes, engine);
  for await (const activity of activities) {
    statistics.opened(activity.opened);
    statistics.closed(activity.closed);
    timeline.take(activity);
  }
  return timeline.finish();
}

async function followConnections(
  blocks: AsyncIterable<ConnectionColumns>,
  { windowNs, bytes, engine, statistics }: Following,
): Promise<Span> {
  const timeline = new ConnectionTimeline(windowNs, bytes, engine);
  for await (const block of blocks) {
    statistics.opened(block);
    statistics.closed(block);
    timeline.take(block);
  }
  return timeline.finish();
}

function policyNamed(name: string): Policy {
  const policy = findPolicy(name);
  if (!policy) throw new RangeError(`no policy is called "${name}"`);
  return policy;
}

function policyResult(policy: Policy, outcome: PolicyOutcome, servers: number): PolicyResult {
  const { connections, bytes, assignments, load } = outcome;
  const independent = policy.expectation === "independent";
  const expected = independent ? expectedImbalance(servers, connections.meanPerServer) : null;
  return {
    name: policy.name,
    connections: { ...connections, expected },
    bytes,
    servers: outcome.servers,
    assignments,
    load,
  };
}

/** ISO 8601 in UTC, with as many digits of the second as the nanoseconds need. */
export function utc(nanoseconds: bigint): string {
  const second = 1_000_000_000n;
  const rest = ((nanoseconds % second) + second) % second;
  const date = new Date(Number((nanoseconds - rest) / 1_000_000n));
  const digits = rest.toString().padStart(9, "0").replace(/0+$/, "");
  return date.toISOString().replace(/\.000Z$/, digits ? `.${digits}Z` : "Z");
}
