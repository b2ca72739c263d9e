/** Points of the network where packets can be captured. */
import type { Mbuf } from "../../stack/mbuf.ts";

/** Sees packets pass; must not keep or change them. */
export interface Tap {
  take(now: number, m: Mbuf): void;
}

/** Several taps at one point. */
export class Taps implements Tap {
  private readonly taps: readonly Tap[];

  constructor(taps: readonly Tap[]) {
    this.taps = taps;
  }

  take(now: number, m: Mbuf): void {
    for (const tap of this.taps) tap.take(now, m);
  }
}
