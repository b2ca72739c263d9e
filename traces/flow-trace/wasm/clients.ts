/** Who the clients are: the block's distinct addresses, and row by row which of them. */
import { ConnectionColumns } from "../../table/wasm/columns.ts";
import { setWhole } from "./bit-pack.ts";
import { beginKeys, isV4, keyCount, keyOf, lastWord, numberOf, putAddress } from "./keys.ts";
import { COUNTS, COUNTS_BYTES, NUMBERS, ORDER, PLACES, SPARE } from "./room.ts";

/** Digits of 11, 11 and 10 bits of the addresses that are sorted. */
const DIGITS: u64 = 3;
const DIGIT_BITS: u64 = 11;
const DIGIT: u64 = (1 << 11) - 1;

/** IPv4 addresses in order, each in the upper half of a word whose lower half is its number. */
let sorted: usize = ORDER;
let firstRow: usize = 0;

/** Takes in the clients of rows `first … end − 1`; returns how many distinct IPv4 addresses they have. */
export function beginClients(columns: ConnectionColumns, first: usize, end: usize): u32 {
  firstRow = first;
  beginKeys(end - first);
  for (let row = first; row < end; row++) {
    const at = columns.client + 16 * row;
    const number = numberOf(load<u64>(at), load<u64>(at, 8), 0);
    store<u32>(NUMBERS + 4 * (row - first), number);
  }
  const v4 = collectV4();
  sortV4(v4);
  for (let place: usize = 0; place < v4; place++) {
    store<u32>(PLACES + 4 * <usize>load<u32>(sorted + 8 * place), <u32>place);
  }
  return <u32>v4;
}

function collectV4(): usize {
  let at = ORDER;
  const count: usize = keyCount();
  for (let number: usize = 0; number < count; number++) {
    const key = keyOf(number);
    if (!isV4(key)) continue;
    store<u64>(at, ((<u64>lastWord(key)) << 32) | <u64>number);
    at += 8;
  }
  return (at - ORDER) / 8;
}

/** Where the count of a digit of `word` is, digit 0 being the lowest. */
function countOf(word: u64, digit: u64): usize {
  const value = (word >> (32 + DIGIT_BITS * digit)) & DIGIT;
  return COUNTS + 4 * <usize>((digit << DIGIT_BITS) + value);
}

/** Sorts `count` words from `ORDER` by their upper halves, digit by digit. */
function sortV4(count: usize): void {
  memory.fill(COUNTS, 0, COUNTS_BYTES);
  for (let i: usize = 0; i < count; i++) {
    const word = load<u64>(ORDER + 8 * i);
    for (let digit: u64 = 0; digit < DIGITS; digit++) {
      const at = countOf(word, digit);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
  let from = ORDER;
  let to = SPARE;
  for (let digit: u64 = 0; digit < DIGITS; digit++) {
    sumUp(COUNTS + 4 * <usize>(digit << DIGIT_BITS));
    for (let i: usize = 0; i < count; i++) {
      const word = load<u64>(from + 8 * i);
      const at = countOf(word, digit);
      const place = load<u32>(at);
      store<u32>(at, place + 1);
      store<u64>(to + 8 * <usize>place, word);
    }
    const other = from;
    from = to;
    to = other;
  }
  sorted = from;
}

/** Makes counts of the values of a digit where the first of each goes. */
function sumUp(at: usize): void {
  let sum: u32 = 0;
  for (const end = at + 4 * <usize>(DIGIT + 1); at < end; at += 4) {
    const count = load<u32>(at);
    store<u32>(at, sum);
    sum += count;
  }
}

function addressAt(place: usize): u64 {
  return load<u64>(sorted + 8 * place) >> 32;
}

/** The IPv4 addresses as differences from the one before; rows are places here. */
export function fillAddresses(_columns: ConnectionColumns, place: usize, count: usize): void {
  let last: u64 = place === 0 ? 0 : addressAt(place - 1);
  for (let n: usize = 0; n < count; n++) {
    const address = addressAt(place + n);
    setWhole(n, address - last);
    last = address;
  }
}

/** Puts the IPv6 addresses at `at`, behind `v4` others in the order of places; returns where they end. */
export function putV6(at: usize, v4: u32): usize {
  const count = keyCount();
  if (count === v4) return at;
  for (let number: u32 = 0; number < count; number++) {
    const key = keyOf(number);
    if (isV4(key)) continue;
    store<u32>(PLACES + 4 * <usize>number, v4++);
    at = putAddress(at, key);
  }
  return at;
}

export function fillClients(_columns: ConnectionColumns, row: usize, count: usize): void {
  const numbers = NUMBERS + 4 * (row - firstRow);
  for (let n: usize = 0; n < count; n++) {
    const number: usize = load<u32>(numbers + 4 * n);
    setWhole(n, load<u32>(PLACES + 4 * number));
  }
}

export function fillClientPorts(columns: ConnectionColumns, row: usize, count: usize): void {
  const ports = columns.clientPort + 2 * row;
  for (let n: usize = 0; n < count; n++) setWhole(n, load<u16>(ports + 2 * n));
}
