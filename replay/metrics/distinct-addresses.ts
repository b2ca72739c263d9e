/**
 * How many different addresses: exact up to a million and a quarter, then estimated, so that a flood
 * of forged sources cannot fill the memory. Estimate: HyperLogLog (Flajolet et al. 2007) with 2¹⁴
 * registers, standard error 0.8 %.
 */
import * as hashes from "./address-hash.ts";
import { V4Set } from "./v4-set.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { addressHash, MAPPED, mix, v4Hash } = hashes;

const MOST_EXACT = 0.6 * 2 ** 21;
const REGISTER_BITS = 14;
const REGISTERS = 1 << REGISTER_BITS;

export class DistinctAddresses {
  readonly #v4 = new V4Set();
  /** Others in open addressing: four words an address, and whether a cell is taken. */
  #words = new Uint32Array(4 * 1024);
  #taken = new Uint8Array(1024);
  #others = 0;
  /** Leading zeros seen per register, once exact counting has been given up. */
  #ranks: Uint8Array | null = null;

  get estimated(): boolean {
    return this.#ranks !== null;
  }

  /** Distinct addresses so far. */
  get count(): number {
    if (!this.#ranks) return this.#v4.count + this.#others;
    let sum = 0;
    for (const rank of this.#ranks) sum += 2 ** -rank;
    return Math.round((0.7213 / (1 + 1.079 / REGISTERS)) * (REGISTERS ** 2 / sum));
  }

  /** Adds the address of four words at 4 · `row`. */
  add(addresses: Uint32Array, row: number): void {
    const at = 4 * row;
    const w0 = addresses[at];
    const w1 = addresses[at + 1];
    const w2 = addresses[at + 2];
    const w3 = addresses[at + 3];
    if ((w0 | w1) === 0 && w2 === MAPPED && w3 !== 0) {
      const hash = v4Hash(w3);
      if (this.#ranks) rank(this.#ranks, hash);
      else this.#v4.add(w3, hash);
    } else {
      const hash = addressHash(w0, w1, w2, w3);
      if (this.#ranks) rank(this.#ranks, hash);
      else this.#add(hash, w0, w1, w2, w3);
    }
    if (!this.#ranks && this.#v4.count + this.#others > MOST_EXACT) this.#giveUp();
  }

  #add(hash: number, w0: number, w1: number, w2: number, w3: number): void {
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
    if (++this.#others > 0.6 * this.#taken.length) this.#widen();
  }

  #widen(): void {
    const before = this.#drainOthers(2 * this.#taken.length);
    this.#others = 0;
    for (const [w0, w1, w2, w3] of before) this.#add(addressHash(w0, w1, w2, w3), w0, w1, w2, w3);
  }

  /** Begins to estimate. */
  #giveUp(): void {
    const ranks = new Uint8Array(REGISTERS);
    for (const address of this.#v4.drain()) rank(ranks, v4Hash(address));
    for (const [w0, w1, w2, w3] of this.#drainOthers(0)) rank(ranks, addressHash(w0, w1, w2, w3));
    this.#ranks = ranks;
  }

  /** Takes all others out, one by one, and leaves as many cells as `cells`. */
  #drainOthers(cells: number): Iterable<Uint32Array> {
    const words = this.#words;
    const taken = this.#taken;
    this.#words = new Uint32Array(4 * cells);
    this.#taken = new Uint8Array(cells);
    return (function* () {
      for (let cell = 0; cell < taken.length; cell++) {
        if (taken[cell] === 1) yield words.subarray(4 * cell, 4 * cell + 4);
      }
    })();
  }
}

/** Notes an address's hash in its register. */
function rank(ranks: Uint8Array, hash: number): void {
  // A second mix: the register must not tell anything of the bits that give the rank.
  const leading = 1 + Math.clz32(mix(hash, 0x5bd1e995));
  const register = hash >>> (32 - REGISTER_BITS);
  if (leading > ranks[register]) ranks[register] = leading;
}
