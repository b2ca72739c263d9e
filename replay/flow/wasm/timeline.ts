/**
 * A capture's packets become events. That a connection has gone idle is known only a time-out after
 * its last packet, so what happened is kept, packed, until its window is settled. Windows are numbers
 * in doubles: clocks of captures may be anywhere.
 */
import { handOn, push } from "./block.ts";
import { WINDOW } from "./event.ts";
import { List, makeList, reserve } from "./list.ts";
import { bound, recycleSlots, takeSlot } from "./own-slots.ts";
import { earliest } from "./pending.ts";
import { emit } from "./window-events.ts";
import { drain, logClosed, logMoved, logOpened, logReleased } from "./window-log.ts";

const NEVER: f64 = -Infinity;

/** A connection that the table follows. */
@unmanaged
class Followed {
  opened: f64;
  /** The last window of which bytes are logged. */
  lastWindow: f64;
  /** Our slot, which lives on until the close is replayed. */
  own: i32;
}

const FOLLOWED_SHIFT: usize = 5;
const SUM_SHIFT: usize = 3;
const SLOT_BYTES: usize = 4;

let windowNs: f64 = 0;
/** Whose bytes do not count: 0 of clients, 1 of servers, 2 of nobody. */
let unwanted: u32 = 2;

/** Per slot of the table: the connection in it, and its bytes in the current window. */
let connections: List = changetype<List>(0);
let sums: List = changetype<List>(0);
/** Slots of the table with bytes in the current window; some may be there twice. */
let touched: List = changetype<List>(0);

/** The window that packets are in, and its bounds in nanoseconds. */
let current: f64 = NEVER;
let from: f64 = 0;
let to: f64 = NEVER;
let latestOpen: f64 = NEVER;
/** The first window not yet handed on, and the first of all. */
let undecided: f64 = NEVER;
let first: f64 = NEVER;

export function beginTimeline(nanoseconds: f64, sender: u32): void {
  windowNs = nanoseconds;
  unwanted = sender;
  connections = makeList();
  sums = makeList();
  touched = makeList();
}

function followed(slot: i32): Followed {
  return changetype<Followed>(connections.first + ((<usize>slot) << FOLLOWED_SHIFT));
}

function sumOf(slot: i32): usize {
  return sums.first + ((<usize>slot) << SUM_SHIFT);
}

/**
 * Connections that open, in order of start; writes our slots for them to `owns`, and returns the
 * number that all slots are below.
 */
export function takeOpened(count: i32, slots: usize, starts: usize, owns: usize): i32 {
  for (let row: usize = 0; row < <usize>count; row++) {
    const slot = load<i32>(slots + (row << 2));
    reserve(connections, (<usize>(slot + 1)) << FOLLOWED_SHIFT);
    reserve(sums, (<usize>(slot + 1)) << SUM_SHIFT);
    // Packets may be out of order in a capture; connections open in the order they are numbered.
    const time = max(load<f64>(starts + (row << 3)), latestOpen);
    latestOpen = time;
    const window = windowAt(time);
    const own = takeSlot();
    store<i32>(owns + (row << 2), own);
    const connection = followed(slot);
    connection.opened = time;
    connection.lastWindow = NEVER;
    connection.own = own;
    store<f64>(sumOf(slot), 0);
    logOpened(window, own, within(time, window));
  }
  return bound;
}

/** Packets with their amounts of payload, and with those on the wire. */
export function takePayload(
  count: i32,
  slots: usize,
  times: usize,
  amounts: usize,
  senders: usize,
): void {
  takePackets<i32>(count, slots, times, amounts, senders);
}
export function takeWire(
  count: i32,
  slots: usize,
  times: usize,
  amounts: usize,
  senders: usize,
): void {
  takePackets<f64>(count, slots, times, amounts, senders);
}

function takePackets<Amount>(
  count: i32,
  slots: usize,
  times: usize,
  amounts: usize,
  senders: usize,
): void {
  reserve(touched, touched.used + <usize>count * SLOT_BYTES);
  const firstSum = sums.first;
  let touchedEnd = touched.first + touched.used;
  for (let i: usize = 0; i < <usize>count; i++) {
    const slot = load<i32>(slots + (i << 2));
    if (slot < 0) continue;
    const time = load<f64>(times + (i << 3));
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
    const sum = firstSum + ((<usize>slot) << SUM_SHIFT);
    const before = load<f64>(sum);
    const added = select<f64>(amount, 0, counts);
    store<f64>(sum, before + added);
    // Half of all packets carry nothing, and no branch foretells which.
    store<i32>(touchedEnd, slot);
    touchedEnd += (<usize>(before === 0) & <usize>(added > 0)) * SLOT_BYTES;
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
  const connection = followed(slot);
  const window = windowAt(max(time, connection.opened));
  logMoved(window, connection.own, bytes);
  connection.lastWindow = max(window, connection.lastWindow);
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
  for (let row: usize = 0; row < <usize>count; row++) {
    const slot = load<i32>(slots + (row << 2));
    flushOne(slot);
    const connection = followed(slot);
    const at = row << 3;
    const time = max(load<f64>(starts + at) + load<f64>(durations + at), connection.opened);
    const window = windowAt(time);
    const payload = load<f64>(clientBytes + at) + load<f64>(serverBytes + at);
    // Retransmissions after the close still belong to the connection's server.
    const late = connection.lastWindow > window;
    logClosed(window, connection.own, within(time, window), payload, late);
    if (late) logReleased(connection.lastWindow, connection.own);
  }
}

function flush(): void {
  const last = touched.first + touched.used;
  for (let at = touched.first; at < last; at += SLOT_BYTES) flushOne(load<i32>(at));
  touched.used = 0;
}

function flushOne(slot: i32): void {
  const bytes = load<f64>(sumOf(slot));
  if (bytes === 0) return;
  store<f64>(sumOf(slot), 0);
  const connection = followed(slot);
  connection.lastWindow = max(current, connection.lastWindow);
  logMoved(current, connection.own, bytes);
}

/** The window of a time, or the first one that can still be told about. */
function windowAt(time: f64): f64 {
  const window = floor(time / windowNs);
  if (first === NEVER) {
    first = window;
    undecided = window;
  }
  return max(window, undecided);
}

function within(time: f64, window: f64): f64 {
  return max(0, floor(time - window * windowNs));
}

/** Hands on the windows that lie before `time`, before which all closes have been told. */
export function settle(time: f64): void {
  // Nothing has opened yet, or no window has ended.
  if (first === NEVER || time < (undecided + 1) * windowNs) return;
  decide(floor(time / windowNs));
  // Slots have become free: what the events say of them must be done before they are reused.
  handOn();
}

/** Hands on all windows. How many there have been; the first one's number is `firstWindow`. */
export function finish(): f64 {
  flush();
  if (first === NEVER) return 0;
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
  if (limit > current) flush();
  while (undecided < limit) {
    const pending = earliest();
    const window = pending === null ? Infinity : pending.window;
    if (window === Infinity && limit === Infinity) return;
    if (pending === null || window > undecided) {
      const until = min(window, limit);
      push(WINDOW, 0, until - undecided, 0);
      undecided = until;
      continue;
    }
    drain(pending);
    emit();
    push(WINDOW, 0, 1, 0);
    recycleSlots();
    undecided++;
  }
}
