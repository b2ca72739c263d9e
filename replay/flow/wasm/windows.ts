/**
 * Windows of time, which are numbers in doubles: clocks of captures may be anywhere. Which of them
 * have been decided, and which is the first.
 */
const NEVER: f64 = -Infinity;

export let windowNs: f64 = 0;
/** The first window of all, and the first one not yet handed on. */
export let first: f64 = NEVER;
export let undecided: f64 = NEVER;

export function beginWindows(nanoseconds: f64): void {
  windowNs = nanoseconds;
}

/** Whether anything has happened yet. */
export function hasBegun(): bool {
  return first !== NEVER;
}

/** The window of a time, or the first one that can still be told about. */
export function windowAt(time: f64): f64 {
  const window = floor(time / windowNs);
  if (first === NEVER) {
    first = window;
    undecided = window;
  }
  return openWindow(window);
}

/** The window itself, or the first one that can still be told about. */
export function openWindow(window: f64): f64 {
  return max(window, undecided);
}

/** Whole nanoseconds from the beginning of a window to a time in it. */
export function within(time: f64, window: f64): f64 {
  return max(0, floor(time - window * windowNs));
}

/** All windows before `window` have been decided. */
export function decideUntil(window: f64): void {
  undecided = window;
}
