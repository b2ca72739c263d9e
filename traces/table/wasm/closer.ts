/** How connections end: by their own FINs and RSTs, by falling silent, or with the trace. */
import { Activity, Columns } from "./activity.ts";
import { letGo } from "./address-book.ts";
import { noteAhead } from "./ahead.ts";
import {
  dropLingering,
  LINGER_PACKETS,
  lingering,
  lingeringBefore,
  pushLingering,
} from "./linger.ts";
import { tellMoved } from "./moves.ts";
import { closedBy, Hot, setClosedBy } from "./record.ts";
import { cold, giveRecord, hot, inUse, used } from "./records.ts";
import { reportConnection } from "./report.ts";
import { KIND_UDP, KIND_V6 } from "./row.ts";
import { remove, touch } from "./slots.ts";
import {
  CLOSE_IDLE,
  CLOSE_OPEN,
  CLOSE_SHIFT,
  STATE_CLOSED,
  STATE_FOREIGN,
  STATE_GONE,
  STATE_MOVING,
} from "./state.ts";

/** Idle time-outs in nanoseconds. */
export let idleTcp: f64 = 0;
export let idleUdp: f64 = 0;

export function beginClosing(tcp: f64, udp: f64): void {
  idleTcp = tcp;
  idleUdp = udp;
}

/** Whether the connection, open or closed, has been silent for its time-out at `time`. */
export function isSilent(line: Hot, time: f64): bool {
  return time - line.last > ((line.state & KIND_UDP) !== 0 ? idleUdp : idleTcp);
}

/** Whether packet number `packet` at `time` finds the connection over, reported or not. */
export function isOver(record: i32, time: f64, packet: i64): bool {
  const line: Hot = hot(record);
  if (isSilent(line, time)) return true;
  if ((line.state & STATE_CLOSED) === 0) return false;
  return closedBy(line) < packet - LINGER_PACKETS;
}

/** Closes a connection with packet number `packet`, and lets it linger. */
export function close(record: i32, how: i32, packet: i64): void {
  const line: Hot = hot(record);
  line.state |= STATE_CLOSED | (how << CLOSE_SHIFT);
  cold(record).closedAt = line.last;
  setClosedBy(line, packet);
  pushLingering(record, packet);
}

/**
 * Reports a connection and forgets it. Unless it closed before, it ends with its last packet, and
 * `how` it did is `CLOSE_IDLE` (also when its 4-tuple is used again) or `CLOSE_OPEN`.
 */
export function finish(record: i32, how: i32, activity: Activity): void {
  const line: Hot = hot(record);
  const state = line.state;
  if ((state & STATE_CLOSED) === 0) {
    line.state = state | (how << CLOSE_SHIFT);
    cold(record).closedAt = line.last;
  }
  if ((state & STATE_MOVING) !== 0) tellMoved(record, activity);
  if ((state & STATE_FOREIGN) === 0) reportConnection(activity.closed, record);
  remove(record);
  if ((state & KIND_V6) !== 0) {
    letGo(line.a);
    letGo(line.b);
  }
  giveRecord(record);
}

/**
 * Finishes those that have lingered for long enough, once the packets before number `packet` have
 * been counted. What that needs has not been used for long: it is touched first, one record after
 * the other without a branch in between, so that the delays of memory overlap.
 */
export function finishLingering(packet: i64, activity: Activity): void {
  const over = packet - LINGER_PACKETS;
  const ready = lingeringBefore(over);
  let sum: u32 = 0;
  for (let i = 0; i < ready; i++) {
    const record = lingering(i);
    sum ^= <u32>hot(record).state ^ touch(record) ^ load<u32>(changetype<usize>(cold(record)));
  }
  noteAhead(sum);
  for (let i = 0; i < ready; i++) {
    const record = lingering(i);
    const line: Hot = hot(record);
    if ((line.state & (STATE_CLOSED | STATE_GONE)) !== STATE_CLOSED) continue;
    if (closedBy(line) < over) finish(record, CLOSE_IDLE, activity);
  }
  dropLingering(ready);
}

/**
 * Connections that `finishAll` tells of at once, for which every group has room (activity-columns.ts):
 * what is written again stays cached.
 */
const ENDED_AT_ONCE: i32 = 2048;
/** Where `finishAll` has come to. */
let ended: i32 = 0;

/** Finishes some of the connections that are left, the trace having ended at `now`. */
export function finishAll(now: f64, activity: Activity): void {
  const closed: Columns = activity.closed;
  for (; ended < used && inUse > 0; ended++) {
    const line: Hot = hot(ended);
    if ((line.state & STATE_GONE) !== 0) continue;
    if (closed.count === ENDED_AT_ONCE) return;
    finish(ended, isSilent(line, now) ? CLOSE_IDLE : CLOSE_OPEN, activity);
  }
}
