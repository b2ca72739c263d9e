/**
 * A capture's packets become events. That a connection has gone idle is known only a time-out after
 * its last packet, so what happened is kept, packed, until its window is settled.
 */

import { MOVE_BYTES, Move } from "../../../traces/table/wasm/move.ts";
import { handOn, push } from "./block.ts";
import { WINDOW } from "./event.ts";
import { bound, takeSlot } from "./own-slots.ts";
import { earliest } from "./pending.ts";
import {
  beginTableSlots,
  openingOf,
  ownOf,
  readSlots,
  reserveSlots,
  setOwn,
} from "./table-slots.ts";
import { emit } from "./window-events.ts";
import { drain, logClosed, logMoved, logOpened, logReleased } from "./window-log.ts";
import {
  beginWindows,
  decideUntil,
  first,
  hasBegun,
  openWindow,
  undecided,
  windowAt,
  windowNs,
  within,
} from "./windows.ts";

const NEVER: f64 = -Infinity;
const WORD: usize = 4;
const DOUBLE: usize = 8;

let latestOpen: f64 = NEVER;
/** The latest window in which any connection moved bytes. */
let latestMoved: f64 = NEVER;

export function beginTimeline(nanoseconds: f64): void {
  beginWindows(nanoseconds);
  beginTableSlots();
}

/**
 * Connections that open, in order of start; writes our slots for them to `given`, and returns the
 * number that all slots are below.
 */
export function takeOpened(count: i32, slots: usize, starts: usize, given: usize): i32 {
  reserveSlots(count, slots);
  readSlots(count, slots);
  for (let row: usize = 0; row < <usize>count; row++) {
    const slot = load<i32>(slots + row * WORD);
    // Packets may be out of order in a capture; connections open in the order they are numbered.
    const time = max(load<f64>(starts + row * DOUBLE), latestOpen);
    latestOpen = time;
    const own = takeSlot();
    store<i32>(given + row * WORD, own);
    setOwn(slot, own);
    const window = windowAt(time);
    const opening = openingOf(slot);
    opening.time = time;
    opening.window = window;
    logOpened(window, own, within(time, window));
  }
  return bound;
}

/** What connections moved: the `count` moves at `moves`. */
export function takeMoved(count: i32, moves: usize): void {
  const last = moves + <usize>count * MOVE_BYTES;
  for (let at = moves; at < last; at += MOVE_BYTES) {
    const moved = changetype<Move>(at);
    const slot = moved.slot;
    let window = moved.window;
    // Nothing moves before its connection opens.
    if (moved.late) window = openWindow(max(window, openingOf(slot).window));
    logMoved(window, ownOf(slot), moved.bytes);
    latestMoved = max(window, latestMoved);
  }
}

/** Connections whose end is known. */
export function takeClosed(
  count: i32,
  slots: usize,
  starts: usize,
  durations: usize,
  clientBytes: usize,
  serverBytes: usize,
): void {
  readSlots(count, slots);
  for (let row: usize = 0; row < <usize>count; row++) {
    const slot = load<i32>(slots + row * WORD);
    const own = ownOf(slot);
    const at = row * DOUBLE;
    const opening = openingOf(slot);
    const opens = opening.time;
    const time = max(load<f64>(starts + at) + load<f64>(durations + at), opens);
    const window = windowAt(time);
    const place = within(time, window);
    const instant = window === opening.window && place === within(opens, window);
    const payload = load<f64>(clientBytes + at) + load<f64>(serverBytes + at);
    // Retransmissions after the close still belong to the connection's server.
    const late = latestMoved > window;
    logClosed(window, own, place, payload, late, instant);
    if (late) logReleased(latestMoved, own);
  }
}

/** Hands on the windows that lie before `time`, before which all closes have been told. */
export function settle(time: f64): void {
  // Nothing has opened yet, or no window has ended.
  if (!hasBegun() || time < (undecided + 1) * windowNs) return;
  decide(floor(time / windowNs));
  // Slots have become free: what the events say of them must be done before they are reused.
  handOn();
}

/** Hands on all windows. How many there have been; the first one's number is `firstWindow`. */
export function finish(): f64 {
  if (!hasBegun()) return 0;
  decide(Infinity);
  handOn();
  return undecided - first;
}

/** The number of the first window, once there is one. */
export function firstWindow(): f64 {
  return first;
}

/** Decides every window before `limit`; with no limit, up to the last one with events. */
function decide(limit: f64): void {
  while (undecided < limit) {
    const pending = earliest();
    const window = pending === null ? Infinity : pending.window;
    if (window === Infinity && limit === Infinity) return;
    if (pending === null || window > undecided) {
      const until = min(window, limit);
      push(WINDOW, 0, until - undecided, 0);
      decideUntil(until);
      continue;
    }
    drain(pending);
    emit();
    push(WINDOW, 0, 1, 0);
    decideUntil(undecided + 1);
  }
}
