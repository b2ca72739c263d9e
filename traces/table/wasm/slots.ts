/**
 * The index from a key's hash to its record: chains. Heads and links lie by themselves, a few bytes
 * each, so that they stay in the cache when records do not; and an entry holds some bits of its
 * record's hash, so that records of others are hardly ever looked at.
 */
import { allocate, release } from "./memory.ts";
import { hot, link, used } from "./records.ts";
import { Row, UNKNOWN } from "./row.ts";
import { KIND_BITS } from "./state.ts";

/** Heads for each record at least, and at first. */
const SPARSE: i32 = 1;
const FIRST_HEADS: i32 = 1 << 15;

/** An entry: the record's number, which is less than memory has room for, and bits of its hash. */
const NUMBER: u32 = (1 << 25) - 1;
const TAG: u32 = ~NUMBER;
/** What a chain ends with. */
export const NONE: u32 = 0;

/** Of hash h, by `h & mask`: the chain's first entry. */
let heads: usize = 0;
let mask: i32 = -1;

function head(hash: u32): usize {
  return heads + ((<usize>(<i32>hash & mask)) << 2);
}

/** The record of an entry; of `NONE`, the one that stands in. */
export function recordOf(entry: u32): i32 {
  return <i32>(entry & NUMBER);
}

/** Whether the entry may be that of a record with this hash: of all others, one in 128 may. */
export function mayBe(entry: u32, hash: u32): bool {
  return ((entry ^ hash) & TAG) === 0;
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
    for (let entry = load<u32>(before + ((<usize>slot) << 2)); entry !== NONE; ) {
      const record = recordOf(entry);
      entry = link(record).next;
      insert(link(record).hash, record);
    }
  }
  if (size > 0) release(before, (<usize>size) << 2);
}

/** The first entry of a hash's chain, or `NONE`. */
export function firstOf(hash: u32): u32 {
  return load<u32>(head(hash));
}

/** The entry behind that of a record. */
export function nextOf(entry: u32): u32 {
  return link(recordOf(entry)).next;
}

export function insert(hash: u32, record: i32): void {
  const line = link(record);
  line.hash = hash;
  line.next = load<u32>(head(hash));
  store<u32>(head(hash), (hash & TAG) | <u32>record);
}

export function remove(record: i32): void {
  const line = link(record);
  let entry = firstOf(line.hash);
  if (recordOf(entry) === record) {
    store<u32>(head(line.hash), line.next);
    return;
  }
  for (;;) {
    const before = link(recordOf(entry));
    entry = before.next;
    if (recordOf(entry) === record) {
      before.next = line.next;
      return;
    }
  }
}

/** The record that has the row's key, or `UNKNOWN`. */
export function find(row: Row): i32 {
  for (let entry = firstOf(row.hash); entry !== NONE; entry = nextOf(entry)) {
    if (mayBe(entry, row.hash) && !isOther(recordOf(entry), row)) return recordOf(entry);
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
export function touch(record: i32): u32 {
  return nextOf(firstOf(link(record).hash));
}
