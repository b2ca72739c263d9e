/** From packets to the records of their connections, a chunk at a time. */

import { setKey } from "../../decode/wasm/key.ts";
import { numberOf } from "./address-book.ts";
import { noteAhead } from "./ahead.ts";
import { allocate } from "./memory.ts";
import { hot, readNext } from "./records.ts";
import { KIND_V6, ROW_BYTES, Row } from "./row.ts";
import { firstOf, mayBe, NONE, nextOf, recordOf } from "./slots.ts";

const WORD_SHIFT: usize = 2;
const WORD: usize = 1 << WORD_SHIFT;
/** Rows whose record stands farther back in a chain, if anywhere. */
let astray: usize = 0;

/** To be called first; `most` rows will be looked up at once. */
export function beginLooking(most: i32): void {
  astray = allocate(<usize>(most + 1) * WORD);
}

/** Two IPv6 addresses for each row. */
const ADDRESS_BYTES: usize = 16;

/** Makes the key of a row of IPv6, whose addresses lie at `addresses`: their numbers stand for them. */
function makeKeyV6(row: Row, addresses: usize): void {
  const source = numberOf(addresses);
  setKey(row, source, numberOf(addresses + ADDRESS_BYTES), row.ports);
}

/**
 * Notes as `entry` what may be the row's own, and `NONE` where nothing is. The rows, from `first` to
 * `end`, have their keys, or IPv6 addresses, which begin at `v6`. What has to come from memory is read
 * ahead.
 */
export function lookUp(first: usize, end: usize, v6: usize): void {
  let last = astray;
  for (let at = first; at < end; at += ROW_BYTES) {
    const row = changetype<Row>(at);
    if (row.kind >= KIND_V6) makeKeyV6(row, v6 + ((at - first) / ROW_BYTES) * 2 * ADDRESS_BYTES);
    last = look(row, firstOf(row.hash), last);
  }
  // Nothing in these loops branches.
  while (last !== astray) last = goOn(last);
  let sum: u32 = 0;
  let unknown = 0;
  for (let at = first; at < end; at += ROW_BYTES) {
    const entry = changetype<Row>(at).entry;
    sum ^= <u32>hot(recordOf(entry)).state;
    unknown += <i32>(entry === NONE);
  }
  noteAhead(sum);
  readNext(unknown);
}

/** Notes an entry for a row; if it is another's, the row goes astray, behind all others that have. */
function look(row: Row, entry: u32, last: usize): usize {
  row.entry = entry;
  store<usize>(last, changetype<usize>(row));
  const other = <i32>!mayBe(entry, row.hash) & <i32>(entry !== NONE);
  return last + ((<usize>other) << WORD_SHIFT);
}

/** Goes on along the chains of rows that have gone astray; returns where those that still have end. */
function goOn(last: usize): usize {
  let left = astray;
  for (let at = astray; at < last; at += WORD) {
    const row = changetype<Row>(load<usize>(at));
    left = look(row, nextOf(row.entry), left);
  }
  return left;
}
