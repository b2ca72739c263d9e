/** Distinct keys of a block, addresses or services, numbered in the order they were first seen. */
import { KEY_BYTES, KEYS, SLOTS } from "./room.ts";

@unmanaged
export class Key {
  /** The words of an address: 0 and 1, 2 and 3, the first in the lower half. */
  high: u64;
  low: u64;
  /** Port and protocol of a service, as services.ts puts them. */
  rest: u32;
}

/** The third word of an IPv4 address as ::ffff:a.b.c.d; those before it are 0. */
const MAPPED: u32 = 0xffff;
/** The fractional part of the golden ratio, and another odd number without a pattern. */
const SCATTER: u64 = (0x9e3779b9 << 32) | 0x7f4a7c15;
const STIR: u64 = (0xbf58476d << 32) | 0x1ce4e5b9;

let keys: u32 = 0;
/** 64 less the bits of a slot's number. */
let shift: u64 = 0;

/** Forgets all keys; up to `rows` will come, and half of the slots stay free. */
export function beginKeys(rows: usize): void {
  const bits = 33 - clz<u32>(<u32>rows - 1);
  memory.fill(SLOTS, 0, (<usize>4) << bits);
  shift = 64 - <u64>bits;
  keys = 0;
}

export function keyCount(): u32 {
  return keys;
}

export function keyOf(number: usize): Key {
  return changetype<Key>(KEYS + KEY_BYTES * number);
}

export function isV4(key: Key): bool {
  return key.high === 0 && <u32>key.low === MAPPED;
}

/** The last word, an IPv4 address if it is one. */
export function lastWord(key: Key): u32 {
  return <u32>(key.low >> 32);
}

/** The number of a key; a new one is taken in. */
export function numberOf(high: u64, low: u64, rest: u32): u32 {
  const mask = <u32>(<u64>-1 >> shift);
  const hash = (low ^ ((high ^ <u64>rest) * STIR)) * SCATTER;
  let slot = <u32>(hash >> shift);
  let held = load<u32>(SLOTS + ((<usize>slot) << 2));
  while (held !== 0) {
    const key = keyOf(held - 1);
    if (key.low === low && key.high === high && key.rest === rest) return held - 1;
    slot = (slot + 1) & mask;
    held = load<u32>(SLOTS + ((<usize>slot) << 2));
  }
  return take(slot, high, low, rest);
}

function take(slot: u32, high: u64, low: u64, rest: u32): u32 {
  const key = keyOf(keys);
  key.high = high;
  key.low = low;
  key.rest = rest;
  store<u32>(SLOTS + ((<usize>slot) << 2), keys + 1);
  return keys++;
}

/** Puts a key's address at `at`, 16 bytes; returns where that ends. */
export function putAddress(at: usize, key: Key): usize {
  store<u32>(at, bswap<u32>(<u32>key.high));
  store<u32>(at, bswap<u32>(<u32>(key.high >> 32)), 4);
  store<u32>(at, bswap<u32>(<u32>key.low), 8);
  store<u32>(at, bswap<u32>(<u32>(key.low >> 32)), 12);
  return at + 16;
}
