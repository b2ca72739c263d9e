/**
 * The index from a key's hash to its record: open addressing with linear probing, at most half
 * full, emptied by backward shift so that no tombstones gather.
 */

const FIRST_SIZE = 4096;

export class Slots {
  /** Pairs of hash and record + 1; 0 in the second word is an empty slot. */
  pairs = new Int32Array(2 * FIRST_SIZE);
  mask = FIRST_SIZE - 1;
  #count = 0;

  /** Makes room for `more` entries, so that none of the next `insert`s moves the slots. */
  reserve(more: number): void {
    let size = this.mask + 1;
    while (2 * (this.#count + more) > size) size *= 2;
    if (size === this.mask + 1) return;
    const before = this.pairs;
    this.pairs = new Int32Array(2 * size);
    this.mask = size - 1;
    this.#count = 0;
    for (let at = 0; at < before.length; at += 2) {
      if (before[at + 1] !== 0) this.insert(before[at], before[at + 1] - 1);
    }
  }

  insert(hash: number, record: number): void {
    const { pairs, mask } = this;
    let slot = hash & mask;
    while (pairs[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
    pairs[2 * slot] = hash;
    pairs[2 * slot + 1] = record + 1;
    this.#count++;
  }

  remove(hash: number, record: number): void {
    const { pairs, mask } = this;
    let hole = hash & mask;
    while (pairs[2 * hole + 1] !== record + 1) hole = (hole + 1) & mask;
    for (let next = (hole + 1) & mask; pairs[2 * next + 1] !== 0; next = (next + 1) & mask) {
      // An entry may move back as far as its home, not beyond.
      if (((next - pairs[2 * next]) & mask) < ((next - hole) & mask)) continue;
      pairs[2 * hole] = pairs[2 * next];
      pairs[2 * hole + 1] = pairs[2 * next + 1];
      hole = next;
    }
    pairs[2 * hole + 1] = 0;
    this.#count--;
  }
}

/** Hash of a canonical key: a multiplicative mix with a finaliser like MurmurHash3's. */
export function hashKey(a: number, b: number, ports: number, kind: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b ^ (ports << 15), 0x85ebca6b) ^ ports ^ kind;
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
  return h ^ (h >>> 15);
}
