/** From packets to the records of their connections, a chunk at a time. */

import { numberOf } from "./address-book.ts";
import { noteAhead } from "./ahead.ts";
import { hot, readNext } from "./records.ts";
import { KIND_V6, NOBODY, ROW_BYTES, Row, UNKNOWN } from "./row.ts";
import { firstOf, isOf } from "./slots.ts";

/** Two IPv6 addresses for each row. */
const ADDRESS_BYTES: usize = 16;

/** A multiplicative mix with a finaliser like MurmurHash3's. */
function hashKey(a: u32, b: u32, ports: u32, kind: u32): u32 {
  const mixed: u32 = (a * 0x9e3779b1) ^ ((b ^ (ports << 15)) * 0x85ebca6b) ^ ports ^ kind;
  const h: u32 = (mixed ^ (mixed >> 16)) * 0xc2b2ae35;
  return h ^ (h >> 15);
}

/**
 * Makes the keys of the rows from `first` to `end`, whose IPv6 addresses begin at `v6`. Both ways
 * of a connection have one key: the end with the smaller address first (as a signed number), with
 * equal addresses the one with the smaller port. An IPv6 address is its number in the address book.
 */
export function makeKeys(first: usize, end: usize, v6: usize): void {
  for (let at = first; at < end; at += ROW_BYTES) {
    const row = changetype<Row>(at);
    if (row.kind >= KIND_V6) {
      const addresses = v6 + ((at - first) / ROW_BYTES) * 2 * ADDRESS_BYTES;
      row.a = numberOf(addresses);
      row.b = numberOf(addresses + ADDRESS_BYTES);
    }
    const a = row.a;
    const b = row.b;
    const ports = row.ports;
    const turned = <i32>rotl<u32>(<u32>ports, 16);
    // Which way a packet goes cannot be foretold: so nothing branches on it.
    const swap: bool = a === b ? <u32>turned < <u32>ports : b < a;
    const x = swap ? b : a;
    const y = swap ? a : b;
    const z = swap ? turned : ports;
    row.a = x;
    row.b = y;
    row.ports = z;
    row.end = <i32>swap;
    row.hash = hashKey(x, y, z, row.kind);
  }
}

/**
 * Notes as `found` what is the row's own, and `UNKNOWN` where the first of its chain is another's.
 * What has to come from memory is read ahead.
 */
export function lookUp(first: usize, end: usize): void {
  let sum: u32 = 0;
  for (let at = first; at < end; at += ROW_BYTES) {
    const row = changetype<Row>(at);
    row.found = firstOf(row.hash);
  }
  for (let at = first; at < end; at += ROW_BYTES) {
    sum ^= <u32>hot(max(changetype<Row>(at).found, 0)).state;
  }
  noteAhead(sum);
  let unknown = 0;
  for (let at = first; at < end; at += ROW_BYTES) {
    const row = changetype<Row>(at);
    // Record 0 stands in where there is none.
    const isKnown = isOf(max(row.found, 0), row);
    const found = isKnown ? row.found : UNKNOWN;
    unknown += <i32>!isKnown;
    row.found = row.kind < 0 ? NOBODY : found;
  }
  readNext(unknown);
}
