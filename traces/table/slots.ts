/**
 * The index from a key's hash to its record: chains, of which few are longer than one. Heads and
 * links lie by themselves, four bytes each, so that they stay in the cache when records do not.
 */

const FIRST_SIZE = 4096;
/** Heads for each record at least. */
const SPARSE = 4;

export class Slots {
  /** Of hash h, by `h & mask`: the chain's first record + 1, or 0. */
  heads = new Int32Array(FIRST_SIZE);
  mask = FIRST_SIZE - 1;
  /** Of record r: its hash at 2r, the next record of its chain + 1 at 2r + 1. */
  #links = new Int32Array(0);

  /** Makes room for records up to `capacity`. */
  reserve(capacity: number): void {
    if (2 * capacity <= this.#links.length) return;
    const links = new Int32Array(2 * capacity);
    links.set(this.#links);
    this.#links = links;
    let size = this.mask + 1;
    while (size < SPARSE * capacity) size *= 2;
    const before = this.heads;
    this.heads = new Int32Array(size);
    this.mask = size - 1;
    for (const head of before) {
      for (let entry = head; entry !== 0; ) {
        const next = links[2 * entry - 1];
        this.insert(links[2 * entry - 2], entry - 1);
        entry = next;
      }
    }
  }

  insert(hash: number, record: number): void {
    const links = this.#links;
    const { heads } = this;
    const slot = hash & this.mask;
    links[2 * record] = hash;
    links[2 * record + 1] = heads[slot];
    heads[slot] = record + 1;
  }

  remove(record: number): void {
    const links = this.#links;
    const { heads } = this;
    const slot = links[2 * record] & this.mask;
    const next = links[2 * record + 1];
    let entry = heads[slot];
    if (entry === record + 1) {
      heads[slot] = next;
      return;
    }
    while (links[2 * entry - 1] !== record + 1) entry = links[2 * entry - 1];
    links[2 * entry - 1] = next;
  }

  /** The record behind `record` in its chain, or −1. */
  after(record: number): number {
    return this.#links[2 * record + 1] - 1;
  }

  /** Reads what removing `record` will need. */
  touch(record: number): number {
    return this.heads[this.#links[2 * record] & this.mask];
  }
}

/** Hash of a canonical key: a multiplicative mix with a finaliser like MurmurHash3's. */
export function hashKey(a: number, b: number, ports: number, kind: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b ^ (ports << 15), 0x85ebca6b) ^ ports ^ kind;
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
  return h ^ (h >>> 15);
}
