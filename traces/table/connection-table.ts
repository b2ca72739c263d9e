/**
 * Packets to connections. A connection is found by its pair of addresses and ports, whichever way
 * its packet goes; it is followed until it ends, and reported once nothing more can come of it.
 */
import type { Activity } from "../activity.ts";
import * as connection from "../connection.ts";
import type { PacketRows } from "../decode/packet-rows.ts";
import * as row from "../decode/packet-rows.ts";
import type { PacketBatch } from "../packet-batch.ts";
import type { ServiceFilter } from "../service.ts";
import { AddressBook } from "./address-book.ts";
import { Closer } from "./closer.ts";
import { noteKeys, sideOf, tellNotes } from "./notes.ts";
import { Opener } from "./opener.ts";
import * as record from "./records.ts";
import { Records } from "./records.ts";
import * as note from "./row-notes.ts";
import { chunkNotes } from "./row-notes.ts";
import { Slots } from "./slots.ts";
import * as states from "./states.ts";
import { advance, beginsAnother, isFlowing } from "./tcp-conversation.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { DOUBLE_SHIFT, LAST, PACKETS, PAYLOAD, PAYLOAD_CARRY, STATE, WIRE, WIRE_CARRY, WORD_SHIFT } =
  record;
const { NOT_CLOSED, STATE_CLOSED, STATE_GONE } = states;
const { FLAGS, KIND_UDP, PAYLOAD: ROW_PAYLOAD, ROW_SHIFT } = row;
const { END, FOUND, NO_SIDE, NOBODY, NOTE_HASH, SIDE } = note;
const { CLOSE_IDLE } = connection;

/** Rows that a packet closes at most: it may end one connection, and push one out of lingering. */
export const CLOSED_PER_PACKET = 2;

/** What the table needs of a batch beside the rows of its packets. */
export type PacketTimes = Pick<PacketBatch, "count" | "time" | "wire">;

export interface TableOptions {
  /** Nanoseconds without a packet that end a connection. */
  idleTcp: number;
  idleUdp: number;
  /** Whose connections to report; null for all. */
  service: ServiceFilter | null;
  /** Whether to tell what became of each packet, and what opened, beside what closed. */
  packets: boolean;
}

/** The packets at hand: the rows of packets `first …` of `batch`, of which `counted` are in the sums. */
interface Chunk {
  rows: Int32Array;
  notes: Int32Array;
  batch: PacketTimes;
  first: number;
  activity: Activity;
  counted: number;
}

export class ConnectionTable {
  readonly #records = new Records();
  readonly #notes = chunkNotes();
  readonly #slots = new Slots(this.#records);
  readonly #addresses = new AddressBook();
  readonly #opener: Opener;
  readonly #closer: Closer;
  readonly #options: TableOptions;
  /** Latest time stamp seen since the trace's clock was last set back. */
  #clock = Number.NEGATIVE_INFINITY;
  #settled = Number.NEGATIVE_INFINITY;
  /** Packets of the trace before those at hand. */
  #packets = 0;

  constructor(options: TableOptions) {
    this.#options = options;
    this.#opener = new Opener(this.#records, this.#addresses, options);
    this.#closer = new Closer(this.#records, this.#slots, this.#addresses, options);
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
   * Takes in the rows of `packets`, which are packets `first … first + count − 1` of `batch`.
   * `activity.opened` has room for a row for each packet left in the batch, `activity.closed` for
   * `CLOSED_PER_PACKET` of them; what room there is beyond is used for connections that expire.
   */
  take(
    packets: PacketRows,
    batch: PacketTimes,
    first: number,
    count: number,
    activity: Activity,
  ): void {
    this.#records.reserve(count);
    this.#slots.reserve();
    const chunk = { rows: packets.words, notes: this.#notes, batch, first, activity, counted: 0 };
    noteKeys(packets, this.#notes, count, this.#addresses, this.#slots);
    this.#slots.look(packets.words, this.#notes, count);
    this.#follow(chunk, count);
    this.#count(chunk, count);
    if (this.#options.packets) tellNotes(packets.words, this.#notes, first, count, activity);
    this.#packets += count;
    this.#closer.finishLingering(this.#packets, activity);
    const packetsLeft = batch.count - first - count;
    this.#closer.visit(count, this.#clock, activity, CLOSED_PER_PACKET * packetsLeft);
    this.#addresses.sweep();
  }

  /** Reports what is left, the trace being over, until nothing is left or `activity.closed` is full. */
  end(activity: Activity): void {
    this.#closer.end(this.#clock, activity);
    this.#addresses.sweep();
  }

  /** `Activity.settled`: every close before this time has been reported. */
  settled(): number {
    const settled = Math.min(this.#clock, this.#closer.earliest);
    if (settled > this.#settled) this.#settled = settled;
    return this.#settled;
  }

  /** Gives each packet its record, and each record what its packets do to its state and time. */
  #follow(chunk: Chunk, count: number): void {
    const { rows, notes, batch, first } = chunk;
    const { words, doubles } = this.#records;
    const { time: times } = batch;
    const { idleTcp, idleUdp, packets } = this.#options;
    // Packets out of order are not as late as this: the clock that stamped them was set back.
    const setBack = Math.max(idleTcp, idleUdp);
    let clock = this.#clock;
    for (let index = 0; index < count; index++) {
      const row = index << ROW_SHIFT;
      const time = times[first + index];
      if (time > clock || time < clock - setBack) clock = time;
      let record = notes[row + FOUND];
      let state = record < 0 ? STATE_GONE : words[(record << WORD_SHIFT) + STATE];
      const silence = record < 0 ? 0 : time - doubles[(record << DOUBLE_SHIFT) + LAST];
      if (
        (state & (STATE_CLOSED | STATE_GONE)) !== 0 ||
        silence > ((state & KIND_UDP) !== 0 ? idleUdp : idleTcp)
      ) {
        record = this.#settle(chunk, index);
        if (record < 0) continue;
        state = words[(record << WORD_SHIFT) + STATE];
      }
      if (!isFlowing(state, rows[row + FLAGS])) {
        state = this.#turn(chunk, record, index);
      } else if (time > doubles[(record << DOUBLE_SHIFT) + LAST]) {
        doubles[(record << DOUBLE_SHIFT) + LAST] = time;
      }
      if (packets) notes[row + SIDE] = sideOf(notes[row + FOUND], state, notes[row + END]);
    }
    this.#clock = clock;
  }

  /**
   * The record of a packet, or −1 for one of no connection: what was found may have ended since or
   * end now, what was not may have begun since or begins now.
   */
  #settle(chunk: Chunk, index: number): number {
    const { rows, notes, batch, first, activity } = chunk;
    const row = index << ROW_SHIFT;
    let record = notes[row + FOUND];
    if (record === NOBODY) {
      notes[row + SIDE] = NO_SIDE;
      return record;
    }
    const time = batch.time[first + index];
    const { words } = this.#records;
    if (record < 0 || (words[(record << WORD_SHIFT) + STATE] & STATE_GONE) !== 0) {
      record = this.#slots.find(rows, notes, row);
    }
    if (record >= 0) {
      if (!this.#closer.isOver(record, time, this.#packets + index)) {
        notes[row + FOUND] = record;
        return record;
      }
      this.#count(chunk, index);
      this.#closer.finish(record, CLOSE_IDLE, activity);
    }
    return this.#open(chunk, row, time);
  }

  #open(chunk: Chunk, row: number, time: number): number {
    const { rows, notes, activity } = chunk;
    const record = this.#opener.open(rows, notes, row, time, activity);
    this.#slots.insert(notes[row + NOTE_HASH], record);
    this.#closer.watch(time);
    notes[row + FOUND] = record;
    return record;
  }

  /**
   * What a segment that does more than add to its connection does to it, or to the one it begins in
   * its place. Returns the state after it.
   */
  #turn(chunk: Chunk, known: number, index: number): number {
    const { rows, notes, batch, first, activity } = chunk;
    const { words, doubles } = this.#records;
    const row = index << ROW_SHIFT;
    const time = batch.time[first + index];
    let record = known;
    if (beginsAnother(words, record << WORD_SHIFT, rows, notes, row)) {
      this.#count(chunk, index);
      this.#closer.finish(record, CLOSE_IDLE, activity);
      record = this.#open(chunk, row, time);
    }
    const last = (record << DOUBLE_SHIFT) + LAST;
    if (time > doubles[last]) doubles[last] = time;
    const how = advance(words, record << WORD_SHIFT, rows, notes, row);
    if (how !== NOT_CLOSED) this.#closer.close(record, how, this.#packets + index);
    return words[(record << WORD_SHIFT) + STATE];
  }

  /** Adds the packets before `end` that have not been counted to the sums of their records. */
  #count(chunk: Chunk, end: number): void {
    const { rows, notes, batch, first, counted } = chunk;
    const { words, coldWords } = this.#records;
    const { wire } = batch;
    for (let index = counted; index < end; index++) {
      const row = index << ROW_SHIFT;
      const record = notes[row + FOUND];
      if (record < 0) continue;
      const at = (record << WORD_SHIFT) + notes[row + END];
      words[at + PACKETS]++;
      const bytes = rows[row + ROW_PAYLOAD];
      const payloadSum = (words[at + PAYLOAD] + bytes) | 0;
      words[at + PAYLOAD] = payloadSum;
      // A counter of 32 bits has come round.
      if (payloadSum >>> 0 < bytes) coldWords[at + PAYLOAD_CARRY]++;
      const frame = wire[first + index] | 0;
      const wireSum = (words[at + WIRE] + frame) | 0;
      words[at + WIRE] = wireSum;
      if (wireSum >>> 0 < frame >>> 0) coldWords[at + WIRE_CARRY]++;
    }
    chunk.counted = end;
  }
}
