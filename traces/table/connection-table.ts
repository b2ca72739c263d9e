/**
 * Packets to connections. A connection is found by its pair of addresses and ports, whichever way
 * its packet goes; it is followed until it ends, and reported once nothing more can come of it.
 */
import { TH_SYN } from "../../stack/wire/tcp.ts";
import type { Activity } from "../activity.ts";
import { CLOSE_IDLE } from "../connection.ts";
import type { AddressBook } from "../decode/address-book.ts";
import { KIND_UDP, type TransportColumns } from "../decode/transport-columns.ts";
import type { PacketBatch } from "../packet-batch.ts";
import type { ServiceFilter } from "../service.ts";
import { ChunkKeys } from "./chunk-keys.ts";
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
  WORD_SHIFT,
  WORDS,
} from "./records.ts";
import { Slots } from "./slots.ts";
import {
  advance,
  beginsAnother,
  isPlain,
  NOT_CLOSED,
  STATE_CLIENT_B,
  STATE_CLIENT_SHIFT,
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
  readonly #keys = new ChunkKeys();
  readonly #options: TableOptions;
  /** Latest time stamp seen since the trace's clock was last set back. */
  #clock = Number.NEGATIVE_INFINITY;
  /** What touching memory ahead came to; kept so that no compiler leaves the touching out. */
  touched = 0;

  constructor(addresses: AddressBook, options: TableOptions) {
    this.#addresses = addresses;
    this.#options = options;
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
    this.#keys.fill(columns, count);
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

  /** `Activity.settled` after `packets` more: every close before this time has been reported. */
  settled(packets: number): number {
    return Math.min(this.#clock, this.#closer.earliestClose(packets));
  }

  /**
   * Reads what the chunk will need of slots and records, with no branch between one row and the next
   * that would have to wait for it, so that the memory's delays overlap.
   */
  #touch(count: number): void {
    const { pairs, mask } = this.#slots;
    const { words } = this.#records;
    const { hash } = this.#keys;
    let touched = 0;
    for (let row = 0; row < count; row++) touched ^= pairs[(hash[row] & mask) << 1];
    for (let row = 0; row < count; row++) {
      const entry = pairs[((hash[row] & mask) << 1) + 1];
      // Record 0 stands in where the slot is empty.
      const at = (entry + ((entry - 1) >>> 31) - 1) << WORD_SHIFT;
      touched ^= words[at] ^ words[at + WORDS / 2];
    }
    this.touched = touched;
  }

  /** The record that has row `row`'s key, or −1. */
  #find(row: number, kind: number): number {
    const { pairs, mask } = this.#slots;
    const { words } = this.#records;
    const { a, b, ports, hash: hashes } = this.#keys;
    const hash = hashes[row];
    let slot = hash & mask;
    for (let entry = pairs[2 * slot + 1]; entry !== 0; entry = pairs[2 * slot + 1]) {
      const key = (entry - 1) * WORDS;
      if (
        pairs[2 * slot] === hash &&
        words[key + KEY_PORTS] === ports[row] &&
        words[key + KEY_A] === a[row] &&
        words[key + KEY_B] === b[row] &&
        (words[key + STATE] & 3) === kind
      ) {
        return entry - 1;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
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
    const { end: ends } = this.#keys;
    const { idleTcp, idleUdp } = this.#options;
    // Packets out of order are not as late as this: the clock that stamped them was set back.
    const setBack = Math.max(idleTcp, idleUdp);
    let clock = this.#clock;
    for (let row = 0; row < count; row++) {
      const packet = first + row;
      const time = times[packet];
      if (time > clock || time < clock - setBack) clock = time;
      const rowKind = kind[row];
      if (rowKind < 0) {
        slots[packet] = -1;
        fromServer[packet] = 0;
        continue;
      }
      const end = ends[row];
      let record = this.#find(row, rowKind);
      const udp = (rowKind & KIND_UDP) !== 0;
      if (record >= 0) {
        const idle = time - doubles[record * DOUBLES + LAST];
        const over = idle > (udp ? idleUdp : idleTcp);
        if (over || ((flags[row] & TH_SYN) !== 0 && this.#isReused(record, columns, row, end))) {
          this.#closer.finish(record, CLOSE_IDLE, activity);
          record = -1;
        }
      }
      if (record < 0) {
        record = this.#open(columns, row, time, activity);
      }

      const at = record * WORDS;
      const double = record * DOUBLES;
      words[at + PACKETS + end]++;
      doubles[double + BYTES + end] += payload[row];
      doubles[double + WIRE + end] += wire[packet];
      if (time > doubles[double + LAST]) doubles[double + LAST] = time;
      if (!udp && !isPlain(flags[row], words[at + STATE])) {
        this.#followTcp(record, columns, row, end, activity);
      }
      const state = words[at + STATE];
      slots[packet] = (state & STATE_FOREIGN) === 0 ? record : -1;
      fromServer[packet] = ((state & STATE_CLIENT_B) >> STATE_CLIENT_SHIFT) ^ end;
    }
    this.#clock = clock;
  }

  #open(columns: TransportColumns, row: number, time: number, activity: Activity): number {
    const hash = this.#keys.hash[row];
    const record = this.#opener.open(columns, row, this.#keys.end[row], hash, time, activity);
    this.#slots.insert(hash, record);
    this.#closer.watch(record);
    return record;
  }

  /** Whether a SYN that has the record's key begins another connection than the record's. */
  #isReused(record: number, columns: TransportColumns, row: number, end: number): boolean {
    return beginsAnother(
      this.#records.words,
      record * WORDS,
      end,
      columns.flags[row],
      columns.sequence[row],
      columns.acknowledgment[row],
    );
  }

  #followTcp(
    record: number,
    columns: TransportColumns,
    row: number,
    end: number,
    activity: Activity,
  ): void {
    const { words } = this.#records;
    const at = record * WORDS;
    const how = advance(
      words,
      at,
      end,
      columns.flags[row],
      columns.sequence[row],
      columns.acknowledgment[row],
      columns.payload[row],
    );
    if (how === NOT_CLOSED || (words[at + STATE] & STATE_CLOSED) !== 0) return;
    this.#closer.close(record, how, activity);
  }
}
