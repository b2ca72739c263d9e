/** Gives each packet its record, and each record what its packets do to it. */
import { Activity } from "./activity.ts";
import { close, finish, idleTcp, idleUdp, isOver } from "./closer.ts";
import { advance, beginsAnother, isFlowing } from "./conversation.ts";
import { open } from "./opener.ts";
import { coldOf, Hot, hotOf } from "./record.ts";
import { cold, hot } from "./records.ts";
import { watch } from "./rounds.ts";
import { KIND_UDP, NOBODY, ROW_BYTES, Row } from "./row.ts";
import { find, insert } from "./slots.ts";
import {
  CLIENT_SHIFT,
  CLOSE_IDLE,
  NOT_CLOSED,
  STATE_CLOSED,
  STATE_FOREIGN,
  STATE_GONE,
} from "./state.ts";

/** Latest time stamp seen since the trace's clock was last set back. */
export let clock: f64 = -Infinity;
/** Packets of the trace before those at hand. */
export let packets: f64 = 0;

/**
 * Follows the rows from `first` to `end`, whose records have been looked up. With `told`, what
 * became of them goes into the columns of `activity` from place `place` on.
 */
export function follow(first: usize, end: usize, place: i32, told: bool, activity: Activity): void {
  // Packets out of order are not as late as this: the clock that stamped them was set back.
  const setBack = max(idleTcp, idleUdp);
  for (let at = first; at < end; at += ROW_BYTES, place++) {
    const row = changetype<Row>(at);
    const time = row.time;
    if (time > clock || time < clock - setBack) clock = time;
    const record = recordOf(row, activity);
    if (record >= 0) {
      const line: Hot = hot(record);
      if (time > line.last) line.last = time;
      count(record, row);
      if (told) tell(line, record, row, place, activity);
    } else if (told) {
      store<i32>(activity.slot + ((<usize>place) << 2), -1);
      store<u8>(activity.fromServer + <usize>place, 0);
      store<i32>(activity.payload + ((<usize>place) << 2), row.payload);
    }
    packets++;
  }
}

/**
 * The record of a packet after what the packet did to it, or less than 0 for a packet of no
 * connection: what was looked up may have ended since or end now, what was not found may have begun
 * since or begin now.
 */
function recordOf(row: Row, activity: Activity): i32 {
  let record = row.found;
  if (record >= 0) {
    const line: Hot = hot(record);
    const idle = (line.state & KIND_UDP) !== 0 ? idleUdp : idleTcp;
    if (row.time - line.last <= idle) {
      if (isFlowing(line.state, row.flags)) return record;
      if ((line.state & (STATE_CLOSED | STATE_GONE)) === 0) return turn(record, row, activity);
    }
  }
  record = settle(row, activity);
  if (record < 0 || isFlowing(hot(record).state, row.flags)) return record;
  return turn(record, row, activity);
}

/** The record of a packet that may have found one that is over, or none. */
function settle(row: Row, activity: Activity): i32 {
  let record = row.found;
  if (record === NOBODY) return NOBODY;
  if (record < 0 || (hot(record).state & STATE_GONE) !== 0) record = find(row);
  if (record >= 0) {
    if (!isOver(record, row.time, packets)) return record;
    finish(record, CLOSE_IDLE, activity);
  }
  return begin(row, activity);
}

function begin(row: Row, activity: Activity): i32 {
  const record = open(row, activity);
  insert(row.hash, record);
  watch(row.time);
  return record;
}

/**
 * What a segment that does more than add to its connection does to it, or to the one it begins in
 * its place. Returns the record.
 */
function turn(known: i32, row: Row, activity: Activity): i32 {
  let record = known;
  if (beginsAnother(hot(record), row)) {
    finish(record, CLOSE_IDLE, activity);
    record = begin(row, activity);
  }
  const line: Hot = hot(record);
  if (row.time > line.last) line.last = row.time;
  const how = advance(line, row);
  if (how !== NOT_CLOSED) close(record, how, packets);
  return record;
}

/** Adds the packet to the sums of its record. */
function count(record: i32, row: Row): void {
  const line: Hot = hotOf(hot(record), row.end);
  line.packets++;
  const payload = line.payload + <u32>row.payload;
  line.payload = payload;
  // A counter of 32 bits has come round.
  if (payload < <u32>row.payload) coldOf(cold(record), row.end).payloadCarry++;
  const wire = line.wire + row.wire;
  line.wire = wire;
  if (wire < row.wire) coldOf(cold(record), row.end).wireCarry++;
}

/** Tells of the packet whose it is and which way it went. */
function tell(line: Hot, record: i32, row: Row, place: i32, activity: Activity): void {
  const state = line.state;
  const foreign = (state & STATE_FOREIGN) !== 0;
  const fromServer = row.end ^ ((state >>> CLIENT_SHIFT) & 1);
  store<i32>(activity.slot + ((<usize>place) << 2), foreign ? -1 : record);
  store<u8>(activity.fromServer + <usize>place, foreign ? 0 : <u8>fromServer);
  store<i32>(activity.payload + ((<usize>place) << 2), row.payload);
}
