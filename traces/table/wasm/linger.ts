/**
 * Closed connections linger: their retransmitted FINs and last acknowledgements come behind the
 * close, count as their traffic, and must not open another connection. How long is told in packets
 * of the whole trace, so that a busy trace does not fill the table with the dead, and so that it
 * does not matter how the trace comes in pieces, or who else follows what share of it.
 *
 * Those that linger stand in a queue. What is in it may have been finished since, and its record
 * used again.
 */
import { allocate, release } from "./memory.ts";

/** Packets behind its close that a connection lingers for, a power of two. */
export const LINGER_PACKETS: i64 = 1 << 16;

const FIRST_ROOM: i32 = 1024;

@unmanaged
class Lingering {
  packet: i64;
  record: i32;
}

const LINGERING_SHIFT: usize = 4;

/** A ring, as wide as it has to be: what is written to it stays near what is read. */
let queue: usize = 0;
let room: i32 = 0;
let head: i32 = 0;
let tail: i32 = 0;

function at(index: i32): Lingering {
  return changetype<Lingering>(queue + ((<usize>(index & (room - 1))) << LINGERING_SHIFT));
}

export function beginLingering(): void {
  room = FIRST_ROOM;
  queue = allocate((<usize>room) << LINGERING_SHIFT);
}

function widen(): void {
  const before = queue;
  const bytes = (<usize>room) << LINGERING_SHIFT;
  queue = allocate(2 * bytes);
  // All of it twice: each stands in one of the two where its number in the wider ring wants it.
  memory.copy(queue, before, bytes);
  memory.copy(queue + bytes, before, bytes);
  room *= 2;
  release(before, bytes);
}

/** `record` closed with packet number `packet`, the greatest so far. */
export function pushLingering(record: i32, packet: i64): void {
  if (tail - head === room) widen();
  const last = at(tail++);
  last.record = record;
  last.packet = packet;
}

/** How many, from the front, closed with a packet before number `packet`. */
export function lingeringBefore(packet: i64): i32 {
  let index = head;
  while (index !== tail && at(index).packet < packet) index++;
  return index - head;
}

/** The record at place `index` from the front. */
export function lingering(index: i32): i32 {
  return at(head + index).record;
}

/** Takes `count` from the front. */
export function dropLingering(count: i32): void {
  head += count;
}
