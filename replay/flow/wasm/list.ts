/** Lists of things of one size, which grow. */
import { allocate, release } from "../../../traces/table/wasm/memory.ts";

/**
 * More than most captures need, so that nothing is copied into a wider place: memory that is not
 * written to is not there.
 */
const FIRST_BYTES: usize = 1 << 20;

@unmanaged
export class List {
  first: usize;
  /** Bytes in use, and bytes of room. */
  used: usize;
  room: usize;
}

export function makeList(): List {
  const list = changetype<List>(allocate(offsetof<List>()));
  list.room = FIRST_BYTES;
  list.first = allocate(FIRST_BYTES);
  return list;
}

/** Where the next thing of `bytes` is to be written, behind all others. */
export function append(list: List, bytes: usize): usize {
  if (list.used + bytes > list.room) reserve(list, list.used + bytes);
  const place = list.first + list.used;
  list.used += bytes;
  return place;
}

/** Makes room for `bytes` in all; what is behind those in use is 0 where nothing has been yet. */
export function reserve(list: List, bytes: usize): void {
  if (bytes <= list.room) return;
  let room = list.room;
  while (room < bytes) room *= 2;
  const first = allocate(room);
  memory.copy(first, list.first, list.room);
  release(list.first, list.room);
  list.first = first;
  list.room = room;
}
