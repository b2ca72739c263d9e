/**
 * Timers by time and order of arming: a binary heap whose entries know their place, so that any of
 * them can be taken out. Holds what is due within a millisecond; `TimerWheel` keeps the rest.
 */
import type { Timer } from "./clock.ts";

const isBefore = (a: Timer, b: Timer): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

export class TimerHeap {
  private readonly timers: Timer[] = [];
  /** Added to an index to make a timer's `place`. */
  private readonly base: number;

  constructor(base: number) {
    this.base = base;
  }

  get length(): number {
    return this.timers.length;
  }

  /** The next to expire, null when there is none. */
  first(): Timer | null {
    return this.timers.length > 0 ? this.timers[0] : null;
  }

  add(timer: Timer): void {
    this.timers.push(timer);
    this.rise(timer, this.timers.length - 1);
  }

  /** Takes out a timer whose `place` says that it is here. */
  remove(timer: Timer): void {
    const index = timer.place - this.base;
    timer.place = -1;
    const last = this.timers.pop();
    if (!last || last === timer) return;
    if (index > 0 && isBefore(last, this.timers[(index - 1) >> 1])) this.rise(last, index);
    else this.sink(last, index);
  }

  *[Symbol.iterator](): Generator<Timer> {
    yield* this.timers;
  }

  private rise(timer: Timer, from: number): void {
    let index = from;
    while (index > 0) {
      const parent = this.timers[(index - 1) >> 1];
      if (!isBefore(timer, parent)) break;
      this.put(parent, index);
      index = (index - 1) >> 1;
    }
    this.put(timer, index);
  }

  private sink(timer: Timer, from: number): void {
    const { timers } = this;
    let index = from;
    for (let child = 2 * index + 1; child < timers.length; child = 2 * index + 1) {
      if (child + 1 < timers.length && isBefore(timers[child + 1], timers[child])) child++;
      if (!isBefore(timers[child], timer)) break;
      this.put(timers[child], index);
      index = child;
    }
    this.put(timer, index);
  }

  private put(timer: Timer, index: number): void {
    this.timers[index] = timer;
    timer.place = this.base + index;
  }
}
