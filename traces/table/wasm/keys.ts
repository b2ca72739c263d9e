/** From packets to the records of their connections, a chunk at a time. */

import { setKey } from "../../decode/wasm/key.ts";
import { numberOf } from "./address-book.ts";
import { noteAhead } from "./ahead.ts";
import { hot, readNext } from "./records.ts";
import { KIND_V6, NOBODY, ROW_BYTES, Row, UNKNOWN } from "./row.ts";
import { firstOf, isOf } from "./slots.ts";

/** Two IPv6 addresses for each row. */
const ADDRESS_BYTES: usize = 16;

/** Makes the key of a row of IPv6, whose addresses lie at `addresses`: their numbers stand for them. */
function makeKeyV6(row: Row, addresses: usize): void {
  const source = numberOf(addresses);
  setKey(row, source, numberOf(addresses + ADDRESS_BYTES), row.ports);
}

/**
 * Notes as `found` what is the row's own, and `UNKNOWN` where the first of its chain is another's. The
 * rows, from `first` to `end`, have their keys, or IPv6 addresses, which begin at `v6`. What has to come
 * from memory is read ahead.
 */
export function lookUp(first: usize, end: usize, v6: usize): void {
  let sum: u32 = 0;
  for (let at = first; at < end; at += ROW_BYTES) {
    const row = changetype<Row>(at);
    if (row.kind >= KIND_V6) makeKeyV6(row, v6 + ((at - first) / ROW_BYTES) * 2 * ADDRESS_BYTES);
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
