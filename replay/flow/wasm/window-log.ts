/**
 * What is known of windows that cannot be decided yet, packed small. A record is a tag, which holds
 * its kind and how long its numbers are, the step from the last record's slot, and an amount: a
 * time, as the step from the last one of its kind, or bytes. A close has a second amount behind it.
 */

import { releaseSlot } from "./own-slots.ts";
import { contents, dropEarliest, extend, giveChunk, Pending, pendingOf } from "./pending.ts";
import { gatherClose, gatherMove, gatherOpen } from "./window-events.ts";

/** Kinds of records, the tag's lowest bits. */
const OPENED: u32 = 0;
const CLOSED: u32 = 1;
const MOVED: u32 = 2;
const RELEASED: u32 = 3;
/** Above them: bytes of the step, less 1, and of the amount, less 1. */
const STEP_SHIFT: u32 = 2;
const AMOUNT_SHIFT: u32 = 4;
/** Set in every tag, so that a byte of 0 ends a chunk. */
const TAG: u32 = 0x80;

/** Of tag, step, amount, length and second amount, and the end of the chunk. */
const LONGEST: usize = 1 + 4 + 8 + 1 + 8 + 1;

/**
 * A closed connection's slot is free when its window has been decided, unless more bytes follow in a
 * later one: then its second amount has this bit, and a record of its own releases it there.
 */
const CLOSED_LATE: u64 = 1;
/** Set for one that opens in the same window at the same time. */
const CLOSED_INSTANT: u64 = 2;
const PAYLOAD_SHIFT: u64 = 2;

/** Small steps either way as small numbers: 0, −1, 1, −2, … become 0, 1, 2, 3, … */
function zigzag(step: i64): u64 {
  return <u64>((step << 1) ^ (step >> 63));
}
function unzigzag(code: u64): i64 {
  return <i64>(code >> 1) ^ -(<i64>(code & 1));
}

/** Bytes that a number needs, at least one. */
function lengthOf(value: u64): u32 {
  return <u32>((71 - clz<u64>(value | 1)) >> 3);
}

function write(pending: Pending, kind: u32, slot: i32, amount: u64): void {
  if (pending.at + LONGEST > pending.end) {
    store<u8>(pending.at, 0);
    extend(pending);
  }
  const step = zigzag(<i64>(slot - pending.slot));
  pending.slot = slot;
  const stepBytes = lengthOf(step);
  const amountBytes = lengthOf(amount);
  const at = pending.at;
  store<u8>(at, TAG | kind | ((stepBytes - 1) << STEP_SHIFT) | ((amountBytes - 1) << AMOUNT_SHIFT));
  // More may be written than is meant: what follows overwrites it.
  store<u32>(at, <u32>step, 1);
  store<u64>(at + stepBytes, amount, 1);
  pending.at = at + 1 + stepBytes + amountBytes;
}

/** A connection opens at `time`, a whole number of nanoseconds from the window's beginning. */
export function logOpened(window: f64, slot: i32, time: f64): void {
  const pending = pendingOf(window);
  write(pending, OPENED, slot, zigzag(<i64>(time - pending.openTime)));
  pending.openTime = time;
}

/**
 * A connection closes at `time`, having moved `payload` bytes in all; its slot is free after the
 * window, if it is not `late`. It is `instant` if it opens at this time, too.
 */
export function logClosed(
  window: f64,
  slot: i32,
  time: f64,
  payload: f64,
  late: bool,
  instant: bool,
): void {
  const pending = pendingOf(window);
  write(pending, CLOSED, slot, zigzag(<i64>(time - pending.closeTime)));
  pending.closeTime = time;
  const marks = (late ? CLOSED_LATE : 0) | (instant ? CLOSED_INSTANT : 0);
  const second = ((<u64>payload) << PAYLOAD_SHIFT) | marks;
  const bytes = lengthOf(second);
  store<u8>(pending.at, bytes);
  store<u64>(pending.at, second, 1);
  pending.at += 1 + bytes;
}

/** A connection moves bytes in the window. */
export function logMoved(window: f64, slot: i32, bytes: f64): void {
  write(pendingOf(window), MOVED, slot, <u64>bytes);
}

/** A slot is free after the window. */
export function logReleased(window: f64, slot: i32): void {
  write(pendingOf(window), RELEASED, slot, 0);
}

/** The lowest `bytes` (1 to 8) of the eight at `at`. */
function read(at: usize, bytes: u64): u64 {
  return load<u64>(at) & (u64.MAX_VALUE >> (64 - 8 * bytes));
}

/** Gathers the records of the earliest window, in the order of writing, and forgets them. */
export function drain(pending: Pending): void {
  store<u8>(pending.at, 0);
  dropEarliest();
  let slot: i64 = 0;
  let openTime: i64 = 0;
  let closeTime: i64 = 0;
  let chunk = changetype<usize>(pending);
  let at = chunk + offsetof<Pending>();
  for (;;) {
    for (let tag = <u32>load<u8>(at); tag !== 0; tag = <u32>load<u8>(at)) {
      const stepBytes = ((tag >> STEP_SHIFT) & 3) + 1;
      const amountBytes = ((tag >> AMOUNT_SHIFT) & 7) + 1;
      slot += unzigzag(read(at + 1, stepBytes));
      const amount = read(at + 1 + stepBytes, amountBytes);
      at += 1 + stepBytes + amountBytes;
      const kind = tag & 3;
      if (kind === MOVED) {
        gatherMove(<i32>slot, <f64>amount);
      } else if (kind === OPENED) {
        openTime += unzigzag(amount);
        gatherOpen(<i32>slot, <f64>openTime);
      } else if (kind === CLOSED) {
        closeTime += unzigzag(amount);
        const bytes = <u64>load<u8>(at);
        const second = read(at + 1, bytes);
        at += 1 + <usize>bytes;
        const instant = (second & CLOSED_INSTANT) !== 0;
        gatherClose(<i32>slot, <f64>closeTime, <f64>(second >> PAYLOAD_SHIFT), instant);
        if ((second & CLOSED_LATE) === 0) releaseSlot(<i32>slot);
      } else {
        releaseSlot(<i32>slot);
      }
    }
    chunk = giveChunk(chunk);
    if (chunk === 0) return;
    at = contents(chunk);
  }
}
