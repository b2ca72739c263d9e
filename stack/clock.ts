/**
 * What a stack asks of the world: the time, a wake-up call, and chance. Nothing in `stack/` has any
 * of the three by itself, so hundreds of stacks share one virtual clock, or one real one.
 *
 * Time is whole nanoseconds since the clock's own origin, in a double: exact for 104 days.
 */

export const MICROSECOND = 1_000;
export const MILLISECOND = 1_000_000;
export const SECOND = 1_000_000_000;

/** Supplies time and calls timers; see `TimerWheel` for the one both engines and tests drive. */
export interface Clock {
  /** Nanoseconds since the clock's origin; never decreases. */
  now(): number;
  /**
   * Arms `timer` to expire at `at` nanoseconds (at once, but never before the caller returns, when
   * that has passed). Re-arming an armed timer moves it. O(1), allocates nothing.
   */
  schedule(timer: Timer, at: number): void;
  /** Disarms `timer`; harmless when it is not armed. O(1). */
  cancel(timer: Timer): void;
}

/** Supplies chance; each stack is handed a stream of its own. */
export interface Random {
  /** The next unsigned 32-bit number. */
  word(): number;
}

/**
 * A wake-up call: made once by its owner (a connection, a reassembly queue), armed and disarmed any
 * number of times. The fields belong to the clock that it is armed on.
 */
export abstract class Timer {
  /** When it expires, in nanoseconds; meaningful while `armed`. */
  at = 0;
  armed = false;
  /** Order among timers due in the same nanosecond: first armed, first called. */
  order = 0;
  next: Timer | null = null;
  previous: Timer | null = null;
  /** Where the clock keeps it; -1 while it is in no list. */
  place = -1;

  /** Called once for each expiry, disarmed already: it may be armed again from here. */
  abstract expire(now: number): void;
}
