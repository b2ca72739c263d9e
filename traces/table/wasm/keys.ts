/** From packets to the records of their connections, a chunk at a time. */

import { setKey } from "../../decode/wasm/key.ts";
import { numberOf } from "./address-book.ts";
import { noteAhead } from "./ahead.ts";
import { allocate } from "./memory.ts";
import { hot, link, readNext } from "./records.ts";
import { KIND_V6, NOBODY, ROW_BYTES, Row, UNKNOWN } from "./row.ts";
import { firstOf, isOther } from "./slots.ts";

const WORD_SHIFT: usize = 2;
const WORD: usize = 1 << WORD_SHIFT;
/** Firsts of chains that are not the row's own, while others of theirs are read ahead. */
let unknown: usize = 0;

/** To be called first; `most` rows will be looked up at once. */
export function beginLooking(most: i32): void {
  unknown = allocate(<usize>most * WORD);
}

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
  let last = unknown;
  for (let at = first; at < end; at += ROW_BYTES) {
    const row = changetype<Row>(at);
    const found = max(row.found, 0);
    // Record 0 stands in where there is none.
    const other = isOther(found, row);
    // Nothing here branches.
    store<i32>(last, found);
    last += (<usize>other) << WORD_SHIFT;
    row.found = select<i32>(NOBODY, select<i32>(UNKNOWN, found, other), row.kind < 0);
  }
  for (let at = unknown; at < last; at += WORD) {
    sum ^= <u32>hot(max(link(load<i32>(at)).next - 1, 0)).state;
  }
  noteAhead(sum);
  readNext(<i32>((last - unknown) / WORD));
}
