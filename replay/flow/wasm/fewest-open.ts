/**
 * Least-connection dispatch among few servers, as connections open: what `least-connection.ts` picks
 * in JavaScript at any number of servers.
 */
import { allocate } from "../../../traces/table/wasm/memory.ts";

/** One policy at work. */
@unmanaged
class Dispatcher {
  /** Where its pick stands among a slot's. */
  at: usize;
  /**
   * Per server its open connections · 2¹⁶ + its index. All are looked at without a branch: loads are
   * nearly equal, and nothing would foretell which is least.
   */
  keys: usize;
  /** Picks in order of opening, and how many there are. */
  picks: usize;
  picked: i32;
}

const DISPATCHER_BYTES: usize = 16;
const KEY_SHIFT: usize = 3;
const PICK_SHIFT: usize = 1;
const ONE_OPEN: u64 = 1 << 16;
const INDEX: u64 = ONE_OPEN - 1;

let first: usize = 0;
let end: usize = 0;
let servers: usize = 0;

export function beginFewestOpen(policies: i32, serverCount: i32): void {
  first = allocate(<usize>policies * DISPATCHER_BYTES);
  end = first;
  servers = <usize>serverCount;
}

/** Begins to pick for a policy, whose picks stand `at` bytes into a slot's, and in order at `picks`. */
export function addFewestOpen(at: usize, picks: usize): void {
  const one = changetype<Dispatcher>(end);
  one.at = at;
  one.picks = picks;
  one.keys = allocate(servers << KEY_SHIFT);
  for (let i: usize = 0; i < servers; i++) store<u64>(one.keys + (i << KEY_SHIFT), <u64>i);
  end += DISPATCHER_BYTES;
}

/** Picks for a connection that opens; picks for its slot begin at `slot`. */
export function pickFewestOpen(slot: usize): void {
  for (let each = first; each < end; each += DISPATCHER_BYTES) {
    const one = changetype<Dispatcher>(each);
    const keys = one.keys;
    let least = load<u64>(keys);
    for (let i: usize = 1; i < servers; i++) least = min(least, load<u64>(keys + (i << KEY_SHIFT)));
    const server = <usize>(least & INDEX);
    store<u64>(keys + (server << KEY_SHIFT), least + ONE_OPEN);
    store<u16>(slot + one.at, <u16>server);
    store<u16>(one.picks + ((<usize>one.picked) << PICK_SHIFT), <u16>server);
    one.picked++;
  }
}

/** A connection has closed. */
export function noteClosed(slot: usize): void {
  for (let each = first; each < end; each += DISPATCHER_BYTES) {
    const one = changetype<Dispatcher>(each);
    const key = one.keys + ((<usize>load<u16>(slot + one.at)) << KEY_SHIFT);
    store<u64>(key, load<u64>(key) - ONE_OPEN);
  }
}

/** How many picks there are of the policy that was added as number `index`. */
export function picked(index: i32): i32 {
  return changetype<Dispatcher>(first + <usize>index * DISPATCHER_BYTES).picked;
}

/** The picks that there are have been used. */
export function forgetPicks(index: i32): void {
  changetype<Dispatcher>(first + <usize>index * DISPATCHER_BYTES).picked = 0;
}
