/** The block of events being filled. */
import { EVENT_BYTES, Event } from "./event.ts";
import { bound } from "./own-slots.ts";

let first: usize = 0;
let next: usize = 0;
let end: usize = 0;

/** Has `count` events replayed, whose slots all lie below `slots`; the block is empty again then. */
declare function replay(count: i32, slots: i32): void;

/** Events are to be written to `capacity` places from `at` on. */
export function beginBlock(at: usize, capacity: i32): void {
  first = at;
  next = at;
  end = at + <usize>capacity * EVENT_BYTES;
}

export function push(kind: i32, slot: i32, bytes: f64, payload: f64): void {
  if (next === end) handOn();
  const event = changetype<Event>(next);
  event.code = ((<u32>slot) << 2) | kind;
  event.bytes = bytes;
  event.rate = 0;
  event.payload = payload;
  next += EVENT_BYTES;
}

/** Has what is in the block replayed. */
export function handOn(): void {
  const count = <i32>((next - first) / EVENT_BYTES);
  next = first;
  if (count > 0) replay(count, bound);
}
