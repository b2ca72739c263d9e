/**
 * A hierarchical timing wheel (Varghese and Lauck 1987): arming, moving and cancelling are O(1)
 * for any number of timers, and nothing is allocated.
 *
 * Four wheels of 256 slots, the finest slot 2^20 ns (1.05 ms) wide. Slots only sort coarsely: the
 * timers of the slot being reached go to a short list ordered by (time, order of arming), so each
 * expires at exactly its nanosecond and equal times keep their order. A timer moved to a later time
 * stays where it is and is put on again when its old slot comes up: TCP restarts its retransmission
 * timer with every acknowledgement, and this makes that two stores.
 */
import type { Clock, Timer } from "./clock.ts";

const SLOT_BITS = 8;
const SLOTS = 1 << SLOT_BITS;
const LEVELS = 4;
/** Nanoseconds in one slot of the finest wheel. */
const TICK = 2 ** 20;
/** `Timer.place` of the timers in the ordered list. */
const DUE = LEVELS * SLOTS;

export class TimerWheel implements Clock {
  private time = 0;
  /** The tick whose slot has been emptied into the due list. */
  private tick = 0;
  private armings = 0;
  private held = 0;
  private readonly heads: (Timer | null)[] = new Array(LEVELS * SLOTS + 1).fill(null);
  private readonly used = new Int32Array(LEVELS);

  now(): number {
    return this.time;
  }

  /** Timers armed now. */
  get pending(): number {
    let armed = 0;
    for (const head of this.heads) for (let t = head; t; t = t.next) if (t.armed) armed++;
    return armed;
  }

  schedule(timer: Timer, at: number): void {
    const later = timer.place >= 0 && timer.place !== DUE && at >= timer.at;
    timer.at = at > this.time ? at : this.time;
    timer.order = this.armings++;
    timer.armed = true;
    if (later) return;
    if (timer.place >= 0) this.unlink(timer);
    this.place(timer);
  }

  cancel(timer: Timer): void {
    timer.armed = false;
    if (timer.place >= 0) this.unlink(timer);
  }

  /**
   * The earliest time at which anything can be due, exact or a little early, Infinity when nothing
   * is armed. A driver with other events to run advances to the earlier of the two.
   */
  next(): number {
    const due = this.heads[DUE];
    if (due) return due.at;
    if (this.held === 0) return Infinity;
    for (let level = 0; level < LEVELS; level++) {
      if (this.used[level] === 0) continue;
      const width = 2 ** (SLOT_BITS * level);
      const here = Math.floor(this.tick / width);
      for (let ahead = 1; ahead <= SLOTS; ahead++) {
        const slot = level * SLOTS + ((here + ahead) % SLOTS);
        // A coarser wheel's next slot may begin before a finer wheel's timer: whichever is first.
        if (this.heads[slot]) return Math.min((here + ahead) * width, this.wrap(level)) * TICK;
      }
    }
    return Infinity;
  }

  /** Moves time to `to` nanoseconds and calls every timer due by then, in order. */
  advance(to: number): void {
    for (;;) {
      const due = this.heads[DUE];
      if (due && due.at <= to) {
        this.unlink(due);
        due.armed = false;
        if (due.at > this.time) this.time = due.at;
        due.expire(this.time);
        continue;
      }
      const at = this.next();
      if (at > to || due) break;
      this.turn(Math.floor(at / TICK));
    }
    if (to > this.time) this.time = to;
    if (this.held === 0) this.tick = Math.floor(this.time / TICK);
  }

  /** The first tick after now at which the wheel above `level` has to be looked at, or Infinity. */
  private wrap(level: number): number {
    for (let above = level + 1; above < LEVELS; above++) {
      if (this.used[above] === 0) continue;
      const width = 2 ** (SLOT_BITS * above);
      return (Math.floor(this.tick / width) + 1) * width;
    }
    return Infinity;
  }

  /** Goes to `tick`, re-sorting the slots of all wheels that begin there. */
  private turn(tick: number): void {
    this.tick = tick;
    for (let level = LEVELS - 1; level >= 0; level--) {
      const width = 2 ** (SLOT_BITS * level);
      if (tick % width !== 0) continue;
      const slot = level * SLOTS + (Math.floor(tick / width) % SLOTS);
      for (let timer = this.heads[slot]; timer; timer = this.heads[slot]) {
        this.unlink(timer);
        this.place(timer);
      }
    }
  }

  private place(timer: Timer): void {
    const tick = Math.floor(timer.at / TICK);
    let ahead = tick - this.tick;
    if (ahead <= 0) {
      this.placeDue(timer);
      return;
    }
    let level = 0;
    while (level < LEVELS - 1 && ahead >= 2 ** (SLOT_BITS * (level + 1))) level++;
    // Beyond the coarsest wheel (52 days): its farthest slot, and sorted again from there.
    ahead = Math.min(ahead, 2 ** (SLOT_BITS * LEVELS) - 2 ** (SLOT_BITS * (LEVELS - 1)));
    const width = 2 ** (SLOT_BITS * level);
    this.push(timer, level * SLOTS + (Math.floor((this.tick + ahead) / width) % SLOTS));
    this.used[level]++;
  }

  private push(timer: Timer, place: number): void {
    const head = this.heads[place];
    timer.next = head;
    timer.previous = null;
    if (head) head.previous = timer;
    this.heads[place] = timer;
    timer.place = place;
    this.held++;
  }

  private placeDue(timer: Timer): void {
    let before: Timer | null = null;
    let after = this.heads[DUE];
    while (after && (after.at < timer.at || (after.at === timer.at && after.order < timer.order))) {
      before = after;
      after = after.next;
    }
    timer.previous = before;
    timer.next = after;
    if (before) before.next = timer;
    else this.heads[DUE] = timer;
    if (after) after.previous = timer;
    timer.place = DUE;
    this.held++;
  }

  private unlink(timer: Timer): void {
    const { previous, next, place } = timer;
    if (previous) previous.next = next;
    else this.heads[place] = next;
    if (next) next.previous = previous;
    timer.next = null;
    timer.previous = null;
    timer.place = -1;
    this.held--;
    if (place !== DUE) this.used[place >>> SLOT_BITS]--;
  }
}
