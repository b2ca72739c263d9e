/**
 * How connections end: by their own FINs and RSTs, by falling silent, or with the trace.
 *
 * A closed connection lingers: its retransmitted FINs and last acknowledgements come behind the
 * close, count as its traffic, and must not open another one. How long is bounded by time and by
 * number, so that a busy trace does not fill the table with the dead.
 */
import type { Activity } from "../activity.ts";
import { CLOSE_IDLE, CLOSE_OPEN } from "../connection.ts";
import type { AddressBook } from "../decode/address-book.ts";
import * as transport from "../decode/transport-columns.ts";
import { IdleWheel, WHEEL_QUEUES } from "./idle-wheel.ts";
import { Queues } from "./queues.ts";
import type { Records } from "./records.ts";
import * as record from "./records.ts";
import { reportConnection } from "./report-row.ts";
import type { Slots } from "./slots.ts";
import * as tcp from "./tcp-conversation.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { CLOSED_AT, DOUBLE_SHIFT, ID, KEY_A, KEY_B, LAST, PAYLOAD_HIGH, STATE, WORD_SHIFT } = record;
const { STATE_CLOSE_SHIFT, STATE_CLOSED, STATE_GONE } = tcp;
const { KIND_UDP, KIND_V6 } = transport;

/** Closed connections that linger at most; each lingers as long as an open one may be idle. */
export const LINGER_LIMIT = 4096;

/** Packets that pay for visiting a connection. */
const PACKETS_PER_VISIT = 8;

const UDP_WHEEL = WHEEL_QUEUES;
const LINGERING = 2 * WHEEL_QUEUES;

export class Closer {
  readonly #records: Records;
  readonly #slots: Slots;
  readonly #addresses: AddressBook;
  readonly #queues: Queues;
  /** By `KIND_UDP`: TCP, UDP. */
  readonly #wheels: readonly [IdleWheel, IdleWheel];
  #lingering = 0;
  #earliest = Number.NEGATIVE_INFINITY;
  /** Connections walked over for `#earliest`, and packets since. */
  #visited = 0;
  #paid = 0;

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
    this.#queues = new Queues(2 * WHEEL_QUEUES + 1);
    this.#wheels = [
      new IdleWheel(records, this.#queues, 0, idle.idleTcp),
      new IdleWheel(records, this.#queues, UDP_WHEEL, idle.idleUdp),
    ];
  }

  /** Makes room for the connections that `records` has room for. */
  reserve(): void {
    const { capacity } = this.#records;
    this.#queues.reserve(capacity);
    this.#slots.reserve(capacity);
  }

  /**
   * Reads what finishing the next `closes` of those that linger will need, so that the memory's
   * delays overlap. What comes of it means nothing.
   */
  touch(closes: number): number {
    let touched = 0;
    if (this.#lingering + closes <= LINGER_LIMIT) return touched;
    const { words, rest } = this.#records;
    let record = this.#queues.head(LINGERING);
    for (let i = 0; i < closes && record >= 0; i++) {
      touched ^= words[record << WORD_SHIFT] ^ this.#slots.touch(record);
      touched ^= rest[(record << DOUBLE_SHIFT) + PAYLOAD_HIGH];
      record = this.#queues.after(record);
    }
    return touched;
  }

  /** Begins to watch a connection that has been opened. */
  watch(record: number): void {
    this.#wheels[this.#records.words[(record << WORD_SHIFT) + STATE] & KIND_UDP].add(record);
  }

  /** Whether the connection, open or lingering, has been silent for its time-out at `time`. */
  isOver(record: number, time: number): boolean {
    const state = this.#records.words[(record << WORD_SHIFT) + STATE];
    const { doubles } = this.#records;
    return time - doubles[(record << DOUBLE_SHIFT) + LAST] > this.#wheels[state & KIND_UDP].timeout;
  }

  /** Closes a connection with the packet just counted, and lets it linger. */
  close(record: number, how: number, activity: Activity): void {
    const { words, doubles, rest } = this.#records;
    const at = record << WORD_SHIFT;
    const double = record << DOUBLE_SHIFT;
    this.#wheels[words[at + STATE] & KIND_UDP].remove(record);
    words[at + STATE] |= STATE_CLOSED | (how << STATE_CLOSE_SHIFT);
    rest[double + CLOSED_AT] = doubles[double + LAST];
    this.#queues.append(LINGERING, record);
    if (++this.#lingering > LINGER_LIMIT) this.finish(this.#queues.head(LINGERING), how, activity);
  }

  /**
   * Reports a connection and forgets it. Unless it closed before, it ends with its last packet, and
   * `how` it did is `CLOSE_IDLE` (also when its 4-tuple is used again) or `CLOSE_OPEN`.
   */
  finish(record: number, how: number, activity: Activity): void {
    const { words, doubles, rest } = this.#records;
    const at = record << WORD_SHIFT;
    const double = record << DOUBLE_SHIFT;
    const state = words[at + STATE];
    if ((state & STATE_CLOSED) !== 0) {
      this.#queues.remove(record);
      this.#lingering--;
    } else {
      this.#wheels[state & KIND_UDP].remove(record);
      words[at + STATE] |= how << STATE_CLOSE_SHIFT;
      rest[double + CLOSED_AT] = doubles[double + LAST];
    }
    if (rest[double + ID] >= 0) {
      const { closed, closedSlot } = activity;
      reportConnection(this.#records, record, this.#addresses, closed, closedSlot);
    }
    words[at + STATE] |= STATE_GONE;
    this.#slots.remove(record);
    if ((state & KIND_V6) !== 0) {
      this.#addresses.release(words[at + KEY_A]);
      this.#addresses.release(words[at + KEY_B]);
    }
    this.#records.give(record);
  }

  /** Finishes what is over at `now`, as far as `activity.closed` has room beyond `keep` rows. */
  expire(now: number, activity: Activity, keep: number): void {
    const { closed } = activity;
    const room = () => closed.capacity - keep - closed.count;
    while (room() > 0) {
      const record = this.#queues.head(LINGERING);
      if (record < 0 || !this.isOver(record, now)) break;
      this.finish(record, CLOSE_IDLE, activity);
    }
    for (const wheel of this.#wheels) {
      wheel.expire(now, room(), (record) => this.finish(record, CLOSE_IDLE, activity));
    }
  }

  /** Finishes connections, the trace having ended at `now`, until none is left or `activity.closed` is full. */
  end(now: number, activity: Activity): void {
    const { closed } = activity;
    for (let queue = 0; queue <= LINGERING; queue++) {
      for (let r = this.#queues.head(queue); r >= 0; r = this.#queues.head(queue)) {
        if (closed.count === closed.capacity) return;
        this.finish(r, this.isOver(r, now) ? CLOSE_IDLE : CLOSE_OPEN, activity);
      }
    }
  }

  /**
   * A time before which no connection closed that has not been reported. Looking for it costs a
   * walk over the connections that have been idle for longest, so `packets` pay for it: until as
   * many have come, the last answer, which still holds, is given again.
   */
  earliestClose(packets: number): number {
    this.#paid += packets;
    if (this.#paid < PACKETS_PER_VISIT * this.#visited) return this.#earliest;
    this.#paid = 0;
    const [tcp, udp] = this.#wheels;
    const lingering = this.#queues.head(LINGERING);
    this.#earliest = Math.min(
      lingering < 0
        ? Number.POSITIVE_INFINITY
        : this.#records.rest[(lingering << DOUBLE_SHIFT) + CLOSED_AT],
      tcp.longestIdle(),
      udp.longestIdle(),
    );
    this.#visited = tcp.visited + udp.visited;
    return this.#earliest;
  }
}
