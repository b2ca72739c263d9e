/** Captures followed to their connections: what an engine or a listing asks of them. */
import type { Activity, Telling } from "./activity.ts";
import { type ConnectionOptions, ConnectionTracker, type Follower } from "./connections.ts";
import type { Damage } from "./errors.ts";
import { type OpenOptions, openTrace, type Trace } from "./open.ts";
import type { TraceMemory } from "./trace-memory.ts";

/** What is known of the captures so far; plain data. */
export interface CaptureFacts {
  format: string;
  packets: number;
  /** Nanoseconds since 1970 that times count from. */
  origin: bigint;
  /** Least and greatest time of a packet, nanoseconds since the origin; ±∞ without one. */
  first: number;
  last: number;
  truncated: boolean;
  /** Packets of no connection, by reason. */
  skipped: Record<string, number>;
  damage: readonly Damage[];
  faults: number;
  /** Bytes there are in all; null when a stream is among the files. */
  size: number | null;
}

export interface FollowedCapture {
  /** Where activities lie. */
  readonly memory: TraceMemory;
  /** Groups of packets, told of as `telling` says; each overwrites the one before. To be asked for once. */
  activities(telling: Telling): AsyncGenerator<Activity>;
  /** Bytes taken from disk or pipe so far, which may be asked for at every group. */
  readonly bytesRead: number;
  facts(): CaptureFacts;
}

/** What is known before anything has been asked for. */
const NOTHING = {
  skipped: {},
  span: { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY },
};

/**
 * Opens captures and follows their connections, with two threads or more in one of its own.
 * @throws {TraceError} when one cannot be opened
 */
export async function followCaptures(
  names: readonly string[],
  following: ConnectionOptions,
  options: OpenOptions & { threads?: number } = {},
): Promise<FollowedCapture> {
  const trace = await openTrace(names, options);
  const { memory } = trace;
  if ((options.threads ?? 1) < 2) {
    return new OpenCapture(trace, (told) => new ConnectionTracker(following, memory, told));
  }
  const { TableThread } = await import("./threads/table-thread.ts");
  return new OpenCapture(trace, (told) => new TableThread(following, memory, told));
}

class OpenCapture implements FollowedCapture {
  readonly #trace: Trace;
  readonly #follow: (telling: Telling) => Follower;
  #follower: Follower | null = null;

  constructor(trace: Trace, follow: (telling: Telling) => Follower) {
    this.#trace = trace;
    this.#follow = follow;
  }

  get memory(): TraceMemory {
    return this.#trace.memory;
  }

  activities(telling: Telling): AsyncGenerator<Activity> {
    this.#follower = this.#follow(telling);
    return this.#follower.activities(this.#trace);
  }

  get bytesRead(): number {
    return this.#trace.bytesRead;
  }

  facts(): CaptureFacts {
    const { format, packets, origin, truncated, damage, faults, size } = this.#trace;
    const { skipped, span } = this.#follower ?? NOTHING;
    return { format, packets, origin, ...span, truncated, skipped, damage, faults, size };
  }
}
