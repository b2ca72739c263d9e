/** Real time for stacks: a timer wheel moved by the process's monotonic clock. */
import type { Clock, Timer } from "../../../stack/clock.ts";
import { TimerWheel } from "../../../stack/timer-wheel.ts";

const NANOSECONDS = 1e6;

export class RealClock implements Clock {
  private readonly wheel = new TimerWheel();
  private readonly origin = performance.now();
  private alarm: NodeJS.Timeout | null = null;
  /** When the alarm goes off, in nanoseconds of this clock; Infinity while none is set. */
  private alarmAt = Number.POSITIVE_INFINITY;

  now(): number {
    return Math.floor((performance.now() - this.origin) * NANOSECONDS);
  }

  /** Timers armed now. */
  get pending(): number {
    return this.wheel.pending;
  }

  schedule(timer: Timer, at: number): void {
    this.wheel.schedule(timer, at);
    if (at < this.alarmAt) this.setAlarm(at);
  }

  cancel(timer: Timer): void {
    this.wheel.cancel(timer);
  }

  /** Lets the process end though timers are armed. */
  stop(): void {
    if (this.alarm) clearTimeout(this.alarm);
    this.alarm = null;
  }

  private setAlarm(at: number): void {
    if (this.alarm) clearTimeout(this.alarm);
    this.alarmAt = at;
    const wait = Math.max(0, Math.ceil((at - this.now()) / NANOSECONDS));
    this.alarm = setTimeout(() => this.ring(), wait);
  }

  private ring(): void {
    this.alarm = null;
    this.alarmAt = Number.POSITIVE_INFINITY;
    this.wheel.advance(this.now());
    const next = this.wheel.next();
    if (next < this.alarmAt) this.setAlarm(next);
  }
}
