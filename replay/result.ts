/** What a replay found: plain rows, which `report/*` renders and nothing else computes. */
import type { Explanation } from "./emulation/explain.ts";
import type { Outcome } from "./emulation/outcome.ts";
import type { Distribution } from "./metrics/distribution.ts";
import type { LoadSummary } from "./metrics/imbalance.ts";
import type { LoadOverTime } from "./metrics/load-series.ts";

/** What was replayed. */
export interface TraceSummary {
  files: readonly string[];
  format: string;
  packets: number;
  connections: number;
  midstream: number;
  /** Distinct client addresses; an estimate within about 1 % when `clientsEstimated`. */
  clients: number;
  clientsEstimated: boolean;
  payloadBytes: number;
  /** First packet, or first connection, in UTC with nanoseconds; null when there is none. */
  start: string | null;
  durationSeconds: number;
  /** Something could not be read: what follows counts what could. */
  truncated: boolean;
  /** Packets outside every connection, by reason. */
  skipped: Readonly<Record<string, number>>;
  /** How the durations of connections came about: `recorded`, or the name of a model. */
  durations: string;
}

export interface ExperimentSummary {
  engine: "flow" | "stack";
  servers: number;
  windowSeconds: number;
  seed: number;
  pin: string;
  client: string;
  bytes: { layer: "payload" | "wire"; direction: "in" | "out" | "both" };
  /** Name of the stack engine's scenario. */
  scenario?: string;
}

/** What became of the connections under one design and client mix: engine `stack` only. */
export interface OutcomeResult extends Outcome {
  design: string;
  client: string;
  /** Connections of protocols that are not run. */
  notRun: number;
  /** Connections whose client could not keep its address: IPv6, or in use already. */
  standIns: number;
  /** Packets on links: handed to one, delivered, copied by one, lost for a reason. */
  links: { sent: number; delivered: number; duplicated: number; lost: Record<string, number> };
  /** What each router's table came to, where a design keeps one. */
  tables: readonly Readonly<Record<string, number>>[];
}

export interface PolicyResult {
  name: string;
  connections: LoadSummary & {
    /** d(N)/√m for policies that ignore load, else null. Compare with `imbalance.mean`. */
    expected: number | null;
  };
  bytes: LoadSummary;
  servers: readonly { connections: number; peakActive: number; payloadBytes: number }[];
  /** `sha256:` and the digest of the server index (16 bits, little-endian) of each connection. */
  assignments: string;
  /** Engine `stack`: the first of `outcomes`. */
  outcome?: OutcomeResult;
  /** One for each design and client mix of the scenario. */
  outcomes?: readonly OutcomeResult[];
  load: LoadOverTime;
}

/** A distribution over connections, with the numbers people quote of it. */
export interface ConnectionDistribution extends Distribution {
  mean: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Something that a scenario made happen. */
export interface ResultEvent {
  /** Since the trace's origin, as in `LoadOverTime`. */
  seconds: number;
  what: string;
}

/** One broken connection, packet by packet. */
export interface ExplainedConnection extends Explanation {
  design: string;
  policy: string;
  /** The client mix of the run. */
  clients: string;
}

export interface ReplayResult {
  tool: { name: "anypin"; version: string };
  trace: TraceSummary;
  experiment: ExperimentSummary;
  policies: readonly PolicyResult[];
  /** Where one was asked for; null when fewer connections broke. */
  explained?: ExplainedConnection | null;
  /** Figure 3 of the paper. */
  distributions: {
    holdingTimeSeconds: ConnectionDistribution;
    bytesPerConnection: ConnectionDistribution;
  };
  /** Engine `stack`: the scenario's events in order of time, where it has any. */
  events?: readonly ResultEvent[];
}
