/** What a file of connections (a flow trace, a log) must offer to be read like a capture. */
import type { ByteWindow } from "./byte-window.ts";
import type { ConnectionColumns } from "./connection.ts";
import type { DamageLog } from "./damage-log.ts";
import type { Damage } from "./errors.ts";

export interface ConnectionFormat {
  readonly name: string;
  /** Whether a file that begins like this is one. */
  recognise(head: Uint8Array): boolean;
  open(window: ByteWindow, damage: DamageLog): ConnectionReader;
}

export interface ConnectionReader {
  /** Nanoseconds since 1970 of time 0; known once the first block is there, 0n without one. */
  readonly origin: bigint;
  /** How durations came about: `recorded`, or the model that made them. */
  readonly durations: string;
  /** Entries that say nothing that can be used, and the first of them; not damage, but counted. */
  readonly broken?: { count: number; first: Damage | null };
  /**
   * Connections in order of start, a block at a time; each is overwritten by the next.
   * @throws {TraceError} when the file turns out to be of a version that cannot be read
   */
  blocks(): AsyncGenerator<ConnectionColumns>;
}
