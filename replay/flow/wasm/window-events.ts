/** Puts what happened in one window, gathered in any order of closes, into the order of events. */
import { push } from "./block.ts";
import { CLOSED_BYTES, Closed, sortByTime } from "./close-order.ts";
import { BYTES, CLOSE, OPEN } from "./event.ts";
import { append, List, makeList, reserve } from "./list.ts";
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

/**
 * Per slot: not open, open, or where the close stands that came before its open, at the same time,
 * and waits for it.
 */
let states: List = changetype<List>(0);
const NOT_OPEN: usize = 0;
const IS_OPEN: usize = 1;

export function beginEvents(): void {
  opens = makeList();
  closes = makeList();
  moves = makeList();
  other = makeList();
  runs = makeList();
  states = makeList();
}

/** Times are nanoseconds from the window's beginning; opens come in order. */
export function gatherOpen(slot: i32, time: f64): void {
  const opened = changetype<Opened>(append(opens, OPENED_BYTES));
  opened.time = time;
  opened.slot = slot;
}

export function gatherClose(slot: i32, time: f64, payload: f64): void {
  const closed = changetype<Closed>(append(closes, CLOSED_BYTES));
  closed.time = time;
  closed.payload = payload;
  closed.slot = slot;
}

export function gatherMove(slot: i32, bytes: f64): void {
  const moved = changetype<Moved>(append(moves, MOVED_BYTES));
  moved.bytes = bytes;
  moved.slot = slot;
}

function state(slot: i32): usize {
  return states.first + ((<usize>slot) << 2);
}

/** Writes the window's events. Bytes come last: their connections are known by then, closed or not. */
export function emit(): void {
  reserve(states, (<usize>bound) << 2);
  sortByTime(closes, other, runs);
  const lastOpen = opens.first + opens.used;
  const lastClose = closes.first + closes.used;
  let close = closes.first;
  for (let at = opens.first; at < lastOpen; at += OPENED_BYTES) {
    const opened = changetype<Opened>(at);
    const now = opened.time;
    for (; close < lastClose && changetype<Closed>(close).time <= now; close += CLOSED_BYTES) {
      const place = state(changetype<Closed>(close).slot);
      // Opens and closes at this very time: it has to wait for its own open.
      if (load<usize>(place) === IS_OPEN) emitClose(close);
      else store<usize>(place, close);
    }
    push(OPEN, opened.slot, 0, 0);
    const place = state(opened.slot);
    const early = load<usize>(place);
    store<usize>(place, IS_OPEN);
    if (early > IS_OPEN) emitClose(early);
  }
  for (; close < lastClose; close += CLOSED_BYTES) emitClose(close);
  emitMoves();
  opens.used = 0;
  closes.used = 0;
}

function emitClose(place: usize): void {
  const closed = changetype<Closed>(place);
  store<usize>(state(closed.slot), NOT_OPEN);
  push(CLOSE, closed.slot, 0, closed.payload);
}

function emitMoves(): void {
  const last = moves.first + moves.used;
  for (let at = moves.first; at < last; at += MOVED_BYTES) {
    const moved = changetype<Moved>(at);
    push(BYTES, moved.slot, moved.bytes, 0);
  }
  moves.used = 0;
}
