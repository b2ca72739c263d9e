/**
 * Our own numbers for connections: the table's are given out again when it has told of a close, ours
 * when the close has been replayed.
 */
import { append, List, makeList } from "./list.ts";

const NUMBER_BYTES: usize = 4;

/** Every number ever given out is below this. */
export let bound: i32 = 0;
let free: List = changetype<List>(0);
/** To be free when the window being decided is over. */
let released: List = changetype<List>(0);

export function beginSlots(): void {
  free = makeList();
  released = makeList();
}

export function takeSlot(): i32 {
  if (free.used === 0) return bound++;
  free.used -= NUMBER_BYTES;
  return load<i32>(free.first + free.used);
}

export function releaseSlot(slot: i32): void {
  store<i32>(append(released, NUMBER_BYTES), slot);
}

/** Lets the numbers released be taken. */
export function recycleSlots(): void {
  const end = released.first + released.used;
  for (let at = released.first; at < end; at += NUMBER_BYTES) {
    store<i32>(append(free, NUMBER_BYTES), load<i32>(at));
  }
  released.used = 0;
}
