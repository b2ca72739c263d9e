/** When connections arrive: nanoseconds since the origin, ascending. */
import type { RandomStream } from "../random.ts";

export interface Arrivals {
  /** Time of the next arrival, whole microseconds in nanoseconds. */
  next(): number;
}

/** Whole microseconds: what captures of the time resolved, and shorter on disk. */
export const microseconds = (seconds: number): number => Math.floor(seconds * 1e6) * 1000;

/** Poisson arrivals at a constant rate per second. */
export function poissonArrivals(rate: number, random: RandomStream): Arrivals {
  let seconds = 0;
  return {
    next() {
      seconds += random.exponential() / rate;
      return microseconds(seconds);
    },
  };
}

/**
 * Poisson arrivals whose rate changes from second to second: `rateAt(s)` is the rate in second s.
 * By time change: unit-rate arrivals are laid out along the integral of the rate.
 */
export function modulatedArrivals(
  rateAt: (second: number) => number,
  random: RandomStream,
): Arrivals {
  let second = 0;
  let rate = rateAt(0);
  /** How much of this second's integral is used. */
  let used = 0;
  return {
    next() {
      let wanted = random.exponential();
      while (wanted > rate - used) {
        wanted -= rate - used;
        rate = rateAt(++second);
        used = 0;
      }
      used += wanted;
      return microseconds(second + used / rate);
    },
  };
}

/**
 * Multipliers with mean 1 for burstiness: the exponential of a first-order autoregressive normal
 * process in steps of one second, correlation time `seconds`, standard deviation `sigma` of the
 * logarithm.
 */
export function burstFactor(sigma: number, seconds: number, random: RandomStream): () => number {
  const keep = Math.exp(-1 / seconds);
  const fresh = sigma * Math.sqrt(1 - keep * keep);
  let level = sigma * normal(random);
  return () => {
    level = keep * level + fresh * normal(random);
    return Math.exp(level - (sigma * sigma) / 2);
  };
}

/** A standard normal number: sum of 12 uniform ones less 6, near enough for a burst. */
function normal(random: RandomStream): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.unit();
  return sum;
}

/** The mean number of arrivals in the first `seconds` at a rate that changes by the second. */
export function expectedArrivals(rateAt: (second: number) => number, seconds: number): number {
  let sum = 0;
  for (let second = 0; second < seconds; second++) {
    sum += rateAt(second) * Math.min(1, seconds - second);
  }
  return sum;
}
