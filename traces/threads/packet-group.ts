/**
 * Packets on their way through two threads, in shared memory: one decodes them into a group, the
 * table's thread follows them and notes what became of them in the same group, and the first one
 * reads that.
 */
import type { Activity } from "../activity.ts";
import { ActivityColumns } from "../activity-columns.ts";
import type { BatchColumns } from "../batch-columns.ts";
import type { PacketDecoder } from "../decode/packet-decoder.ts";
import { CHUNK_PACKETS, type PacketRows, packetRows, rowBytes } from "../decode/packet-rows.ts";
import type { ConnectionTable } from "../table/connection-table.ts";
import { Turns } from "./turns.ts";

/** Packets of a group: what a turn costs is little beside them, and a few groups fit the cache. */
const GROUP_PACKETS = 4096;
/** Groups under way: enough that neither side waits for the other's short pauses. */
export const GROUPS = 16;

/** Turns at a group. */
export const TO_FILL = 0;
export const TO_FOLLOW = 1;
export const TO_TELL = 2;

/** What the head tells: how many packets, and what came of them. */
const HEAD_PACKETS = 0;
const HEAD_OPENED = 1;
const HEAD_CLOSED = 2;
const HEAD_SETTLED = 3;
/** Connections still followed afterwards. */
const HEAD_LEFT = 4;
const HEAD = 5;
/** In place of packets: the trace has ended, and what is left of it is to be reported. */
const THE_END = -1;

const LINE_BYTES = 64;
const align = (bytes: number): number => LINE_BYTES * Math.ceil(bytes / LINE_BYTES);
const HEAD_BYTES = align(8 * HEAD);
const GROUP_BYTES = align(
  HEAD_BYTES + rowBytes(GROUP_PACKETS) + 12 * GROUP_PACKETS + ActivityColumns.bytes(GROUP_PACKETS),
);
const TURN_BYTES = align(4 * (GROUPS + 1));
/** Bytes of memory that the groups take. */
export const GROUPS_BYTES = TURN_BYTES + GROUPS * GROUP_BYTES;

export class PacketGroup {
  readonly #head: Float64Array;
  readonly #rows: PacketRows[];
  readonly #activity: ActivityColumns;
  /** Of each packet, as a batch has them. */
  readonly time: Float64Array;
  readonly wire: Uint32Array;

  constructor(memory: ArrayBufferLike, at: number) {
    const rows = at + HEAD_BYTES;
    const times = rows + rowBytes(GROUP_PACKETS);
    this.#head = new Float64Array(memory, at, HEAD);
    this.#rows = packetRows(GROUP_PACKETS, memory, rows);
    this.time = new Float64Array(memory, times, GROUP_PACKETS);
    this.wire = new Uint32Array(memory, times + 8 * GROUP_PACKETS, GROUP_PACKETS);
    this.#activity = new ActivityColumns(GROUP_PACKETS, memory, times + 12 * GROUP_PACKETS);
    this.#activity.time = this.time;
    this.#activity.wire = this.wire;
  }

  /** Packets in it. */
  get count(): number {
    return this.#head[HEAD_PACKETS];
  }

  get isFull(): boolean {
    return this.count === GROUP_PACKETS;
  }

  /** Connections that were left to follow when it had been followed. */
  get left(): number {
    return this.#head[HEAD_LEFT];
  }

  clear(): void {
    this.#head[HEAD_PACKETS] = 0;
  }

  /** Asks for what is left of the trace, as much as finds room. */
  setEnd(): void {
    this.#head[HEAD_PACKETS] = THE_END;
  }

  /**
   * Decodes packets of `batch` from `from` on behind those that it has; returns how many it took.
   * `packets` as in `Telling`: who is not told of packets needs no times of theirs.
   */
  fill(decoder: PacketDecoder, batch: BatchColumns, from: number, packets: boolean): number {
    let { count } = this;
    const all = Math.min(batch.count - from, GROUP_PACKETS - count);
    if (packets) {
      this.time.set(batch.time.subarray(from, from + all), count);
      this.wire.set(batch.wire.subarray(from, from + all), count);
    }
    for (let taken = 0; taken < all; ) {
      const filled = count % CHUNK_PACKETS;
      const more = Math.min(CHUNK_PACKETS - filled, all - taken);
      const first = from + taken;
      const rows = this.#rows[(count - filled) / CHUNK_PACKETS];
      decoder.decode(batch, first, more, rows, filled);
      decoder.makeKeys(rows, filled, more);
      count += more;
      taken += more;
    }
    this.#head[HEAD_PACKETS] = count;
    return all;
  }

  /** Has `table` follow it. */
  follow(table: ConnectionTable): void {
    const { count } = this;
    const activity = this.#activity;
    activity.clear();
    if (count === THE_END) table.end(activity);
    for (let first = 0; first < count; first += CHUNK_PACKETS) {
      const more = Math.min(CHUNK_PACKETS, count - first);
      table.take(this.#rows[first / CHUNK_PACKETS], first, more, activity);
    }
    const head = this.#head;
    head[HEAD_OPENED] = activity.opened.count;
    head[HEAD_CLOSED] = activity.closed.count;
    head[HEAD_SETTLED] = table.settled();
    head[HEAD_LEFT] = table.size;
  }

  /** What became of it; `packets` as in `Telling`. */
  tell(packets: boolean): Activity {
    const activity = this.#activity;
    const head = this.#head;
    activity.packets = packets ? Math.max(0, this.count) : 0;
    activity.opened.count = head[HEAD_OPENED];
    activity.closed.count = head[HEAD_CLOSED];
    activity.settled = head[HEAD_SETTLED];
    return activity;
  }
}

/** The groups and whose turn it is at each; both threads make them over the same memory. */
export class PacketGroups {
  readonly turns: Turns;
  readonly groups: readonly PacketGroup[];

  /** They lie in `memory` from byte `at` on, the beginning of a cache line. */
  constructor(memory: ArrayBufferLike, at: number) {
    this.turns = new Turns(new Int32Array(memory, at, GROUPS + 1));
    this.groups = Array.from(
      { length: GROUPS },
      (_, i) => new PacketGroup(memory, at + TURN_BYTES + i * GROUP_BYTES),
    );
  }
}
