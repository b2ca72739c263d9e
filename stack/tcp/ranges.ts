/**
 * Ranges of sequence space, [from, to) in ascending order and apart from each other: what a peer
 * has acknowledged selectively, and what has arrived early. Touching ranges become one.
 */
import { seqGeq, seqGt, seqLeq, seqLt, seqMax, seqMin } from "./sequence.ts";

/** Ranges kept at most: a peer cannot make a connection remember more. */
export const MAX_RANGES = 128;

export class SeqRanges {
  /** `from` and `to` of each range in turn. */
  readonly pairs: number[] = [];

  get count(): number {
    return this.pairs.length >> 1;
  }

  /** Octets in all ranges. */
  get octets(): number {
    let sum = 0;
    for (let i = 0; i < this.pairs.length; i += 2) sum += (this.pairs[i + 1] - this.pairs[i]) | 0;
    return sum;
  }

  /**
   * Adds [from, to). The octets that were not there before; 0 also when it would have been one
   * range too many, in which case nothing is added.
   */
  add(from: number, to: number): number {
    const pairs = this.pairs;
    let first = 0;
    while (first < pairs.length && seqLt(pairs[first + 1], from)) first += 2;
    let end = first;
    let had = 0;
    while (end < pairs.length && seqLeq(pairs[end], to)) {
      had += (pairs[end + 1] - pairs[end]) | 0;
      end += 2;
    }
    if (end === first) {
      if (this.count >= MAX_RANGES) return 0;
      pairs.splice(first, 0, from, to);
      return (to - from) | 0;
    }
    const low = seqMin(from, pairs[first]);
    const high = seqMax(to, pairs[end - 1]);
    pairs[first] = low;
    pairs[first + 1] = high;
    if (end > first + 2) pairs.splice(first + 2, end - first - 2);
    return ((high - low) | 0) - had;
  }

  /** Forgets everything before `to`. */
  trimBefore(to: number): void {
    const pairs = this.pairs;
    let gone = 0;
    while (gone < pairs.length && seqLeq(pairs[gone + 1], to)) gone += 2;
    if (gone > 0) pairs.splice(0, gone);
    if (pairs.length > 0 && seqLt(pairs[0], to)) pairs[0] = to;
  }

  /** Forgets everything. */
  clear(): void {
    if (this.pairs.length > 0) this.pairs.length = 0;
  }

  /** Index into `pairs` of the range that holds `at`, −1 when none does. */
  rangeAt(at: number): number {
    for (let i = 0; i < this.pairs.length; i += 2) {
      if (seqLeq(this.pairs[i], at) && seqGt(this.pairs[i + 1], at)) return i;
    }
    return -1;
  }

  /** True when all of [from, to) is there. */
  covers(from: number, to: number): boolean {
    const i = this.rangeAt(from);
    return i >= 0 && seqGeq(this.pairs[i + 1], to);
  }
}
