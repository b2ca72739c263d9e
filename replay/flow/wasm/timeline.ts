/**
 * A capture's packets become events. That a connection has gone idle is known only a time-out after
 * its last packet, so what happened is kept, packed, until its window is settled.
 */
import { handOn, push } from "./block.ts";
import { WINDOW } from "./event.ts";
import { List, makeList, reserve } from "./list.ts";
import { bound, takeSlot } from "./own-slots.ts";
import { earliest } from "./pending.ts";
import {
  beginTableSlots,
  firstSum,
  openingOf,
  ownOf,
  readSlots,
  reserveSlots,
  setOwn,
  sumOf,
} from "./table-slots.ts";
import { emit } from "./window-events.ts";
import { drain, logClosed, logMoved, logOpened, logReleased } from "./window-log.ts";
import {
  beginWindows,
  decideUntil,
  first,
  hasBegun,
  undecided,
  windowAt,
  windowNs,
  within,
} from "./windows.ts";

const NEVER: f64 = -Infinity;
const WORD: usize = 4;
const DOUBLE: usize = 8;

/** Whose bytes do not count: 0 of clients, 1 of servers, 2 of nobody. */
let unwanted: u32 = 2;

/** Slots of the table with bytes in the current window; some may be there twice. */
let touched: List = changetype<List>(0);

/** The window that packets are in, and its bounds in nanoseconds. */
let current: f64 = NEVER;
let from: f64 = 0;
let to: f64 = NEVER;
let latestOpen: f64 = NEVER;
/** The latest window in which any connection moved bytes. */
let latestMoved: f64 = NEVER;

export function beginTimeline(nanoseconds: f64, sender: u32): void {
  beginWindows(nanoseconds);
  unwanted = sender;
  beginTableSlots();
  touched = makeList();
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
    store<f64>(sumOf(slot), 0);
    const window = windowAt(time);
    const opening = openingOf(slot);
    opening.time = time;
    opening.window = window;
    logOpened(window, own, within(time, window));
  }
  return bound;
}

/** Packets with their amounts of payload, or with those on the wire, which are doubles. */
export function takePackets(
  count: i32,
  slots: usize,
  times: usize,
  amounts: usize,
  onWire: bool,
  senders: usize,
): void {
  if (onWire) take<f64>(count, slots, times, amounts, senders);
  else take<i32>(count, slots, times, amounts, senders);
}

function take<Amount>(
  count: i32,
  slots: usize,
  times: usize,
  amounts: usize,
  senders: usize,
): void {
  reserve(touched, touched.used + <usize>count * WORD);
  const sums = firstSum();
  let touchedEnd = touched.first + touched.used;
  for (let i: usize = 0; i < <usize>count; i++) {
    const slot = load<i32>(slots + i * WORD);
    if (slot < 0) continue;
    const time = load<f64>(times + i * DOUBLE);
    const amount = <f64>load<Amount>(amounts + i * sizeof<Amount>());
    const counts = <u32>load<u8>(senders + i) !== unwanted;
    if (time >= to || time < from) {
      touched.used = touchedEnd - touched.first;
      if (!turnTo(time)) {
        if (counts) moveLate(slot, time, amount);
        continue;
      }
      touchedEnd = touched.first;
    }
    const sum = sums + <usize>slot * DOUBLE;
    const before = load<f64>(sum);
    const added = select<f64>(amount, 0, counts);
    store<f64>(sum, before + added);
    // Half of all packets carry nothing, and no branch foretells which.
    store<i32>(touchedEnd, slot);
    touchedEnd += (<usize>(before === 0) & <usize>(added > 0)) * WORD;
  }
  touched.used = touchedEnd - touched.first;
}

/** Makes the window of a later packet the current one. False for a packet of an earlier window. */
function turnTo(time: f64): bool {
  if (time < to) return false;
  flush();
  current = windowAt(time);
  from = current * windowNs;
  to = from + windowNs;
  return true;
}

/** Bytes of a packet that is older than one before it; never before its connection's open. */
function moveLate(slot: i32, time: f64, bytes: f64): void {
  move(windowAt(max(time, openingOf(slot).time)), slot, bytes);
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
    flushOne(slot);
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

function flush(): void {
  const last = touched.first + touched.used;
  for (let at = touched.first; at < last; at += WORD) flushOne(load<i32>(at));
  touched.used = 0;
}

function flushOne(slot: i32): void {
  const bytes = load<f64>(sumOf(slot));
  if (bytes === 0) return;
  store<f64>(sumOf(slot), 0);
  move(current, slot, bytes);
}

function move(window: f64, slot: i32, bytes: f64): void {
  logMoved(window, ownOf(slot), bytes);
  latestMoved = max(window, latestMoved);
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
  flush();
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
  if (limit > current) {
    flush();
    // The next packet finds its window anew: this one takes no more.
    to = NEVER;
  }
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
