/**
 * A hierarchical timing wheel (Varghese and Lauck 1987): arming, moving and cancelling are O(1)
 * for any number of timers, and nothing is allocated.
 *
 * Four wheels of 256 slots, the finest slot 2^20 ns (1.05 ms) wide. Slots only sort coarsely: the
 * timers of the slot being reached go to a small heap ordered by (time, order of arming), so each
 * expires at exactly its nanosecond and equal times keep their order. A timer moved to a later time
 * stays where it is and is put on again when its old slot comes up: TCP restarts its retransmission
 * timer with every acknowledgement, and this makes that two stores.
 */
import type { Clock, Timer } from "./clock.ts";
import { TimerHeap } from "./timer-heap.ts";

const SLOT_BITS = 8;
const SLOTS = 1 << SLOT_BITS;
const LEVELS = 4;
/** Nanoseconds in one slot of the finest wheel. */
const TICK = 2 ** 20;
/** Ticks in one slot of each wheel, and of the one after the last. */
const WIDTHS = [1, 2 ** 8, 2 ** 16, 2 ** 24, 2 ** 32] as const;
/** Ticks ahead that the coarsest wheel holds without meeting its own present slot. */
const FARTHEST = WIDTHS[LEVELS] - WIDTHS[LEVELS - 1];
/** `Timer.place` from here on: in the heap. */
const DUE = LEVELS * SLOTS;

/** `turns` modulo the slots of a wheel; turns may be beyond 32 bits, and `%` on those is slow. */
const slotOf = (turns: number): number => turns - Math.floor(turns / SLOTS) * SLOTS;

export class TimerWheel implements Clock {
  private time = 0;
  /** The tick whose slot has been emptied into the heap. */
  private tick = 0;
  private armings = 0;
  /** Timers in slots, of all wheels and of each. */
  private held = 0;
  private readonly used = new Int32Array(LEVELS);
  private readonly heads: (Timer | null)[] = new Array(DUE).fill(null);
  private readonly due = new TimerHeap(DUE);
  /** No slot with a timer begins earlier, in nanoseconds; NaN: to be looked for. */
  private bound = NaN;

  now(): number {
    return this.time;
  }

  /** Timers armed now. */
  get pending(): number {
    let armed = 0;
    for (const head of this.heads) for (let t = head; t; t = t.next) if (t.armed) armed++;
    return armed + this.due.length;
  }

  schedule(timer: Timer, at: number): void {
    const later = timer.place >= 0 && timer.place < DUE && at >= timer.at;
    if (timer.place >= DUE) this.due.remove(timer);
    timer.at = at > this.time ? at : this.time;
    timer.order = this.armings++;
    timer.armed = true;
    if (later) return;
    if (timer.place >= 0) this.unlink(timer);
    this.place(timer);
  }

  cancel(timer: Timer): void {
    timer.armed = false;
    if (timer.place >= DUE) this.due.remove(timer);
    else if (timer.place >= 0) this.unlink(timer);
  }

  /**
   * The earliest time at which anything can be due, exact or early, Infinity when nothing is armed.
   * A driver with other events to run advances to the earlier of the two.
   */
  next(): number {
    const first = this.due.first();
    if (first) return first.at;
    if (this.held === 0) return Infinity;
    if (Number.isNaN(this.bound)) this.bound = this.firstSlot() * TICK;
    return this.bound;
  }

  /** Moves time to `to` nanoseconds and calls every timer due by then, in order. */
  advance(to: number): void {
    for (;;) {
      const first = this.due.first();
      if (first && first.at <= to) {
        this.due.remove(first);
        first.armed = false;
        if (first.at > this.time) this.time = first.at;
        first.expire(this.time);
        continue;
      }
      if (first) break;
      const at = this.next();
      if (at > to) break;
      this.turn(Math.floor(at / TICK));
    }
    if (to > this.time) this.time = to;
    if (this.held === 0 && this.due.length === 0) this.tick = Math.floor(this.time / TICK);
  }

  /** The tick at which the first slot in use begins. */
  private firstSlot(): number {
    let first = Infinity;
    for (let level = 0; level < LEVELS; level++) {
      if (this.used[level] === 0) continue;
      const width = WIDTHS[level];
      const here = Math.floor(this.tick / width);
      for (let ahead = 1; ahead <= SLOTS; ahead++) {
        if (!this.heads[level * SLOTS + slotOf(here + ahead)]) continue;
        first = Math.min(first, (here + ahead) * width);
        break;
      }
    }
    return first;
  }

  /** Goes to `tick`, re-sorting the slots of all wheels that begin there. */
  private turn(tick: number): void {
    this.tick = tick;
    this.bound = NaN;
    for (let level = LEVELS - 1; level >= 0; level--) {
      const turns = tick / WIDTHS[level];
      if (turns !== Math.floor(turns)) continue;
      const slot = level * SLOTS + slotOf(turns);
      for (let timer = this.heads[slot]; timer; timer = this.heads[slot]) {
        this.unlink(timer);
        this.place(timer);
      }
    }
  }

  private place(timer: Timer): void {
    let ahead = Math.floor(timer.at / TICK) - this.tick;
    if (ahead <= 0) {
      this.due.add(timer);
      return;
    }
    let level = 0;
    while (level < LEVELS - 1 && ahead >= WIDTHS[level + 1]) level++;
    // Beyond the coarsest wheel (52 days): its farthest slot, and sorted again from there.
    if (ahead > FARTHEST) ahead = FARTHEST;
    const width = WIDTHS[level];
    const slot = Math.floor((this.tick + ahead) / width);
    if (slot * width * TICK < this.bound) this.bound = slot * width * TICK;
    this.push(timer, level * SLOTS + slotOf(slot));
  }

  private push(timer: Timer, place: number): void {
    const head = this.heads[place];
    timer.next = head;
    timer.previous = null;
    if (head) head.previous = timer;
    this.heads[place] = timer;
    timer.place = place;
    this.held++;
    this.used[place >>> SLOT_BITS]++;
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
    this.used[place >>> SLOT_BITS]--;
  }
}
