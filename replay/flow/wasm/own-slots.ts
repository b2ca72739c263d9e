/**
 * Our own numbers for connections: the table's are given out again when it has told of a close, ours
 * when the close has been replayed.
 */
import { append, List, makeList } from "../../../traces/table/wasm/list.ts";

const NUMBER_BYTES: usize = 4;

/** Every number ever given out is below this. */
export let bound: i32 = 0;
let free: List = changetype<List>(0);

export function beginSlots(): void {
  free = makeList();
}

export function takeSlot(): i32 {
  if (free.used === 0) return bound++;
  free.used -= NUMBER_BYTES;
  return load<i32>(free.first + free.used);
}

/** Lets a number be taken; what the events say of it must be replayed before it is. */
export function releaseSlot(slot: i32): void {
  store<i32>(append(free, NUMBER_BYTES), slot);
}
