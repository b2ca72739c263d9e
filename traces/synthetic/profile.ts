/** A synthetic trace: a name, and connections in order of start made from a seed. */
import type { ConnectionColumns } from "../connection.ts";

export interface SyntheticOptions {
  /** How many connections; a profile has its own default. */
  connections?: number;
  /** How long, in seconds; with `connections` it sets the rate. */
  seconds?: number;
  seed: number;
}

export interface SyntheticTrace {
  /** Nanoseconds since 1970 of time 0. */
  readonly origin: bigint;
  readonly connections: number;
  /** How the durations came about, for a flow trace's header. */
  readonly durations: string;
  /** Fills `rows` from its first row to its capacity, or to the end of the trace. */
  fill(rows: ConnectionColumns): void;
}

export interface SyntheticProfile {
  name: string;
  summary: string;
  create(options: SyntheticOptions): SyntheticTrace;
}
