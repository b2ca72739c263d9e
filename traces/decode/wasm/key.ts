/** The key of a packet's connection: both of its ends in one order, whichever way the packet goes. */
import { KIND_V6, ROW_BYTES, Row } from "../../table/wasm/row.ts";

/** A multiplicative mix with a finaliser like MurmurHash3's. */
function hashKey(a: u32, b: u32, ports: u32, kind: u32): u32 {
  const mixed: u32 = (a * 0x9e3779b1) ^ ((b ^ (ports << 15)) * 0x85ebca6b) ^ ports ^ kind;
  const h: u32 = (mixed ^ (mixed >> 16)) * 0xc2b2ae35;
  return h ^ (h >> 15);
}

/**
 * Gives a row its connection's key, and notes which end sent it: `a` and `b` are source and destination,
 * `ports` theirs, the source's in the upper half. The end with the smaller address comes first (as a
 * signed number), with equal addresses the one with the smaller port. Of IPv6, numbers stand for
 * addresses, and are known to who follows connections only.
 */
export function setKey(row: Row, a: i32, b: i32, ports: i32): void {
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

/** Makes the keys of `count` rows, where that takes nothing but the row. */
export function makeKeys(rows: usize, count: i32): void {
  const end = rows + <usize>count * ROW_BYTES;
  for (let at = rows; at < end; at += ROW_BYTES) {
    const row = changetype<Row>(at);
    if (row.kind < KIND_V6) setKey(row, row.a, row.b, row.ports);
  }
}
