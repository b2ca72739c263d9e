/**
 * How many different addresses: exact up to a million and a quarter, then estimated, so that a flood
 * of forged sources cannot fill the memory.
 */
import { addressHash, MAPPED, v4Hash } from "./address-hash.ts";
import { beginRanks, rank, ranks } from "./ranks.ts";
import { addV4, beginV4Set, rankV4s, readV4, v4Count } from "./v4-set.ts";
import { addV6, beginV6Set, rankV6s, v6Count } from "./v6-set.ts";

/** 0.6 · 2²¹. */
const MOST_EXACT: u32 = 1_258_291;

/** Whether there was `::`, which the sets have no cell for. */
let unspecified: bool = false;

export function beginDistinct(): void {
  beginV4Set();
  beginV6Set();
}

/** Where the registers of the estimate lie, one byte each; 0 while counting is exact. */
export function ranksAt(): usize {
  return ranks;
}

/** Distinct addresses so far, while counting is exact. */
export function distinct(): u32 {
  return v4Count + v6Count + <u32>unspecified;
}

/** Reads what adding the address at `at` will need, if it is one of IPv4. */
export function readAddress(at: usize): u32 {
  return ranks === 0 ? readV4(load<u32>(at, 12)) : 0;
}

/** Adds the address whose four words lie at `at`. */
export function addAddress(at: usize): void {
  const last = load<u32>(at, 12);
  const isV4 = last !== 0 && load<u64>(at) === 0 && load<u32>(at, 8) === MAPPED;
  if (ranks !== 0) {
    rank(isV4 ? v4Hash(last) : addressHash(at));
    return;
  }
  if (isV4) addV4(last);
  else if ((load<u64>(at) | load<u64>(at, 8)) !== 0) addV6(at);
  else unspecified = true;
  if (distinct() > MOST_EXACT) estimate();
}

/** Begins to estimate. */
function estimate(): void {
  beginRanks();
  rankV4s();
  rankV6s();
  // The hash of four words of 0.
  if (unspecified) rank(0);
}
