/**
 * Connections that fall silent are found by rounds over all of them, which packets pay for: so
 * little that it is hardly felt, and much where a round takes a good part of a time-out. So what has
 * fallen silent goes within a fraction of the time-out it had to wait for anyway.
 */
import { Activity, Columns } from "./activity.ts";
import { finish, idleTcp, idleUdp, isSilent } from "./closer.ts";
import { Hot } from "./record.ts";
import { cold, hot, inUse, used } from "./records.ts";
import { CLOSE_IDLE, STATE_CLOSED, STATE_GONE } from "./state.ts";

/** Visits of a record for a packet. */
const VISITS_PER_PACKET: f64 = 1 / 16;
const VISITS_PER_LATE_PACKET: f64 = 16;
const ROUNDS_PER_TIMEOUT: f64 = 4;

/** Where the round stands, and the least time of a close that it has met. */
let next: i32 = 0;
let met: f64 = Infinity;
/** The trace's time when this round began. */
let began: f64 = -Infinity;
/** The least time that a connection opened since then. */
let opened: f64 = Infinity;
/** What the last whole round met, and what opened since it began. */
let earliest: f64 = -Infinity;
/** Visits paid for. */
let visits: f64 = 0;

/** A time before which no connection closed that has not been reported. */
export function earliestClose(): f64 {
  // A round may have met nobody: what opened behind it is still to be visited.
  return inUse === 0 ? Infinity : min(earliest, opened);
}

/** Begins to look after a connection that has been opened at `time`. */
export function watch(time: f64): void {
  if (time < opened) opened = time;
}

/**
 * Visits as many connections as `packets` more pay for, and finishes those that are silent at
 * `now`, as far as `activity.closed` has room beyond `keep` rows. One may be finished late:
 * whoever meets it before sees for himself that it is over.
 */
export function visit(packets: i32, now: f64, activity: Activity, keep: i32): void {
  const isLate = now - began > min(idleTcp, idleUdp) / ROUNDS_PER_TIMEOUT;
  visits += <f64>packets * (isLate ? VISITS_PER_LATE_PACKET : VISITS_PER_PACKET);
  if (used === 0) return;
  const closed: Columns = activity.closed;
  for (; visits >= 1 && closed.capacity - keep > closed.count; visits--) {
    if (next >= used) beginRound(now);
    const record = next++;
    const line: Hot = hot(record);
    if ((line.state & STATE_GONE) !== 0) continue;
    if (isSilent(line, now)) {
      finish(record, CLOSE_IDLE, activity);
    } else {
      met = min(met, (line.state & STATE_CLOSED) === 0 ? line.last : cold(record).closedAt);
    }
  }
  // What there was no room or no need for is not saved up.
  visits = min(visits, <f64>used);
}

function beginRound(now: f64): void {
  earliest = min(met, opened);
  opened = Infinity;
  began = now;
  met = Infinity;
  next = 0;
}
