/** Lists of things of one size, which grow. */
import { allocate, release } from "./memory.ts";

/**
 * More than most captures need, so that nothing is copied into a wider place: memory that is not
 * written to is not there.
 */
const FIRST_BYTES: usize = 1 << 20;

/** Empty when it is zeroed. */
@unmanaged
export class List {
  first: usize;
  /** Bytes in use, and bytes of room. */
  used: usize;
  room: usize;
}

export function makeList(): List {
  const list = changetype<List>(allocate(offsetof<List>()));
  reserve(list, FIRST_BYTES);
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
  const held = list.room;
  if (bytes <= held) return;
  let room = max(held, FIRST_BYTES);
  while (room < bytes) room *= 2;
  const first = allocate(room);
  if (held > 0) {
    memory.copy(first, list.first, held);
    release(list.first, held);
  }
  list.first = first;
  list.room = room;
}
