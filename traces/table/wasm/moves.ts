/**
 * What connections move in windows of time. A record's sums tell it: only which records moved
 * anything is noted, and when the window is over, how much more their sums are than they were.
 */
import { Activity } from "./activity.ts";
import { noteAhead } from "./ahead.ts";
import { append, List, makeList, reserve } from "./list.ts";
import { MOVE_BYTES, Move } from "./move.ts";
import { Carry, carryOf, Hot, hotOf } from "./record.ts";
import { carry, cold, hot } from "./records.ts";
import { Row } from "./row.ts";
import { CLIENT_SHIFT, FOREIGN, MOVING, STATE_CARRIED, STATE_MOVING, STATE_TOLD } from "./state.ts";

/** What a counter of 32 bits has counted when it has come round. */
const ROUND: f64 = 4294967296;
const WORD: usize = 4;
/** Bytes of numbers of records that are told of at once. */
const AT_ONCE: usize = 64 * WORD;

/** Nanoseconds of a window; 0 where nobody asks. */
let windowNs: f64 = 0;
/** Whose bytes do not count: 0 of clients, 1 of servers, 2 of nobody. */
let unwanted: i32 = 2;
/** Whether whole frames count, or payload alone; and where a row has that. */
let onWire: bool = false;
let amountAt: usize = 0;

/** The window that packets are in, and its bounds in nanoseconds. */
let current: f64 = 0;
let from: f64 = 0;
let to: f64 = -Infinity;
/** Records that moved anything in it; some may be there twice, or have gone. */
let moving: List = changetype<List>(0);
let movingEnd: usize = 0;

export function beginMoves(nanoseconds: f64, ofFrames: bool, sender: i32): void {
  windowNs = nanoseconds;
  onWire = ofFrames;
  amountAt = ofFrames ? offsetof<Row>("wire") : offsetof<Row>("payload");
  unwanted = sender;
  moving = makeList();
  movingEnd = moving.first;
}

/** Whether anybody asks. */
export function areTold(): bool {
  return windowNs > 0;
}

/** Makes room for the notes of `packets` packets. */
export function reserveMoves(packets: i32): void {
  moving.used = movingEnd - moving.first;
  reserve(moving, moving.used + <usize>packets * WORD);
  movingEnd = moving.first + moving.used;
}

/** Notes a packet that is about to be counted; `reserveMoves` has made room for that. */
export function noteMove(line: Hot, record: i32, row: Row, activity: Activity): void {
  const time = row.time;
  const amount = load<u32>(changetype<usize>(row) + amountAt);
  if (time >= to) {
    turnTo(time, activity);
  } else if (time < from) {
    if (moves(line.state, row.end, amount) !== 0) tellLate(line, record, time, amount, activity);
    return;
  }
  const state = line.state;
  const now = moves(state, row.end, amount);
  line.state = state | (now << MOVING);
  // Half of all packets carry nothing, and no branch foretells which.
  store<i32>(movingEnd, record);
  movingEnd += <usize>(now & ~(state >>> MOVING)) * WORD;
}

/** 1 when a packet of `amount` bytes from end `end` moves any that are asked for, else 0. */
function moves(state: i32, end: i32, amount: u32): i32 {
  return <i32>(amount !== 0) & counts(state, end) & ~(state >>> FOREIGN);
}

/** 1 when what end `end` sends counts, else 0. */
function counts(state: i32, end: i32): i32 {
  return <i32>(((end ^ (state >>> CLIENT_SHIFT)) & 1) !== unwanted);
}

/** Ends the window and begins that of `time`. */
function turnTo(time: f64, activity: Activity): void {
  tellMoving(activity);
  current = floor(time / windowNs);
  from = current * windowNs;
  to = from + windowNs;
}

/** Tells all that has moved in this window so far. */
export function tellMoving(activity: Activity): void {
  const last = movingEnd;
  for (let at = moving.first; at < last; at += AT_ONCE) {
    tellAll(at, min(at + AT_ONCE, last), activity);
  }
  movingEnd = moving.first;
}

/** Tells what the records from `first` to `last` have moved; they have not been used for long. */
function tellAll(first: usize, last: usize, activity: Activity): void {
  let sum: u32 = 0;
  for (let at = first; at < last; at += WORD) {
    const record = load<i32>(at);
    sum ^= <u32>hot(record).state ^ load<u32>(changetype<usize>(cold(record)));
  }
  noteAhead(sum);
  for (let at = first; at < last; at += WORD) {
    const record = load<i32>(at);
    if ((hot(record).state & STATE_MOVING) !== 0) tellMoved(record, activity);
  }
}

/** Tells what a record has moved in this window so far. */
export function tellMoved(record: i32, activity: Activity): void {
  const line = hot(record);
  const state = line.state;
  const sum = sumOf(line, record, 0) + sumOf(line, record, 1);
  tell(activity, current, record, sum - before(line, record), false);
  line.state = (state & ~STATE_MOVING) | STATE_TOLD;
  cold(record).told = sum;
}

/** Tells of a packet of a window that is over. */
function tellLate(line: Hot, record: i32, time: f64, amount: u32, activity: Activity): void {
  tell(activity, floor(time / windowNs), record, <f64>amount, true);
  cold(record).told = before(line, record) + <f64>amount;
  line.state |= STATE_TOLD;
}

/**
 * Of a client that turns out to be the server: what came before counts as it did when the state was
 * `earlier`.
 */
export function turnAround(record: i32, earlier: i32, activity: Activity): void {
  if (!areTold()) return;
  const line = hot(record);
  const after = line.state;
  line.state = earlier;
  if ((earlier & STATE_MOVING) !== 0) tellMoved(record, activity);
  line.state = (after & ~STATE_MOVING) | STATE_TOLD;
  cold(record).told = sumOf(line, record, 0) + sumOf(line, record, 1);
}

/** What a record had moved when it was last told of. */
function before(line: Hot, record: i32): f64 {
  return (line.state & STATE_TOLD) !== 0 ? cold(record).told : 0;
}

/** What end `end` has moved of what is asked for. */
function sumOf(line: Hot, record: i32, end: i32): f64 {
  const sums: Hot = hotOf(line, end);
  let sum = <f64>(onWire ? sums.wire : sums.payload);
  if ((line.state & STATE_CARRIED) !== 0) {
    const carried: Carry = carryOf(carry(record), end);
    sum += ROUND * <f64>(onWire ? carried.wire : carried.payload);
  }
  return select<f64>(sum, 0, counts(line.state, end) !== 0);
}

function tell(activity: Activity, window: f64, record: i32, bytes: f64, late: bool): void {
  const move = changetype<Move>(append(activity.moved, MOVE_BYTES));
  move.window = window;
  move.bytes = bytes;
  move.slot = record;
  move.late = late;
}
