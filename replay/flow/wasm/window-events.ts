/** Puts what happened in one window, gathered in any order of closes, into the order of events. */

import { append, List, makeList, reserve } from "../../../traces/table/wasm/list.ts";
import { push } from "./block.ts";
import { CLOSED_BYTES, Closed, sortByTime } from "./close-order.ts";
import { BYTES, CLOSE, OPEN } from "./event.ts";
import { bound } from "./own-slots.ts";

@unmanaged
class Opened {
  time: f64;
  slot: i32;
}

@unmanaged
class Moved {
  bytes: f64;
  slot: i32;
}

const OPENED_BYTES: usize = 16;
const MOVED_BYTES: usize = 16;

let opens: List = changetype<List>(0);
let closes: List = changetype<List>(0);
let moves: List = changetype<List>(0);
let other: List = changetype<List>(0);
let runs: List = changetype<List>(0);

/** Per slot: where the close stands that came before its open, at the same time, or 0. */
let early: List = changetype<List>(0);
/** How many of them there are now. */
let waiting: i32 = 0;

export function beginEvents(): void {
  opens = makeList();
  closes = makeList();
  moves = makeList();
  other = makeList();
  runs = makeList();
  early = makeList();
}

/** Times are nanoseconds from the window's beginning; opens come in order. */
export function gatherOpen(slot: i32, time: f64): void {
  const opened = changetype<Opened>(append(opens, OPENED_BYTES));
  opened.time = time;
  opened.slot = slot;
}

/** `instant` is what opens at this very time. */
export function gatherClose(slot: i32, time: f64, payload: f64, instant: bool): void {
  const closed = changetype<Closed>(append(closes, CLOSED_BYTES));
  closed.time = time;
  closed.payload = payload;
  closed.slot = slot;
  closed.instant = instant;
}

export function gatherMove(slot: i32, bytes: f64): void {
  const moved = changetype<Moved>(append(moves, MOVED_BYTES));
  moved.bytes = bytes;
  moved.slot = slot;
}

function earlyOf(slot: i32): usize {
  return early.first + ((<usize>slot) << 2);
}

/** Writes the window's events. Bytes come last: their connections are known by then, closed or not. */
export function emit(): void {
  reserve(early, (<usize>bound) << 2);
  sortByTime(closes, other, runs);
  const lastOpen = opens.first + opens.used;
  const lastClose = closes.first + closes.used;
  let close = closes.first;
  for (let at = opens.first; at < lastOpen; at += OPENED_BYTES) {
    const opened = changetype<Opened>(at);
    const now = opened.time;
    for (; close < lastClose && changetype<Closed>(close).time <= now; close += CLOSED_BYTES) {
      if (changetype<Closed>(close).instant) postpone(close);
      else emitClose(close);
    }
    push(OPEN, opened.slot, 0, 0);
    if (waiting > 0) emitEarly(opened.slot);
  }
  for (; close < lastClose; close += CLOSED_BYTES) emitClose(close);
  emitMoves();
  opens.used = 0;
  closes.used = 0;
}

function emitClose(place: usize): void {
  const closed = changetype<Closed>(place);
  push(CLOSE, closed.slot, 0, closed.payload);
}

/** A close that has to wait for its own open, which comes at the same time. */
function postpone(place: usize): void {
  store<usize>(earlyOf(changetype<Closed>(place).slot), place);
  waiting++;
}

/** The close of what has just opened, if it came before. */
function emitEarly(slot: i32): void {
  const place = load<usize>(earlyOf(slot));
  if (place === 0) return;
  store<usize>(earlyOf(slot), 0);
  waiting--;
  emitClose(place);
}

function emitMoves(): void {
  const last = moves.first + moves.used;
  for (let at = moves.first; at < last; at += MOVED_BYTES) {
    const moved = changetype<Moved>(at);
    push(BYTES, moved.slot, moved.bytes, 0);
  }
  moves.used = 0;
}
