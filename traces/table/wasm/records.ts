/** Records by number. Freed ones are used again, so memory follows the connections open at once. */
import { noteAhead } from "./ahead.ts";
import { allocate, release } from "./memory.ts";
import {
  CARRY_SHIFT,
  Carry,
  COLD_SHIFT,
  Cold,
  HOT_SHIFT,
  Hot,
  LINK_SHIFT,
  Link,
} from "./record.ts";
import { STATE_GONE } from "./state.ts";

/**
 * More than most captures have open at once, so that nothing is copied into a wider place: memory
 * that is not written to is not there.
 */
const FIRST_CAPACITY: i32 = 1 << 16;

let hots: usize = 0;
let colds: usize = 0;
let carries: usize = 0;
let links: usize = 0;
/**
 * Numbers free to be taken; behind them those given back before the last `recycle`, and those given
 * back since. So whoever was told that one is gone has until the next but one.
 */
let free: usize = 0;
let ready: i32 = 0;
let older: i32 = 0;
let given: i32 = 0;

/** Room for records. */
let capacity: i32 = 0;
/** Records in use. */
export let inUse: i32 = 0;
/** The first number that is a record's: 0 stands in where there is none. */
export const FIRST: i32 = 1;
/** Every number ever used is below this; records not in use now have `STATE_GONE`. */
export let used: i32 = FIRST;

export function hot(record: i32): Hot {
  return changetype<Hot>(hots + ((<usize>record) << HOT_SHIFT));
}
export function cold(record: i32): Cold {
  return changetype<Cold>(colds + ((<usize>record) << COLD_SHIFT));
}
export function carry(record: i32): Carry {
  return changetype<Carry>(carries + ((<usize>record) << CARRY_SHIFT));
}

export function link(record: i32): Link {
  return changetype<Link>(links + ((<usize>record) << LINK_SHIFT));
}

/** Makes room for `more` records, so that none of the next `take`s moves them. */
export function reserveRecords(more: i32): void {
  let wanted = capacity === 0 ? FIRST_CAPACITY : capacity;
  while (used - ready + more > wanted) wanted *= 2;
  if (wanted === capacity) return;
  hots = moved(hots, HOT_SHIFT, wanted);
  colds = moved(colds, COLD_SHIFT, wanted);
  carries = moved(carries, CARRY_SHIFT, wanted);
  links = moved(links, LINK_SHIFT, wanted);
  free = moved(free, 2, wanted);
  if (capacity === 0) hot(0).state = STATE_GONE;
  capacity = wanted;
}

/** An array of elements of 2^`shift` bytes in a wider place. */
function moved(from: usize, shift: usize, wanted: i32): usize {
  const into = allocate((<usize>wanted) << shift);
  if (capacity === 0) return into;
  const bytes = (<usize>capacity) << shift;
  memory.copy(into, from, bytes);
  release(from, bytes);
  return into;
}

function place(index: i32): usize {
  return free + ((<usize>index) << 2);
}

/** Reads the records that the next `more` takes will give. */
export function readNext(more: i32): void {
  let sum: u32 = 0;
  for (let index = max(0, ready - more); index < ready; index++) {
    const record = load<i32>(place(index));
    sum ^= <u32>hot(record).state ^ load<u32>(changetype<usize>(cold(record)));
  }
  noteAhead(sum);
}

/** A record, whatever stands in it; `reserveRecords` has made room for it. */
export function takeRecord(): i32 {
  inUse++;
  if (ready === 0) return used++;
  const record = load<i32>(place(--ready));
  // The last ones of those behind close the gap: their order means nothing.
  store<i32>(place(ready), load<i32>(place(ready + older)));
  store<i32>(place(ready + older), load<i32>(place(ready + older + given)));
  return record;
}

/** Gives a record back; it is not taken again before the next `recycle` but one. */
export function giveRecord(record: i32): void {
  hot(record).state |= STATE_GONE;
  inUse--;
  store<i32>(place(ready + older + given++), record);
}

/** Lets the records given back before the last time be taken. */
export function recycle(): void {
  ready += older;
  older = given;
  given = 0;
}
