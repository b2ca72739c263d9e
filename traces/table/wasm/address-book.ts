/**
 * IPv6 addresses as small numbers, so that keys are as short as IPv4's. A number lives as long as
 * somebody holds it: memory follows open connections, not addresses seen.
 */
import { allocate, release } from "./memory.ts";

const FIRST_CAPACITY: i32 = 1024;
const ENTRY_SHIFT: usize = 5;
/** Slots for each address at least. */
const SPARSE: i32 = 2;
/** What a chain of numbers ends with, and what one has that is in none. */
const LAST: i32 = -1;
const NOWHERE: i32 = -2;

@unmanaged
export class Address {
  /** 128 bits as they stand in the row. */
  high: u64;
  low: u64;
  holders: i32;
  /** The next of the loose ones, or of the free ones. */
  next: i32;
  hash: u32;
}

let entries: usize = 0;
let capacity: i32 = 0;
let used: i32 = 0;
let free: i32 = LAST;
/** Numbers that had no holder at some time since the last sweep. */
let loose: i32 = LAST;
/** Open addressing over the hash: number + 1, or 0. */
let slots: usize = 0;
let mask: i32 = -1;

export function addressOf(number: i32): Address {
  return changetype<Address>(entries + ((<usize>number) << ENTRY_SHIFT));
}

function slotAt(index: i32): usize {
  return slots + ((<usize>(index & mask)) << 2);
}

/** A multiplicative mix with the finaliser of MurmurHash3. */
function hashOf(high: u64, low: u64): u32 {
  const w0 = <u32>high;
  const w1 = <u32>(high >> 32);
  const w2 = <u32>low;
  const w3 = <u32>(low >> 32);
  let h: u32 = ((w0 ^ (w1 * 0x85ebca6b)) * 0x9e3779b1) ^ (w2 * 0xc2b2ae35) ^ w3;
  h = (h ^ (h >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}

/** The number of the address in 16 bytes at `at`. It is good until the next `sweep` unless held. */
export function numberOf(at: usize): i32 {
  const high = load<u64>(at);
  const low = load<u64>(at, 8);
  const hash = hashOf(high, low);
  if (mask >= 0) {
    for (let slot = <i32>hash; ; slot++) {
      const number = load<i32>(slotAt(slot)) - 1;
      if (number < 0) break;
      const known = addressOf(number);
      if (known.low === low && known.high === high) return number;
    }
  }
  const number = fresh();
  const address = addressOf(number);
  address.high = high;
  address.low = low;
  address.hash = hash;
  address.holders = 0;
  address.next = loose;
  loose = number;
  insert(number);
  return number;
}

/** A number that nobody has. */
function fresh(): i32 {
  if (free !== LAST) {
    const number = free;
    free = addressOf(number).next;
    return number;
  }
  if (used === capacity) grow();
  return used++;
}

function insert(number: i32): void {
  let slot = <i32>addressOf(number).hash;
  while (load<i32>(slotAt(slot)) !== 0) slot++;
  store<i32>(slotAt(slot), number + 1);
}

/** Everybody has a number when the book grows. */
function grow(): void {
  const wanted = capacity === 0 ? FIRST_CAPACITY : 2 * capacity;
  const into = allocate((<usize>wanted) << ENTRY_SHIFT);
  if (capacity > 0) {
    memory.copy(into, entries, (<usize>capacity) << ENTRY_SHIFT);
    release(entries, (<usize>capacity) << ENTRY_SHIFT);
    release(slots, (<usize>(mask + 1)) << 2);
  }
  entries = into;
  slots = allocate((<usize>(SPARSE * wanted)) << 2);
  mask = SPARSE * wanted - 1;
  capacity = wanted;
  for (let number = 0; number < used; number++) insert(number);
}

/** One more holder of `number`. */
export function hold(number: i32): void {
  addressOf(number).holders++;
}

/** One holder less. */
export function letGo(number: i32): void {
  const address = addressOf(number);
  if (--address.holders !== 0 || address.next !== NOWHERE) return;
  address.next = loose;
  loose = number;
}

/** Forgets the numbers that nobody holds: call it when no decoded row refers to any. */
export function sweep(): void {
  while (loose !== LAST) {
    const number = loose;
    const address = addressOf(number);
    loose = address.next;
    address.next = NOWHERE;
    if (address.holders === 0) drop(number);
  }
}

/** Removes with a backward shift, so that no tombstones gather. */
function drop(number: i32): void {
  const address = addressOf(number);
  let hole = <i32>address.hash;
  while (load<i32>(slotAt(hole)) !== number + 1) hole++;
  for (let next = hole + 1; load<i32>(slotAt(next)) !== 0; next++) {
    const entry = load<i32>(slotAt(next));
    const home = <i32>addressOf(entry - 1).hash;
    if (((next - home) & mask) < ((next - hole) & mask)) continue;
    store<i32>(slotAt(hole), entry);
    hole = next;
  }
  store<i32>(slotAt(hole), 0);
  address.next = free;
  free = number;
}
