/**
 * Windows that cannot be decided yet, in order. Each one's records lie in linked chunks, which are
 * used again once it is decided.
 */

import { append, List, makeList } from "../../../traces/table/wasm/list.ts";
import { allocate } from "../../../traces/table/wasm/memory.ts";

/** Bytes of a chunk; many windows have few records. */
const CHUNK: usize = 512;
const CHUNKS_AT_ONCE: usize = 2048;
const POINTER: usize = 4;

@unmanaged
class Chunk {
  next: usize;
}

/** One window's head, at the beginning of its first chunk, whose `next` is a `Chunk`'s. */
@unmanaged
export class Pending {
  next: usize;
  /** What the last record was of: neighbours are near each other, and steps are short. */
  slot: i32;
  window: f64;
  openTime: f64;
  closeTime: f64;
  lastChunk: usize;
  /** Where the next record goes, and where the chunk ends. */
  at: usize;
  end: usize;
}

let free: usize = 0;
let fresh: usize = 0;
let freshEnd: usize = 0;
/** Pointers to windows, ascending; those from `head` on are undecided. */
let order: List = changetype<List>(0);
let head: usize = 0;
let latest: Pending = changetype<Pending>(0);

export function beginPending(): void {
  order = makeList();
}

function takeChunk(): usize {
  let chunk = free;
  if (chunk !== 0) {
    free = changetype<Chunk>(chunk).next;
  } else {
    if (fresh === freshEnd) {
      fresh = allocate(CHUNKS_AT_ONCE * CHUNK);
      freshEnd = fresh + CHUNKS_AT_ONCE * CHUNK;
    }
    chunk = fresh;
    fresh += CHUNK;
  }
  changetype<Chunk>(chunk).next = 0;
  return chunk;
}

/** Gives a chunk back and returns the one behind it, or 0. */
export function giveChunk(chunk: usize): usize {
  const next = changetype<Chunk>(chunk).next;
  changetype<Chunk>(chunk).next = free;
  free = chunk;
  return next;
}

/** Where records begin in a chunk that is not a window's first. */
export function contents(chunk: usize): usize {
  return chunk + offsetof<Chunk>();
}

function at(index: usize): Pending {
  return changetype<Pending>(load<usize>(order.first + index));
}

/** The earliest undecided window with records; null when there is none. */
export function earliest(): Pending | null {
  return head < order.used ? at(head) : null;
}

/** Takes the earliest window out: its records are about to be read. */
export function dropEarliest(): void {
  if (at(head) === latest) latest = changetype<Pending>(0);
  head += POINTER;
  if (head << 1 < order.used) return;
  // No more is moved than has been taken out since the last time.
  memory.copy(order.first, order.first + head, order.used - head);
  order.used -= head;
  head = 0;
}

/** The window's head, a new one if nothing was written of it yet. */
export function pendingOf(window: f64): Pending {
  if (changetype<usize>(latest) !== 0 && latest.window === window) return latest;
  let low = head;
  let high = order.used;
  while (low < high) {
    const middle = low + (((high - low) >> 3) << 2);
    if (at(middle).window < window) low = middle + POINTER;
    else high = middle;
  }
  if (low < order.used && at(low).window === window) latest = at(low);
  else latest = insert(low, window);
  return latest;
}

function insert(place: usize, window: f64): Pending {
  append(order, POINTER);
  const from = order.first + place;
  memory.copy(from + POINTER, from, order.first + order.used - POINTER - from);
  const chunk = takeChunk();
  store<usize>(from, chunk);
  const pending = changetype<Pending>(chunk);
  pending.window = window;
  pending.slot = 0;
  pending.openTime = 0;
  pending.closeTime = 0;
  pending.lastChunk = chunk;
  pending.at = chunk + offsetof<Pending>();
  pending.end = chunk + CHUNK;
  return pending;
}

/** Goes on in a new chunk. */
export function extend(pending: Pending): void {
  const chunk = takeChunk();
  changetype<Chunk>(pending.lastChunk).next = chunk;
  pending.lastChunk = chunk;
  pending.at = contents(chunk);
  pending.end = chunk + CHUNK;
}
