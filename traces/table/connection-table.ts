/**
 * Packets to connections. A connection is found by its pair of addresses and ports, whichever way
 * its packet goes; it is followed until it ends, and reported once nothing more can come of it.
 */
import type { Activity } from "../activity.ts";
import * as connection from "../connection.ts";
import type { AddressBook } from "../decode/address-book.ts";
import { CHUNK_PACKETS, KIND_UDP, type TransportColumns } from "../decode/transport-columns.ts";
import type { PacketBatch } from "../packet-batch.ts";
import type { ServiceFilter } from "../service.ts";
import { ChunkKeys } from "./chunk-keys.ts";
import { Closer } from "./closer.ts";
import { Opener } from "./opener.ts";
import * as record from "./records.ts";
import { Records } from "./records.ts";
import { Slots } from "./slots.ts";
import * as tcp from "./tcp-conversation.ts";
import { advance, beginsAnother, isNewSyn } from "./tcp-conversation.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const {
  DOUBLE_SHIFT,
  KEY_A,
  KEY_B,
  KEY_PORTS,
  LAST,
  PACKETS,
  PAYLOAD,
  PAYLOAD_HIGH,
  STATE,
  WIRE,
  WIRE_HIGH,
  WORD_SHIFT,
} = record;
const { NOT_CLOSED, STATE_CLIENT_B, STATE_CLIENT_SHIFT, STATE_FOREIGN, STATE_GONE } = tcp;
const { CLOSE_IDLE } = connection;

/** Rows that a packet closes at most: it may end one connection, and push one out of lingering. */
export const CLOSED_PER_PACKET = 2;

/** What of a record's state belongs to the key. */
const KIND_BITS = 3;
/** Packets for each connection that is thought to close among them: 2 to this power. */
const CLOSES_SHIFT = 3;

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
  /** Per row: the record that its hash leads to, or −1. */
  readonly #found = new Int32Array(CHUNK_PACKETS);
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
    this.#closer.reserve();
    this.#keys.fill(columns, count);
    this.#look(columns, count);
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
   * Notes the record that has each row's key, or −1. There is no branch between one row and the next
   * that would have to wait for memory, so that its delays overlap.
   */
  #look(columns: TransportColumns, count: number): void {
    const { heads, mask } = this.#slots;
    const { words } = this.#records;
    const { kind } = columns;
    const { a, b, ports, hash } = this.#keys;
    const found = this.#found;
    for (let row = 0; row < count; row++) found[row] = heads[hash[row] & mask] - 1;
    for (let row = 0; row < count; row++) {
      const record = found[row];
      // Record 0 stands in where there is none.
      const at = (record & ~(record >> 31)) << WORD_SHIFT;
      const apart =
        (words[at + KEY_A] ^ a[row]) |
        (words[at + KEY_B] ^ b[row]) |
        (words[at + KEY_PORTS] ^ ports[row]) |
        ((words[at + STATE] & KIND_BITS) ^ kind[row]);
      found[row] = record | ((apart | (0 - apart)) >> 31);
    }
    this.touched ^= this.#closer.touch(count >>> CLOSES_SHIFT);
  }

  /** The record that has row `row`'s key, or −1. */
  #find(row: number, kind: number): number {
    const { words } = this.#records;
    const { a, b, ports, hash } = this.#keys;
    const slots = this.#slots;
    let record = slots.heads[hash[row] & slots.mask] - 1;
    for (; record >= 0; record = slots.after(record)) {
      const at = record << WORD_SHIFT;
      if (
        words[at + KEY_PORTS] === ports[row] &&
        words[at + KEY_A] === a[row] &&
        words[at + KEY_B] === b[row] &&
        (words[at + STATE] & KIND_BITS) === kind
      ) {
        break;
      }
    }
    return record;
  }

  #update(
    columns: TransportColumns,
    batch: PacketBatch,
    first: number,
    count: number,
    activity: Activity,
  ): void {
    const { kind, flags, sequence, acknowledgment, payload } = columns;
    const { words, doubles } = this.#records;
    const { time: times, wire } = batch;
    const { slot: slots, fromServer, payload: payloads } = activity;
    const { end: ends } = this.#keys;
    const found = this.#found;
    const { idleTcp, idleUdp } = this.#options;
    // Packets out of order are not as late as this: the clock that stamped them was set back.
    const setBack = Math.max(idleTcp, idleUdp);
    let clock = this.#clock;
    for (let row = 0; row < count; row++) {
      const packet = first + row;
      const time = times[packet];
      if (time > clock || time < clock - setBack) clock = time;
      const bytes = payload[row];
      payloads[packet] = bytes;
      const rowKind = kind[row];
      if (rowKind < 0) {
        slots[packet] = -1;
        fromServer[packet] = 0;
        continue;
      }
      const end = ends[row];
      let record = found[row];
      // What was found may have ended since, and what was not may have begun.
      if (record < 0 || (words[(record << WORD_SHIFT) + STATE] & STATE_GONE) !== 0) {
        record = this.#find(row, rowKind);
      }
      if (record >= 0) {
        const idle = time - doubles[(record << DOUBLE_SHIFT) + LAST];
        if (
          idle > ((rowKind & KIND_UDP) !== 0 ? idleUdp : idleTcp) ||
          (isNewSyn(words, record << WORD_SHIFT, end, flags[row], sequence[row]) &&
            this.#isReused(record, columns, row, end))
        ) {
          this.#closer.finish(record, CLOSE_IDLE, activity);
          record = -1;
        }
      }
      if (record < 0) record = this.#open(columns, row, time, activity);

      const at = record << WORD_SHIFT;
      const double = record << DOUBLE_SHIFT;
      words[at + PACKETS + end]++;
      const payloadSum = (words[at + PAYLOAD + end] + bytes) | 0;
      words[at + PAYLOAD + end] = payloadSum;
      if (payloadSum >>> 0 < bytes) this.#carry(double + PAYLOAD_HIGH + end);
      const frame = wire[packet] | 0;
      const wireSum = (words[at + WIRE + end] + frame) | 0;
      words[at + WIRE + end] = wireSum;
      if (wireSum >>> 0 < frame >>> 0) this.#carry(double + WIRE_HIGH + end);
      if (time > doubles[double + LAST]) doubles[double + LAST] = time;
      const how = advance(words, at, end, flags[row], sequence[row], acknowledgment[row], bytes);
      if (how !== NOT_CLOSED) this.#closer.close(record, how, activity);
      const state = words[at + STATE];
      slots[packet] = (state & STATE_FOREIGN) === 0 ? record : -1;
      fromServer[packet] = ((state & STATE_CLIENT_B) >> STATE_CLIENT_SHIFT) ^ end;
    }
    this.#clock = clock;
  }

  /** A counter of 32 bits has come round. */
  #carry(double: number): void {
    this.#records.rest[double] += 0x100000000;
  }

  #open(columns: TransportColumns, row: number, time: number, activity: Activity): number {
    const hash = this.#keys.hash[row];
    const record = this.#opener.open(columns, row, this.#keys.end[row], time, activity);
    this.#slots.insert(hash, record);
    this.#closer.watch(record);
    return record;
  }

  /** Whether a SYN that has the record's key begins another connection than the record's. */
  #isReused(record: number, columns: TransportColumns, row: number, end: number): boolean {
    return beginsAnother(
      this.#records.words,
      record << WORD_SHIFT,
      end,
      columns.flags[row],
      columns.acknowledgment[row],
    );
  }
}
