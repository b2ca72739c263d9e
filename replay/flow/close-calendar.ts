/**
 * The closes still to come, earliest first: a calendar queue (R. Brown, "Calendar queues: a fast
 * O(1) priority queue implementation for the simulation event set problem", CACM 31(10), 1988) in
 * flat arrays. A day is a sorted list linked through slots; the year has a power of two of days.
 */

const NONE = -1;
const FEWEST_DAYS = 64;
/** Steps along lists and over empty days that an operation may cost before the year is re-cut. */
const DEAR = 6;
const REVIEW = 1 << 14;

export class CloseCalendar {
  /** Closes waiting. */
  size = 0;
  /** Time of the earliest close; ∞ when there is none. A field, so that asking costs nothing. */
  earliest = Number.POSITIVE_INFINITY;
  #time = new Float64Array(1024);
  #next = new Int32Array(1024);
  #heads = new Int32Array(FEWEST_DAYS).fill(NONE);
  #mask = FEWEST_DAYS - 1;
  /** Nanoseconds of a day. */
  #width = 1e6;
  /** The day of the earliest close, counted from time 0. */
  #today = 0;
  #operations = 0;
  #steps = 0;
  #reviewedAt = 0;

  /** Adds the close of the connection in `slot` at `time`, which no pop may have passed yet. */
  push(slot: number, time: number): void {
    if (slot >= this.#time.length) this.#grow(slot);
    if (this.size > 2 * this.#heads.length) this.#recut(time);
    if (++this.#operations === REVIEW) this.#review(time);
    this.#time[slot] = time;
    this.#link(slot, time);
    this.size++;
    if (time < this.earliest) {
      this.earliest = time;
      this.#today = Math.floor(time / this.#width);
    }
  }

  /** Takes out the earliest close and returns its slot. The queue must not be empty. */
  pop(): number {
    const day = this.#today & this.#mask;
    const slot = this.#heads[day];
    const after = this.#next[slot];
    this.#heads[day] = after;
    this.size--;
    if (after !== NONE && this.#time[after] < (this.#today + 1) * this.#width) {
      this.earliest = this.#time[after];
    } else {
      this.#findEarliest();
    }
    return slot;
  }

  /** Turns the calendar to the day of the earliest close. */
  #findEarliest(): void {
    this.earliest = Number.POSITIVE_INFINITY;
    if (this.size === 0) return;
    const heads = this.#heads;
    const mask = this.#mask;
    // Counted from 0: beyond 2^53 days, where broken clocks lead, a day plus one is the same day.
    for (let ahead = 0; ahead <= mask; ahead++) {
      const today = this.#today + ahead;
      const head = heads[today & mask];
      if (head !== NONE && this.#time[head] < (today + 1) * this.#width) {
        this.#steps += ahead;
        this.#today = today;
        this.earliest = this.#time[head];
        return;
      }
    }
    // A whole year of nothing: every list is sorted, so the earliest head is the earliest close.
    this.#steps += mask;
    for (const head of heads) {
      if (head !== NONE && this.#time[head] < this.earliest) this.earliest = this.#time[head];
    }
    this.#today = Math.floor(this.earliest / this.#width);
  }

  #link(slot: number, time: number): void {
    const day = Math.floor(time / this.#width) & this.#mask;
    const times = this.#time;
    const next = this.#next;
    let at = this.#heads[day];
    if (at === NONE || time < times[at]) {
      next[slot] = at;
      this.#heads[day] = slot;
      return;
    }
    let after = next[at];
    let steps = 0;
    while (after !== NONE && times[after] <= time) {
      at = after;
      after = next[at];
      steps++;
    }
    this.#steps += steps;
    next[slot] = after;
    next[at] = slot;
  }

  #review(now: number): void {
    if (this.#steps > DEAR * this.#operations) this.#recut(now);
    this.#operations = 0;
    this.#steps = 0;
    this.#reviewedAt = now;
  }

  /** A new year: as many days as there are closes, a day as long as a close takes to come along. */
  #recut(now: number): void {
    const waiting: number[] = [];
    for (const head of this.#heads) {
      for (let slot = head; slot !== NONE; slot = this.#next[slot]) waiting.push(slot);
    }
    const soonest = Float64Array.from(waiting, (slot) => this.#time[slot]).sort();
    // Half of the closes come in the first half of the list: their spacing is what matters soon.
    const half = soonest.length >> 1;
    const span = half > 0 ? (soonest[half] - soonest[0]) / half : 0;
    this.#width = Math.max(1, span > 0 ? span : (now - this.#reviewedAt) / REVIEW);
    const days = 2 ** Math.ceil(Math.log2(Math.max(FEWEST_DAYS, 2 * waiting.length)));
    this.#heads = new Int32Array(days).fill(NONE);
    this.#mask = days - 1;
    // Latest first, so that every insertion is at the head of its list.
    waiting.sort((a, b) => this.#time[b] - this.#time[a]);
    for (const slot of waiting) this.#link(slot, this.#time[slot]);
    this.#today = Math.floor((soonest.length > 0 ? soonest[0] : now) / this.#width);
  }

  #grow(slot: number): void {
    const room = Math.max(slot + 1, Math.ceil(1.5 * this.#time.length));
    const time = new Float64Array(room);
    const next = new Int32Array(room);
    time.set(this.#time);
    next.set(this.#next);
    this.#time = time;
    this.#next = next;
  }
}
