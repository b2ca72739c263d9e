/** What JavaScript calls (connection-table.ts). */
import { Activity } from "./activity.ts";
import { sweep } from "./address-book.ts";
import { beginClosing, finishAll, finishLingering, touched } from "./closer.ts";
import { clock, follow, packets } from "./follow.ts";
import { lookUp, makeKeys } from "./keys.ts";
import { beginLingering } from "./linger.ts";
import { shareHeap } from "./memory.ts";
import { beginOpening } from "./opener.ts";
import { inUse, recycle, reserveRecords } from "./records.ts";
import { earliestClose, visit } from "./rounds.ts";
import { ROW_BYTES } from "./row.ts";
import { reserveSlots } from "./slots.ts";

export { touched };

let told: bool = false;
let settledTo: f64 = -Infinity;

/** Word of a trace's memory that says how much of it is given out (trace-memory.ts). */
const TAKEN: usize = 0;

/** Begins a table in the memory of a trace; see `TableOptions`. */
export function begin(idleTcp: f64, idleUdp: f64, hasService: bool, isTold: bool): void {
  told = isTold;
  shareHeap(TAKEN);
  beginLingering();
  beginClosing(idleTcp, idleUdp);
  beginOpening(hasService, isTold);
}

/** Connections followed now, those that linger included. */
export function size(): i32 {
  return inUse;
}

/** Begins a group of packets: what the last one closed gives its slots free. */
export function beginGroup(): void {
  recycle();
}

/**
 * Takes in the `count` rows at `rows`, with IPv6 addresses at `v6`: packets `place …` of a group.
 * `keep` rows of `activity.closed` are to be left for what comes behind them.
 */
export function take(
  rows: usize,
  v6: usize,
  count: i32,
  place: i32,
  keep: i32,
  activity: Activity,
): void {
  reserveRecords(count);
  reserveSlots();
  const end = rows + <usize>count * ROW_BYTES;
  makeKeys(rows, end, v6);
  lookUp(rows, end);
  follow(rows, end, place, told, activity);
  finishLingering(packets, activity);
  visit(count, clock, activity, keep);
  sweep();
}

/** Reports what is left, the trace being over, until nothing is left or there is no more room. */
export function end(activity: Activity): void {
  finishAll(clock, activity);
  sweep();
}

/** `Activity.settled`: every close before this time has been reported. */
export function settled(): f64 {
  const now = min(clock, earliestClose());
  if (now > settledTo) settledTo = now;
  return settledTo;
}
