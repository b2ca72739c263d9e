/** What a trace is followed with, and what comes of it. */
import type { SlicedComparison } from "./emulation/sliced.ts";
import type { Experiment } from "./experiment.ts";
import type { PolicyOutcome } from "./flow/policy-run.ts";
import type { Policy } from "./policies/policy.ts";
import type { TraceStatistics } from "./trace-statistics.ts";

export interface Following {
  policies: readonly Policy[];
  servers: number;
  windowNs: number;
  seed: number;
  bytes: Experiment["bytes"];
  threads: number;
  statistics: TraceStatistics;
  stack: SlicedComparison | null;
}

export type Outcomes = { policy: Policy; outcome: PolicyOutcome }[];
