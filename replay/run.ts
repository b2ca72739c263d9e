/** One experiment on one trace. The same experiment and trace give the same result, to the byte. */
import type { Activity, Telling } from "../traces/activity.ts";
import type { ConnectionColumns } from "../traces/connection.ts";
import { TraceMemory } from "../traces/trace-memory.ts";
import type { Comparison, ComparisonRow } from "./emulation/comparison.ts";
import type { Attend, SlicedComparison } from "./emulation/sliced.ts";
import type { Experiment } from "./experiment.ts";
import type { PolicyOutcome } from "./flow/policy-run.ts";
import type { Following, Outcomes } from "./following.ts";
import { expectedImbalance, expectedRange } from "./metrics/expected-range.ts";
import { findPolicy } from "./policies/index.ts";
import type { Policy } from "./policies/policy.ts";
import type { OutcomeResult, PolicyResult, ReplayResult, ResultEvent } from "./result.ts";
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
  | {
      kind: "capture";
      /** Where its activities lie. */
      memory: TraceMemory;
      /** To be asked for once. */
      activities(telling: Telling): AsyncIterable<Activity>;
      facts(): TraceFacts;
    }
  | { kind: "connections"; blocks: AsyncIterable<ConnectionColumns>; facts(): TraceFacts };

/**
 * Replays `trace` against every policy of the experiment, in one pass. With more than one of
 * `threads`, the policies may have one of their own; the result is the same. `comparison` holds the
 * runs of the stack engine, made beforehand by whoever wants to watch them; `attend` is called while
 * they work.
 */
export async function run(
  experiment: Experiment,
  trace: ReplayTrace,
  threads = 1,
  comparison: Comparison | null = null,
  attend: Attend = async () => true,
): Promise<ReplayResult> {
  const { servers, windowSeconds, seed, bytes } = experiment;
  const policies = experiment.policies.map(policyNamed);
  const windowNs = Math.round(windowSeconds * 1e9);
  const memory = trace.kind === "capture" ? trace.memory : new TraceMemory();
  const statistics = new TraceStatistics(memory.memory);
  const stack = await stackOf(experiment, comparison, attend);
  const following = { policies, servers, windowNs, seed, bytes, threads, statistics, stack };
  const outcomes = await follow(trace, memory, following);
  const rows = (await stack?.finish()) ?? [];
  const facts = trace.facts();
  const { connections, midstream, payloadBytes, clients, latestClose } = statistics;
  const blind = policies.some(({ expectation }) => expectation === "independent");
  const range = blind && connections > 0 ? expectedRange(servers) : 0;
  const events = await eventsOf(experiment, outcomes, latestClose / 1e9);
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
      truncated: facts.truncated || stack?.stopped === true,
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
      ...(experiment.scenario && { scenario: experiment.scenario.name }),
    },
    policies: outcomes.map(({ policy, outcome }) =>
      withOutcomes(policyResult(policy, outcome, range), rows),
    ),
    distributions: statistics.distributions(),
    ...(events && { events }),
  };
}

/** Follows a trace with what its kind needs. */
async function follow(
  trace: ReplayTrace,
  memory: TraceMemory,
  following: Following,
): Promise<Outcomes> {
  if (trace.kind === "capture") {
    const { followCapture } = await import("./follow-capture.ts");
    return followCapture(trace.activities, memory, following);
  }
  const { followConnections } = await import("./follow-connections.ts");
  return followConnections(trace.blocks, memory, following);
}

/**
 * The runs of the stack engine that an experiment asks for, in slices; null for the flow engine, which
 * does not wait for hosts and their protocols to be loaded.
 */
async function stackOf(
  { scenario, seed }: Experiment,
  made: Comparison | null,
  attend: Attend,
): Promise<SlicedComparison | null> {
  if (!scenario) return null;
  const { Comparison } = await import("./emulation/comparison.ts");
  const { SlicedComparison } = await import("./emulation/sliced.ts");
  return new SlicedComparison(made ?? new Comparison(scenario, seed), attend);
}

/** What the experiment's scenario made happen, if anything. */
async function eventsOf(
  { scenario }: Experiment,
  outcomes: Outcomes,
  endSeconds: number,
): Promise<ResultEvent[] | null> {
  if (!scenario?.events.length) return null;
  const { resultEvents } = await import("./result-events.ts");
  return resultEvents(scenario.events, outcomes[0].outcome.load.startSeconds, endSeconds);
}

function policyNamed(name: string): Policy {
  const policy = findPolicy(name);
  if (!policy) throw new RangeError(`no policy is called "${name}"`);
  return policy;
}

function policyResult(policy: Policy, outcome: PolicyOutcome, range: number): PolicyResult {
  const { connections, bytes, assignments, load } = outcome;
  const independent = policy.expectation === "independent";
  const expected = independent ? expectedImbalance(range, connections.meanPerServer) : null;
  return {
    name: policy.name,
    connections: { ...connections, expected },
    bytes,
    servers: outcome.servers,
    assignments,
    load,
  };
}

/**
 * Puts beside a policy what its runs came to. Where they had first packets to count, the digest of
 * servers is theirs, not the flow engine's.
 */
function withOutcomes(policy: PolicyResult, rows: readonly ComparisonRow[]): PolicyResult {
  const own = rows.filter((row) => row.policy === policy.name);
  if (own.length === 0) return policy;
  const outcomes = own.map(outcomeOf);
  return {
    ...policy,
    assignments: own[0].result.assignments,
    outcome: outcomes[0],
    outcomes,
  };
}

function outcomeOf({ design, client, result }: ComparisonRow): OutcomeResult {
  const { sent, delivered, duplicated, lost } = result.ledger;
  return {
    design,
    client,
    ...result.outcome,
    notRun: result.skipped,
    standIns: result.standIns,
    links: { sent, delivered, duplicated, lost: { ...lost } },
    tables: result.tables,
  };
}

/**
 * ISO 8601 in UTC, with as many digits of the second as the nanoseconds need; beyond the years that
 * a `Date` knows, `@` and the seconds since 1970.
 */
export function utc(nanoseconds: bigint): string {
  const second = 1_000_000_000n;
  const rest = ((nanoseconds % second) + second) % second;
  const date = new Date(Number((nanoseconds - rest) / 1_000_000n));
  const digits = rest.toString().padStart(9, "0").replace(/0+$/, "");
  if (Number.isNaN(date.getTime())) {
    return `@${(nanoseconds - rest) / second}${digits ? `.${digits}` : ""}`;
  }
  return date.toISOString().replace(/\.000Z$/, digits ? `.${digits}Z` : "Z");
}
