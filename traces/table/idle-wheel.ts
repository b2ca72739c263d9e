/**
 * Which connections have been idle for longest: a timing wheel that costs nothing when a packet
 * arrives. A connection lies in the bucket of the time its last packet had when somebody last
 * looked; when its bucket comes up, and it has had packets since, it moves on.
 */
import type { Queues } from "./queues.ts";
import type { Records } from "./records.ts";
import * as record from "./records.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { DOUBLE_SHIFT, LAST } = record;

/** Queues that a wheel uses. */
export const WHEEL_QUEUES = 64;
/** Half a turn is one time-out, so two turns are told apart unless a clock jumps. */
const BUCKETS_PER_TIMEOUT = WHEEL_QUEUES / 2;

export class IdleWheel {
  /** Nanoseconds without a packet that end a connection. */
  readonly timeout: number;
  readonly #records: Records;
  readonly #queues: Queues;
  readonly #base: number;
  readonly #granule: number;
  /** Bucket before which there is nothing. */
  #first = 0;
  #count = 0;
  /** Connections that the last `longestIdle` looked at. */
  visited = 0;

  /** Uses queues `base … base + WHEEL_QUEUES − 1`. */
  constructor(records: Records, queues: Queues, base: number, timeout: number) {
    this.timeout = timeout;
    this.#records = records;
    this.#queues = queues;
    this.#base = base;
    this.#granule = Math.max(1, timeout / BUCKETS_PER_TIMEOUT);
  }

  add(record: number): void {
    const bucket = this.#bucket(record);
    if (this.#count++ === 0 || bucket < this.#first) this.#first = bucket;
    this.#queues.append(this.#queue(bucket), record);
  }

  remove(record: number): void {
    this.#queues.remove(record);
    this.#count--;
  }

  /** Time of the last packet of the connection that is idle for longest; infinite for none. */
  longestIdle(): number {
    let oldest = Number.POSITIVE_INFINITY;
    this.visited = 0;
    if (!this.#advance(Number.POSITIVE_INFINITY)) return oldest;
    const { doubles } = this.#records;
    for (let r = this.#queues.head(this.#queue(this.#first)); r >= 0; r = this.#queues.after(r)) {
      this.visited++;
      oldest = Math.min(oldest, doubles[(r << DOUBLE_SHIFT) + LAST]);
    }
    return oldest;
  }

  /**
   * Hands at most `room` connections whose time-out has passed at `now` to `close`, which removes
   * them. It may be a bucket's width late: whoever meets such a connection before checks for himself.
   */
  expire(now: number, room: number, close: (record: number) => void): void {
    const limit = Math.floor((now - this.timeout) / this.#granule) - 1;
    let left = room;
    while (left > 0 && this.#advance(limit)) {
      let record = this.#queues.head(this.#queue(this.#first));
      while (record >= 0 && left > 0) {
        const next = this.#queues.after(record);
        if (this.#bucket(record) <= this.#first) {
          close(record);
          left--;
        }
        record = next;
      }
    }
  }

  /**
   * Moves `#first` to the first bucket up to `limit` that holds a connection of its own, taking the
   * connections that have moved on out of those before it; false when there is none.
   */
  #advance(limit: number): boolean {
    let soonest = Number.POSITIVE_INFINITY;
    for (let step = 1; this.#count > 0 && this.#first <= limit; step++) {
      const queue = this.#queue(this.#first);
      let record = this.#queues.head(queue);
      while (record >= 0) {
        const next = this.#queues.after(record);
        const bucket = this.#bucket(record);
        if (bucket <= this.#first) return true;
        soonest = Math.min(soonest, bucket);
        if (this.#queue(bucket) !== queue) {
          this.#queues.remove(record);
          this.#queues.append(this.#queue(bucket), record);
        }
        record = next;
      }
      this.#first++;
      // A whole turn in vain: the clock has jumped, and so do we.
      if (step % WHEEL_QUEUES === 0) {
        this.#first = soonest;
        soonest = Number.POSITIVE_INFINITY;
      }
    }
    return false;
  }

  #bucket(record: number): number {
    return Math.floor(this.#records.doubles[(record << DOUBLE_SHIFT) + LAST] / this.#granule);
  }

  #queue(bucket: number): number {
    // What % does with numbers that may be beyond 32 bits is a call, not an instruction.
    return this.#base + ((bucket - WHEEL_QUEUES * Math.floor(bucket / WHEEL_QUEUES)) | 0);
  }
}
