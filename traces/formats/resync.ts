/**
 * Finding one's feet again after a record that makes no sense: the next place from which several
 * records in a row do. No single header is believed, since payload holds anything.
 */
import type { ByteWindow } from "../byte-window.ts";

/** Records in a row that are believed, however little is known before them. */
export const CHAIN = 4;

/** A format's way to judge a record by its header alone. */
export interface RecordShape {
  /** Bytes of a record that must be there to judge it. */
  readonly header: number;
  /** Forgets the chain judged before: the next record judged is the first of a new one. */
  begin(): void;
  /**
   * Length of the record at position `at`, headers included, or 0 when it cannot be one, judged
   * strictly and against the records of the chain before it.
   * Only `view` up to `end` may be looked at, which holds at least the header.
   */
  judge(view: DataView, at: number, end: number): number;
  /**
   * What speaks against the chain judged since `begin`, though it may be one: of chains that exclude
   * each other the one with least is believed, and one with 0 at once.
   */
  readonly doubt: number;
}

/**
 * Whether a chain of records begins at `at`: `needed` of them, the last ending behind `beyond`; or
 * fewer that end exactly where the file does. Null when the window must hold more to tell, which it
 * was asked to.
 */
export function chainAt(
  window: ByteWindow,
  shape: RecordShape,
  at: number,
  beyond: number,
  needed = CHAIN,
): boolean | null {
  const { view, end } = window;
  shape.begin();
  let next = at;
  for (let found = 0; found < needed || next <= beyond; found++) {
    if (next + shape.header > end) {
      if (!window.ended) {
        window.want(next + shape.header);
        return null;
      }
      return found > 0 && (next === end || found >= needed - 1);
    }
    const length = shape.judge(view, next, end);
    if (length === 0) return false;
    next += length;
    // Of the whole record more may be seen, and what is found must not depend on how bytes come.
    if (next > end && !window.ended) {
      window.want(next);
      return null;
    }
  }
  return true;
}

/** Bytes behind the beginning of a chain in which its rivals are looked for. */
export const RIVALS = 16 << 10;

/** What a search came to, for this window. */
export type Search = { found: number } | { resume: number } | "none";

/**
 * First position in [`from`, `until`) where a chain begins that reaches behind `beyond`, or a better
 * one among its rivals; or where to resume once the window, which was asked to, holds more; or
 * `none` up to `until` or the end of the file. Looks at each position once and follows at most a few
 * records from it.
 */
export function findChain(
  window: ByteWindow,
  shape: RecordShape,
  from: number,
  until: number,
  beyond: number,
): Search {
  const { view, end } = window;
  const stop = Math.min(until, end - shape.header + 1);
  let at = from;
  for (; at < stop; at++) {
    shape.begin();
    if (shape.judge(view, at, end) === 0) continue;
    const verdict = chainAt(window, shape, at, beyond);
    if (verdict === true) return leastDoubted(window, shape, at, beyond);
    if (verdict === null) return { resume: at };
  }
  if (at >= until || window.ended) return "none";
  window.want(at + shape.header);
  return { resume: at };
}

/**
 * Of the chain just found at `first` and those that begin inside its first record, the one with least
 * doubt. Where all packets are of one length, a place some bytes beside a record may begin a chain as
 * long as the true one: what it takes for times gives it away.
 */
function leastDoubted(
  window: ByteWindow,
  shape: RecordShape,
  first: number,
  beyond: number,
): Search {
  const { view, end } = window;
  let best = first;
  let least = shape.doubt;
  if (least === 0) return { found: best };
  shape.begin();
  const stop = first + Math.min(RIVALS, shape.judge(view, first, end));
  for (let at = first + 1; at < stop && least > 0; at++) {
    shape.begin();
    if (shape.judge(view, at, end) === 0) continue;
    const verdict = chainAt(window, shape, at, beyond);
    if (verdict === null) return { resume: first };
    if (!verdict || shape.doubt >= least) continue;
    best = at;
    least = shape.doubt;
  }
  return { found: best };
}
