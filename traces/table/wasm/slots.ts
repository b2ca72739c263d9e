/**
 * The index from a key's hash to its record: chains, of which few are longer than one. Heads lie by
 * themselves, four bytes each, so that they stay in the cache when records do not.
 */
import { allocate, release } from "./memory.ts";
import { hot, link, used } from "./records.ts";
import { Row, UNKNOWN } from "./row.ts";
import { KIND_BITS } from "./state.ts";

/** Heads for each record at least, and at first. */
const SPARSE: i32 = 4;
const FIRST_HEADS: i32 = 1 << 17;

/** Of hash h, by `h & mask`: the chain's first record + 1, or 0. */
let heads: usize = 0;
let mask: i32 = -1;

function head(hash: u32): usize {
  return heads + ((<usize>(<i32>hash & mask)) << 2);
}

/** Makes room for `more` records. */
export function reserveSlots(more: i32): void {
  const size = mask + 1;
  let wanted = max(size, FIRST_HEADS);
  while (wanted < SPARSE * (used + more)) wanted *= 2;
  if (size === wanted) return;
  const before = heads;
  heads = allocate((<usize>wanted) << 2);
  mask = wanted - 1;
  for (let slot = 0; slot < size; slot++) {
    for (let entry = load<i32>(before + ((<usize>slot) << 2)); entry !== 0; ) {
      const record = entry - 1;
      entry = link(record).next;
      insert(link(record).hash, record);
    }
  }
  if (size > 0) release(before, (<usize>size) << 2);
}

/** The first record of a hash's chain, or `UNKNOWN`. */
export function firstOf(hash: u32): i32 {
  return load<i32>(head(hash)) - 1;
}

export function insert(hash: u32, record: i32): void {
  const line = link(record);
  line.hash = hash;
  line.next = load<i32>(head(hash));
  store<i32>(head(hash), record + 1);
}

export function remove(record: i32): void {
  const line = link(record);
  const first = head(line.hash);
  let entry = load<i32>(first);
  if (entry === record + 1) {
    store<i32>(first, line.next);
    return;
  }
  for (;;) {
    const before = link(entry - 1);
    entry = before.next;
    if (entry === record + 1) {
      before.next = line.next;
      return;
    }
  }
}

/** The record that has the row's key, or `UNKNOWN`. */
export function find(row: Row): i32 {
  let record = firstOf(row.hash);
  while (record !== UNKNOWN) {
    if (!isOther(record, row)) return record;
    record = link(record).next - 1;
  }
  return UNKNOWN;
}

/** Whether the record has another key than the row; nothing here branches. */
export function isOther(record: i32, row: Row): bool {
  const held = v128.load(changetype<usize>(hot(record)));
  const apart = v128.xor(held, v128.load(changetype<usize>(row)));
  return v128.any_true(v128.and(apart, i32x4(KIND_BITS, -1, -1, -1)));
}

/** Reads what removing `record` will need; what comes of it means nothing. */
export function touch(record: i32): i32 {
  return load<i32>(head(link(record).hash));
}
