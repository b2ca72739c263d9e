/**
 * Packets to connections. A connection is found by its pair of addresses and ports, whichever way
 * its packet goes; it is followed until it ends, and reported once nothing more can come of it.
 */
import { TH_SYN } from "../../stack/wire/tcp.ts";
import type { Activity } from "../activity.ts";
import { CLOSE_IDLE } from "../connection.ts";
import type { AddressBook } from "../decode/address-book.ts";
import { CHUNK_PACKETS, KIND_UDP, type TransportColumns } from "../decode/transport-columns.ts";
import type { PacketBatch } from "../packet-batch.ts";
import type { ServiceFilter } from "../service.ts";
import { Closer } from "./closer.ts";
import { Opener } from "./opener.ts";
import {
  BYTES,
  DOUBLES,
  KEY_A,
  KEY_B,
  KEY_PORTS,
  LAST,
  PACKETS,
  Records,
  STATE,
  WIRE,
  WORDS,
} from "./records.ts";
import { hashKey, Slots } from "./slots.ts";
import {
  advance,
  beginsAnother,
  isPlain,
  NOT_CLOSED,
  STATE_CLIENT_B,
  STATE_CLOSED,
  STATE_FOREIGN,
} from "./tcp-conversation.ts";

/** Rows that a packet closes at most: it may end one connection, and push one out of lingering. */
export const CLOSED_PER_PACKET = 2;

export interface TableOptions {
  /** Nanoseconds without a packet that end a connection. */
  idleTcp: number;
  idleUdp: number;
  /** Whose connections to report; null for all. */
  service: ServiceFilter | null;
}

export class ConnectionTable {
  readonly #records = new Records();
  readonly #slots = new Slots();
  readonly #addresses: AddressBook;
  readonly #opener: Opener;
  readonly #closer: Closer;
  /** Keys of the chunk's rows: addresses and ports with the smaller end first, and their hash. */
  readonly #a = new Int32Array(CHUNK_PACKETS);
  readonly #b = new Int32Array(CHUNK_PACKETS);
  readonly #ports = new Int32Array(CHUNK_PACKETS);
  readonly #hash = new Int32Array(CHUNK_PACKETS);
  /** Which end of the key sent the packet. */
  readonly #end = new Uint8Array(CHUNK_PACKETS);
  /** Latest time stamp seen. */
  #clock = Number.NEGATIVE_INFINITY;
  /** What touching memory ahead came to; kept so that no compiler leaves the touching out. */
  touched = 0;

  constructor(addresses: AddressBook, options: TableOptions) {
    this.#addresses = addresses;
    this.#opener = new Opener(this.#records, addresses, options.service);
    this.#closer = new Closer(this.#records, this.#slots, addresses, options);
  }

  /** Begins a group of packets: what the last one closed gives its slots free. */
  begin(): void {
    this.#records.recycle();
  }

  /** Connections followed now, those that linger included. */
  get size(): number {
    return this.#records.count;
  }

  /**
   * Takes in the rows of `columns`, which are packets `first … first + count − 1` of `batch`.
   * `activity.opened` has room for a row for each packet left in the batch, `activity.closed` for
   * `CLOSED_PER_PACKET` of them; what room there is beyond is used for connections that expire.
   */
  take(
    columns: TransportColumns,
    batch: PacketBatch,
    first: number,
    count: number,
    activity: Activity,
  ): void {
    this.#records.reserve(count);
    this.#slots.reserve(count);
    this.#key(columns, count);
    this.#touch(count);
    this.#update(columns, batch, first, count, activity);
    const packetsLeft = batch.count - first - count;
    this.#closer.expire(this.#clock, activity, CLOSED_PER_PACKET * packetsLeft);
    this.#addresses.sweep();
  }

  /** Reports what is left, the trace being over, until nothing is left or `activity.closed` is full. */
  end(activity: Activity): void {
    this.#closer.end(this.#clock, activity);
    this.#addresses.sweep();
  }

  /** `Activity.settled`: every close before this time has been reported. */
  get settled(): number {
    return Math.min(this.#clock, this.#closer.earliestClose());
  }

  #key(columns: TransportColumns, count: number): void {
    const { kind, source, destination, ports } = columns;
    for (let row = 0; row < count; row++) {
      const s = source[row];
      const d = destination[row];
      const p = ports[row];
      if (s < d || (s === d && p >>> 16 <= (p & 0xffff))) {
        this.#end[row] = 0;
        this.#a[row] = s;
        this.#b[row] = d;
        this.#ports[row] = p;
      } else {
        this.#end[row] = 1;
        this.#a[row] = d;
        this.#b[row] = s;
        this.#ports[row] = (p << 16) | (p >>> 16);
      }
      this.#hash[row] = hashKey(this.#a[row], this.#b[row], this.#ports[row], kind[row]);
    }
  }

  /**
   * Reads every slot and record that the chunk will need, with nothing to wait for between them, so
   * that the memory's delays overlap.
   */
  #touch(count: number): void {
    const { pairs, mask } = this.#slots;
    const { words } = this.#records;
    let touched = 0;
    for (let row = 0; row < count; row++) {
      // Record 0 stands in where the slot is empty.
      const at = Math.max(0, pairs[2 * (this.#hash[row] & mask) + 1] - 1) * WORDS;
      touched = (touched + words[at] + words[at + WORDS / 2]) | 0;
    }
    this.touched = touched;
  }

  #find(row: number, kind: number): number {
    const { pairs, mask } = this.#slots;
    const { words } = this.#records;
    const hash = this.#hash[row];
    let slot = hash & mask;
    while (true) {
      const entry = pairs[2 * slot + 1];
      if (entry === 0) return -1;
      if (pairs[2 * slot] === hash) {
        const at = (entry - 1) * WORDS;
        if (
          words[at + KEY_PORTS] === this.#ports[row] &&
          words[at + KEY_A] === this.#a[row] &&
          words[at + KEY_B] === this.#b[row] &&
          (words[at + STATE] & 3) === kind
        ) {
          return entry - 1;
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  #update(
    columns: TransportColumns,
    batch: PacketBatch,
    first: number,
    count: number,
    activity: Activity,
  ): void {
    const { kind, flags, payload } = columns;
    const { words, doubles } = this.#records;
    const { time: times, wire } = batch;
    const { slot: slots, fromServer } = activity;
    for (let row = 0; row < count; row++) {
      const packet = first + row;
      const time = times[packet];
      if (time > this.#clock) this.#clock = time;
      if (kind[row] < 0) {
        slots[packet] = -1;
        fromServer[packet] = 0;
        continue;
      }
      const end = this.#end[row];
      let record = this.#find(row, kind[row]);
      if (record >= 0 && this.#isAnother(record, columns, row, time)) {
        this.#closer.finish(record, CLOSE_IDLE, activity);
        record = -1;
      }
      if (record < 0) {
        record = this.#opener.open(columns, row, end, this.#hash[row], time, activity);
        this.#slots.insert(this.#hash[row], record);
        this.#closer.watch(record);
      }

      const at = record * WORDS;
      const double = record * DOUBLES;
      words[at + PACKETS + end]++;
      doubles[double + BYTES + end] += payload[row];
      doubles[double + WIRE + end] += wire[packet];
      if (time > doubles[double + LAST]) doubles[double + LAST] = time;
      if ((kind[row] & KIND_UDP) === 0 && !isPlain(flags[row], words[at + STATE])) {
        this.#followTcp(record, columns, row, activity);
      }
      slots[packet] = (words[at + STATE] & STATE_FOREIGN) === 0 ? record : -1;
      fromServer[packet] = (words[at + STATE] & STATE_CLIENT_B ? 1 : 0) ^ end;
    }
  }

  /** Whether a packet that has the record's key belongs to another connection than the record's. */
  #isAnother(record: number, columns: TransportColumns, row: number, time: number): boolean {
    if (this.#closer.isOver(record, time)) return true;
    if ((columns.flags[row] & TH_SYN) === 0 || (columns.kind[row] & KIND_UDP) !== 0) return false;
    return beginsAnother(
      this.#records.words,
      record * WORDS,
      this.#end[row],
      columns.flags[row],
      columns.sequence[row],
      columns.acknowledgment[row],
    );
  }

  #followTcp(record: number, columns: TransportColumns, row: number, activity: Activity): void {
    const { words } = this.#records;
    const at = record * WORDS;
    const how = advance(
      words,
      at,
      this.#end[row],
      columns.flags[row],
      columns.sequence[row],
      columns.acknowledgment[row],
      columns.payload[row],
    );
    if (how === NOT_CLOSED || (words[at + STATE] & STATE_CLOSED) !== 0) return;
    this.#closer.close(record, how, activity);
  }
}
