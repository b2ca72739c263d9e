/** How connections end: by their own FINs and RSTs, by falling silent, or with the trace. */
import type { Activity } from "../activity.ts";
import { CLOSE_IDLE, CLOSE_OPEN } from "../connection.ts";
import * as packet from "../decode/packet-rows.ts";
import type { AddressBook } from "./address-book.ts";
import * as lingering from "./linger.ts";
import { Linger } from "./linger.ts";
import type { Records } from "./records.ts";
import * as record from "./records.ts";
import { reportConnection } from "./report-row.ts";
import type { Slots } from "./slots.ts";
import * as states from "./states.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { CLOSED_AT, CLOSED_BY, DOUBLE_SHIFT, KEY_A, KEY_B, LAST, STATE, WORD_SHIFT } = record;
const { STATE_CLOSE_SHIFT, STATE_CLOSED, STATE_FOREIGN, STATE_GONE } = states;
const { KIND_UDP, KIND_V6 } = packet;
const { LINGER_PACKETS } = lingering;

/**
 * What packets pay for looking after connections that fall silent, in visits of a record: so little
 * that it is hardly felt, and much where a round over all of them takes a good part of a time-out.
 * So what has fallen silent goes within a fraction of the time-out it had to wait for anyway.
 */
const VISITS_PER_PACKET = 1 / 16;
const VISITS_PER_LATE_PACKET = 16;
const ROUNDS_PER_TIMEOUT = 4;

export class Closer {
  readonly #records: Records;
  readonly #slots: Slots;
  readonly #addresses: AddressBook;
  readonly #idleTcp: number;
  readonly #idleUdp: number;
  readonly #linger = new Linger();
  /** Where the round of visits stands, and the least time of a close that it has met. */
  #next = 0;
  #met = Number.POSITIVE_INFINITY;
  /** The trace's time when this round began. */
  #began = Number.NEGATIVE_INFINITY;
  /** The least time that a connection opened since then. */
  #opened = Number.POSITIVE_INFINITY;
  /** What the last whole round met, and what opened since it began. */
  #earliest = Number.NEGATIVE_INFINITY;
  /** Visits paid for. */
  #visits = 0;
  /** What touching memory ahead came to; kept so that no compiler leaves the touching out. */
  touched = 0;

  /** Idle time-outs in nanoseconds. */
  constructor(
    records: Records,
    slots: Slots,
    addresses: AddressBook,
    idle: { idleTcp: number; idleUdp: number },
  ) {
    this.#records = records;
    this.#slots = slots;
    this.#addresses = addresses;
    this.#idleTcp = idle.idleTcp;
    this.#idleUdp = idle.idleUdp;
  }

  /** A time before which no connection closed that has not been reported. */
  get earliest(): number {
    if (this.#records.count === 0) return Number.POSITIVE_INFINITY;
    // A round may have met nobody: what opened behind it is still to be visited.
    return Math.min(this.#earliest, this.#opened);
  }

  /** Begins to look after a connection that has been opened at `time`. */
  watch(time: number): void {
    if (time < this.#opened) this.#opened = time;
  }

  /** Whether the connection, open or closed, has been silent for its time-out at `time`. */
  isSilent(record: number, time: number): boolean {
    const { words, doubles } = this.#records;
    const udp = (words[(record << WORD_SHIFT) + STATE] & KIND_UDP) !== 0;
    const silence = time - doubles[(record << DOUBLE_SHIFT) + LAST];
    return silence > (udp ? this.#idleUdp : this.#idleTcp);
  }

  /** Whether packet number `packet` at `time` finds the connection over, reported or not. */
  isOver(record: number, time: number, packet: number): boolean {
    if (this.isSilent(record, time)) return true;
    if ((this.#records.words[(record << WORD_SHIFT) + STATE] & STATE_CLOSED) === 0) return false;
    return this.#closedBefore(record, packet - LINGER_PACKETS);
  }

  #closedBefore(record: number, packet: number): boolean {
    return this.#records.coldDoubles[(record << DOUBLE_SHIFT) + CLOSED_BY] < packet;
  }

  /** Closes a connection with packet number `packet`, just counted, and lets it linger. */
  close(record: number, how: number, packet: number): void {
    const { words, doubles, coldDoubles } = this.#records;
    const double = record << DOUBLE_SHIFT;
    words[(record << WORD_SHIFT) + STATE] |= STATE_CLOSED | (how << STATE_CLOSE_SHIFT);
    coldDoubles[double + CLOSED_AT] = doubles[double + LAST];
    coldDoubles[double + CLOSED_BY] = packet;
    this.#linger.push(record, packet);
  }

  /**
   * Reports a connection and forgets it. Unless it closed before, it ends with its last packet, and
   * `how` it did is `CLOSE_IDLE` (also when its 4-tuple is used again) or `CLOSE_OPEN`.
   */
  finish(record: number, how: number, activity: Activity): void {
    const { words, doubles, coldDoubles } = this.#records;
    const at = record << WORD_SHIFT;
    const double = record << DOUBLE_SHIFT;
    const state = words[at + STATE];
    if ((state & STATE_CLOSED) === 0) {
      words[at + STATE] = state | (how << STATE_CLOSE_SHIFT);
      coldDoubles[double + CLOSED_AT] = doubles[double + LAST];
    }
    if ((state & STATE_FOREIGN) === 0) {
      const { closed, closedSlot } = activity;
      reportConnection(this.#records, record, this.#addresses, closed, closedSlot);
    }
    this.#slots.remove(record);
    if ((state & KIND_V6) !== 0) {
      this.#addresses.release(words[at + KEY_A]);
      this.#addresses.release(words[at + KEY_B]);
    }
    this.#records.give(record);
  }

  /**
   * Finishes those that have lingered for long enough, once the packets before number `packet` have
   * been counted.
   */
  finishLingering(packet: number, activity: Activity): void {
    const linger = this.#linger;
    const over = packet - LINGER_PACKETS;
    const ready = linger.before(over);
    const { words, coldDoubles } = this.#records;
    for (let i = 0; i < ready; i++) {
      const record = linger.record(i);
      this.touched ^= words[record << WORD_SHIFT] ^ this.#slots.touch(record);
      this.touched ^= coldDoubles[record << DOUBLE_SHIFT];
    }
    for (let i = 0; i < ready; i++) {
      const record = linger.record(i);
      const state = words[(record << WORD_SHIFT) + STATE];
      if ((state & (STATE_CLOSED | STATE_GONE)) !== STATE_CLOSED) continue;
      if (this.#closedBefore(record, over)) this.finish(record, CLOSE_IDLE, activity);
    }
    linger.drop(ready);
  }

  /**
   * Visits as many connections as `packets` more pay for, and finishes those that are silent at
   * `now`, as far as `activity.closed` has room beyond `keep` rows. One may be finished late:
   * whoever meets it before sees for himself that it is over.
   */
  visit(packets: number, now: number, activity: Activity, keep: number): void {
    const isLate = now - this.#began > Math.min(this.#idleTcp, this.#idleUdp) / ROUNDS_PER_TIMEOUT;
    this.#visits += packets * (isLate ? VISITS_PER_LATE_PACKET : VISITS_PER_PACKET);
    const { closed } = activity;
    const { words, doubles, coldDoubles, used } = this.#records;
    if (used === 0) return;
    let next = this.#next;
    let met = this.#met;
    for (; this.#visits >= 1 && closed.capacity - keep > closed.count; this.#visits--) {
      if (next >= used) {
        this.#earliest = Math.min(met, this.#opened);
        this.#opened = Number.POSITIVE_INFINITY;
        this.#began = now;
        met = Number.POSITIVE_INFINITY;
        next = 0;
      }
      const record = next++;
      const state = words[(record << WORD_SHIFT) + STATE];
      if ((state & STATE_GONE) !== 0) continue;
      if (this.isSilent(record, now)) {
        this.finish(record, CLOSE_IDLE, activity);
        continue;
      }
      const double = record << DOUBLE_SHIFT;
      const soonest =
        (state & STATE_CLOSED) === 0 ? doubles[double + LAST] : coldDoubles[double + CLOSED_AT];
      if (soonest < met) met = soonest;
    }
    this.#next = next;
    this.#met = met;
    // What there was no room or no need for is not saved up.
    this.#visits = Math.min(this.#visits, used);
  }

  /** Finishes connections, the trace having ended at `now`, until none is left or `activity.closed` is full. */
  end(now: number, activity: Activity): void {
    const { closed } = activity;
    const { words, used } = this.#records;
    for (let record = 0; record < used; record++) {
      if ((words[(record << WORD_SHIFT) + STATE] & STATE_GONE) !== 0) continue;
      if (closed.count === closed.capacity) return;
      this.finish(record, this.isSilent(record, now) ? CLOSE_IDLE : CLOSE_OPEN, activity);
    }
  }
}
