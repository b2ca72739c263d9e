/** Packets in, connections out: decoding and the connection table, a batch at a time. */
import { type Activity, EVERY_PACKET, type Telling } from "./activity.ts";
import { ActivityColumns } from "./activity-columns.ts";
import type { BatchColumns } from "./batch-columns.ts";
import { PacketDecoder } from "./decode/packet-decoder.ts";
import { CHUNK_PACKETS, chunkRows, type PacketRows } from "./decode/packet-rows.ts";
import type { Span } from "./decode/plain-decoder.ts";
import type { ServiceFilter } from "./service.ts";
import { ConnectionTable, type TableOptions } from "./table/connection-table.ts";
import type { TraceMemory } from "./trace-memory.ts";

/** Seconds without a packet that end a TCP connection, a UDP flow, unless told otherwise. */
export const DEFAULT_IDLE_TCP_SECONDS = 300;
export const DEFAULT_IDLE_UDP_SECONDS = 60;

export interface ConnectionOptions {
  /** `--idle`: seconds for TCP and UDP both. */
  idleSeconds?: number | undefined;
  /** `--service`: whose connections to follow; null for everybody's. */
  service?: ServiceFilter | null;
  /** `--tunnels`: follow what tunnels carry instead of the tunnels. */
  tunnels?: boolean;
}

/** What a table is told of the options. */
export const tableOptions = (options: ConnectionOptions, telling: Telling): TableOptions => ({
  idleTcp: (options.idleSeconds ?? DEFAULT_IDLE_TCP_SECONDS) * 1e9,
  idleUdp: (options.idleSeconds ?? DEFAULT_IDLE_UDP_SECONDS) * 1e9,
  service: options.service ?? null,
  telling,
});

/** Follows the connections of a trace, here or in a thread. */
export interface Follower {
  /** Groups of packets, each overwriting the one before. */
  activities(batches: AsyncIterable<BatchColumns>): AsyncGenerator<Activity>;
  /** Packets that belong to no connection, by reason. */
  readonly skipped: Record<string, number>;
  /** From when to when all packets are; ±∞ before the first. */
  readonly span: Span;
}

/**
 * Follows the connections of one trace. Batches go in, in the order of time; what comes out is the
 * same object each time, its columns overwritten.
 */
export class ConnectionTracker implements Follower {
  readonly #decoder: PacketDecoder;
  readonly #table: ConnectionTable;
  readonly #packets: boolean;
  readonly #memory: TraceMemory;
  readonly #rows: PacketRows;
  #capacity = CHUNK_PACKETS;
  #activity: ActivityColumns;

  /** Batches lie in `memory`. */
  constructor(options: ConnectionOptions, memory: TraceMemory, telling = EVERY_PACKET) {
    this.#decoder = new PacketDecoder({ tunnels: options.tunnels ?? false });
    this.#packets = telling.packets;
    this.#memory = memory;
    this.#rows = chunkRows(memory);
    this.#table = new ConnectionTable(tableOptions(options, telling), memory.memory);
    this.#activity = this.#columns();
  }

  /** Packets that belong to no connection, by reason. */
  get skipped(): Record<string, number> {
    return this.#decoder.skipped;
  }

  get span(): Span {
    return this.#decoder.span;
  }

  /** Connections in memory: open ones, and closed ones that linger. */
  get size(): number {
    return this.#table.size;
  }

  async *activities(batches: AsyncIterable<BatchColumns>): AsyncGenerator<Activity> {
    for await (const batch of batches) yield this.follow(batch);
    yield* this.end();
  }

  /** Takes the packets of `batch` in and tells what became of them. */
  follow(batch: BatchColumns): Activity {
    const activity = this.#start(batch.capacity);
    for (let first = 0; first < batch.count; first += CHUNK_PACKETS) {
      const count = Math.min(CHUNK_PACKETS, batch.count - first);
      this.#decoder.decode(batch, first, count, this.#rows);
      this.#decoder.makeKeys(this.#rows, 0, count);
      this.#table.take(this.#rows, first, count, activity);
    }
    activity.packets = this.#packets ? batch.count : 0;
    activity.time = batch.time;
    activity.wire = batch.wire;
    activity.settled = this.#table.settled();
    return activity;
  }

  /** Ends the trace: the connections still open, in as many groups without packets as they need. */
  *end(): Generator<Activity> {
    while (this.#table.size > 0) {
      const activity = this.#start(0);
      this.#table.end(activity);
      activity.settled = this.#table.settled();
      yield activity;
    }
  }

  /** Room for what becomes of `packets` packets; memory that is not written to is not there. */
  #start(packets: number): ActivityColumns {
    if (packets > this.#capacity) {
      this.#memory.giveBack(this.#activity.address, ActivityColumns.bytes(this.#capacity));
      this.#capacity = packets;
      this.#activity = this.#columns();
    }
    this.#activity.clear();
    return this.#activity;
  }

  #columns(): ActivityColumns {
    const at = this.#memory.place(ActivityColumns.bytes(this.#capacity));
    return new ActivityColumns(this.#capacity, this.#memory.buffer, at);
  }
}
