/**
 * How many different addresses: exact up to a million, then estimated, so that a flood of forged
 * sources cannot fill the memory. Estimate: HyperLogLog (Flajolet et al. 2007) with 2¹⁴ registers,
 * standard error 0.8 %.
 */

const MOST_EXACT = 1 << 20;
const REGISTER_BITS = 14;
const REGISTERS = 1 << REGISTER_BITS;

export class DistinctAddresses {
  /** Open addressing: four words an address, and whether a cell is taken. */
  #words = new Uint32Array(4 * 1024);
  #taken = new Uint8Array(1024);
  #count = 0;
  /** Leading zeros seen per register, once exact counting has been given up. */
  #ranks: Uint8Array | null = null;

  get estimated(): boolean {
    return this.#ranks !== null;
  }

  /** Distinct addresses so far. */
  get count(): number {
    if (!this.#ranks) return this.#count;
    let sum = 0;
    for (const rank of this.#ranks) sum += 2 ** -rank;
    return Math.round((0.7213 / (1 + 1.079 / REGISTERS)) * (REGISTERS ** 2 / sum));
  }

  /** Adds the address of four words at 4 · `row`. */
  add(addresses: Uint32Array, row: number): void {
    const at = 4 * row;
    this.#add(addresses[at], addresses[at + 1], addresses[at + 2], addresses[at + 3]);
  }

  #add(w0: number, w1: number, w2: number, w3: number): void {
    const hash = mix(mix(mix(mix(0, w0), w1), w2), w3);
    if (this.#ranks) {
      // A second mix: the register must not tell anything of the bits that give the rank.
      const bits = mix(hash, 0x5bd1e995);
      const register = hash >>> (32 - REGISTER_BITS);
      const rank = 1 + Math.clz32(bits);
      if (rank > this.#ranks[register]) this.#ranks[register] = rank;
      return;
    }
    const mask = this.#taken.length - 1;
    const words = this.#words;
    let cell = hash & mask;
    while (this.#taken[cell] === 1) {
      const at = 4 * cell;
      if (
        words[at + 3] === w3 &&
        words[at + 2] === w2 &&
        words[at + 1] === w1 &&
        words[at] === w0
      ) {
        return;
      }
      cell = (cell + 1) & mask;
    }
    this.#taken[cell] = 1;
    words[4 * cell] = w0;
    words[4 * cell + 1] = w1;
    words[4 * cell + 2] = w2;
    words[4 * cell + 3] = w3;
    if (++this.#count > 0.6 * this.#taken.length) this.#rehash();
  }

  #rehash(): void {
    const words = this.#words;
    const taken = this.#taken;
    if (this.#count >= MOST_EXACT) {
      this.#ranks = new Uint8Array(REGISTERS);
      this.#words = new Uint32Array(0);
      this.#taken = new Uint8Array(0);
    } else {
      this.#words = new Uint32Array(2 * words.length);
      this.#taken = new Uint8Array(2 * taken.length);
      this.#count = 0;
    }
    for (let cell = 0; cell < taken.length; cell++) {
      if (taken[cell] === 0) continue;
      const at = 4 * cell;
      this.#add(words[at], words[at + 1], words[at + 2], words[at + 3]);
    }
  }
}

/** One round of MurmurHash3's finaliser over a hash and a word. */
function mix(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
