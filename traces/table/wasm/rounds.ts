/**
 * Connections that fall silent are found by rounds over all of them, which packets pay for: so
 * little that it is hardly felt, and much where a round takes a good part of a time-out. So what has
 * fallen silent goes within a fraction of the time-out it had to wait for anyway.
 */
import { Activity } from "./activity.ts";
import { finish, idleTcp, idleUdp, isSilent } from "./closer.ts";
import { Hot } from "./record.ts";
import { cold, FIRST, hot, inUse, used } from "./records.ts";
import { CLOSE_IDLE, STATE_CLOSED, STATE_GONE } from "./state.ts";

/** Visits of a record for a packet. */
const VISITS_PER_PACKET: f64 = 1 / 16;
const VISITS_PER_LATE_PACKET: f64 = 16;
const ROUNDS_PER_TIMEOUT: f64 = 4;
/** What finding a record that nobody has costs, in visits. */
const EMPTY_VISIT: f64 = 1 / 8;
/** Connections that one call finishes at most: what is told of them must find room. */
const MOST_FINISHED: i32 = 1024;

/** Where the round stands, and the least time of a close that it has met. */
let next: i32 = FIRST;
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
 * `now`, a certain number at most. One may be finished late: whoever meets it before sees for
 * himself that it is over.
 */
export function visit(packets: i32, now: f64, activity: Activity): void {
  const isLate = now - began > min(idleTcp, idleUdp) / ROUNDS_PER_TIMEOUT;
  visits += <f64>packets * (isLate ? VISITS_PER_LATE_PACKET : VISITS_PER_PACKET);
  // Nobody has come yet.
  if (used === FIRST) return;
  let finished = 0;
  while (visits >= 1 && finished < MOST_FINISHED) {
    const record = next++;
    const line: Hot = hot(record);
    if ((line.state & STATE_GONE) !== 0) {
      visits -= EMPTY_VISIT;
    } else {
      visits--;
      if (isSilent(line, now)) {
        finish(record, CLOSE_IDLE, activity);
        finished++;
      } else {
        met = min(met, (line.state & STATE_CLOSED) === 0 ? line.last : cold(record).closedAt);
      }
    }
    // What a round has met is of use as soon as it is whole.
    if (next >= used) beginRound(now);
  }
  // What there was no need for is not saved up.
  visits = min(visits, <f64>(used - FIRST));
}

function beginRound(now: f64): void {
  earliest = min(met, opened);
  opened = Infinity;
  began = now;
  met = Infinity;
  next = FIRST;
}
