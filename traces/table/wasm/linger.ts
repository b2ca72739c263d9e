/**
 * Closed connections linger: their retransmitted FINs and last acknowledgements come behind the
 * close, count as their traffic, and must not open another connection. How long is told in packets
 * of the whole trace, so that a busy trace does not fill the table with the dead, and so that it
 * does not matter how the trace comes in pieces, or who else follows what share of it.
 *
 * Those that linger stand in a queue of fixed size. What is in it may have been finished since, and
 * its record used again.
 */
import { allocate } from "./memory.ts";

/** Packets behind its close that a connection lingers for, a power of two. */
export const LINGER_PACKETS: i32 = 1 << 16;

/** Room: one packet closes one connection at most, and nobody lingers for longer than two turns. */
const ROOM: i32 = 2 * LINGER_PACKETS;

@unmanaged
class Lingering {
  packet: f64;
  record: i32;
}

const LINGERING_SHIFT: usize = 4;

let queue: usize = 0;
let head: i32 = 0;
let tail: i32 = 0;

function at(index: i32): Lingering {
  return changetype<Lingering>(queue + ((<usize>(index & (ROOM - 1))) << LINGERING_SHIFT));
}

export function beginLingering(): void {
  queue = allocate((<usize>ROOM) << LINGERING_SHIFT);
}

/** `record` closed with packet number `packet`, the greatest so far. */
export function pushLingering(record: i32, packet: f64): void {
  const last = at(tail++);
  last.record = record;
  last.packet = packet;
}

/** How many, from the front, closed with a packet before number `packet`. */
export function lingeringBefore(packet: f64): i32 {
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
