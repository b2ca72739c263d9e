/** Gives each packet its record, and each record what its packets do to it. */
import { Activity } from "./activity.ts";
import { close, finish, idleTcp, idleUdp, isOver } from "./closer.ts";
import { advance, beginsAnother, isFlowing } from "./conversation.ts";
import { areTold, noteMove, turnAround } from "./moves.ts";
import { open } from "./opener.ts";
import { Carry, carryOf, clearCarry, Hot, hotOf } from "./record.ts";
import { carry, hot } from "./records.ts";
import { watch } from "./rounds.ts";
import { KIND_UDP, NOBODY, ROW_BYTES, Row, UNKNOWN } from "./row.ts";
import { find, insert, isOther, recordOf } from "./slots.ts";
import {
  CLIENT_SHIFT,
  CLOSE_IDLE,
  NOT_CLOSED,
  STATE_CARRIED,
  STATE_CLIENT_B,
  STATE_CLOSED,
  STATE_FOREIGN,
  STATE_GONE,
} from "./state.ts";

/** Latest time stamp seen since the trace's clock was last set back. */
export let clock: f64 = -Infinity;
/** Packets of the trace before those at hand. */
export let packets: i64 = 0;

/** Nanoseconds that a stamp is early at least when the clock was set back: packets out of order are less. */
let setBack: f64 = 0;

export function beginFollowing(): void {
  setBack = max(idleTcp, idleUdp);
}

/**
 * Follows the rows from `first` to `end`, whose records have been looked up. With `told`, what
 * became of them goes into the columns of `activity` from place `place` on.
 */
export function follow(first: usize, end: usize, place: i32, told: bool, activity: Activity): void {
  const moves = areTold();
  for (let at = first; at < end; at += ROW_BYTES) {
    const row = changetype<Row>(at);
    const time = row.time;
    if (time > clock) clock = time;
    else if (time < clock - setBack) clock = time;
    let record = recordOf(row.entry);
    let line: Hot = hot(record);
    const idle = select<f64>(idleUdp, idleTcp, (line.state & KIND_UDP) !== 0);
    const silent = <i32>(time - line.last > idle);
    const over = (line.state & (STATE_CLOSED | STATE_GONE)) | silent;
    if ((over | <i32>isOther(record, row) | (row.kind >>> 31)) !== 0) {
      record = settle(row, packets + numberIn(first, at), activity);
      if (record < 0) {
        if (told) tell(-1, 0, row, place + numberIn(first, at), activity);
        continue;
      }
      line = hot(record);
    }
    if (isFlowing(line.state, row.flags)) {
      if (time > line.last) line.last = time;
    } else {
      record = turn(record, row, packets + numberIn(first, at), activity);
      line = hot(record);
    }
    if (moves) noteMove(line, record, row, activity);
    count(line, record, row);
    if (told) tellOf(line, record, row, place + numberIn(first, at), activity);
  }
  packets += numberIn(first, end);
}

/** Rows from `first` to `at`. */
function numberIn(first: usize, at: usize): i32 {
  return <i32>((at - first) / ROW_BYTES);
}

/** The record of packet number `packet`, which may have found one that is over, or none. */
function settle(row: Row, packet: i64, activity: Activity): i32 {
  if (row.kind < 0) return NOBODY;
  const record = find(row);
  if (record !== UNKNOWN) {
    if (!isOver(record, row.time, packet)) return record;
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
 * What a segment that does more than add to its connection, packet number `packet`, does to it or to
 * the one it begins in its place. Returns the record.
 */
function turn(known: i32, row: Row, packet: i64, activity: Activity): i32 {
  let record = known;
  if (beginsAnother(hot(record), row)) {
    finish(record, CLOSE_IDLE, activity);
    record = begin(row, activity);
  }
  const line: Hot = hot(record);
  if (row.time > line.last) line.last = row.time;
  const before = line.state;
  const how = advance(line, row);
  if (((before ^ line.state) & STATE_CLIENT_B) !== 0) turnAround(record, before, activity);
  if (how !== NOT_CLOSED) close(record, how, packet);
  return record;
}

/** Adds the packet to the sums of its record. */
function count(hot: Hot, record: i32, row: Row): void {
  const line: Hot = hotOf(hot, row.end);
  line.packets++;
  const payload = line.payload + <u32>row.payload;
  line.payload = payload;
  // A counter of 32 bits has come round.
  if (payload < <u32>row.payload) carryOf(carryIn(hot, record), row.end).payload++;
  const wire = line.wire + row.wire;
  line.wire = wire;
  if (wire < row.wire) carryOf(carryIn(hot, record), row.end).wire++;
}

/** What a record carries, nothing at first. */
function carryIn(line: Hot, record: i32): Carry {
  const carried = carry(record);
  if ((line.state & STATE_CARRIED) === 0) {
    line.state |= STATE_CARRIED;
    clearCarry(carried);
  }
  return carried;
}

/** Tells of a packet whose it is and which way it went. */
function tellOf(line: Hot, record: i32, row: Row, place: i32, activity: Activity): void {
  const foreign = (line.state & STATE_FOREIGN) !== 0;
  const fromServer = row.end ^ ((line.state >>> CLIENT_SHIFT) & 1);
  tell(foreign ? -1 : record, foreign ? 0 : fromServer, row, place, activity);
}

function tell(slot: i32, fromServer: i32, row: Row, place: i32, activity: Activity): void {
  store<i32>(activity.slot + ((<usize>place) << 2), slot);
  store<u8>(activity.fromServer + <usize>place, <u8>fromServer);
  store<i32>(activity.payload + ((<usize>place) << 2), row.payload);
}
