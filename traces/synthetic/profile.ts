/** A synthetic trace: a name, and connections in order of start made from a seed. */
import { ConnectionColumns } from "../connection.ts";

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
  /**
   * Fills `rows` from its first row to its capacity, or to the end of the trace; `made`, of the
   * same capacity, takes what a connection's columns no longer tell apart.
   */
  fill(rows: ConnectionColumns, made?: Transfers): void;
}

/** What the application sent, row by row, and what the network made TCP send again. */
export interface Transfers {
  /** Bytes of the response, each counted once. */
  response: Float64Array;
  /** Segments of the response that were sent a second time. */
  retransmitted: Uint16Array;
}

export interface SyntheticProfile {
  name: string;
  summary: string;
  create(options: SyntheticOptions): SyntheticTrace;
}

const BLOCK = 65_536;

/** A synthetic trace block by block; each is overwritten by the next. */
export function* blocksOf(trace: SyntheticTrace): Generator<ConnectionColumns> {
  const rows = new ConnectionColumns(BLOCK);
  for (trace.fill(rows); rows.count > 0; trace.fill(rows)) yield rows;
}
