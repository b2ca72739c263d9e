/**
 * IPv6 addresses as small numbers, so that the connection table's keys are as short as IPv4's. A
 * number lives as long as somebody holds it: memory follows open connections, not addresses seen.
 */

const FIRST_CAPACITY = 1024;

export class AddressBook {
  /** Four words an address, at 4 × its number. */
  #words = new Uint32Array(4 * FIRST_CAPACITY);
  #holders = new Int32Array(FIRST_CAPACITY);
  /** Open addressing over the words' hash: number + 1, or 0. */
  #slots = new Int32Array(2 * FIRST_CAPACITY);
  #free: number[] = [];
  #used = 0;
  #count = 0;
  /** Numbers that had no holder at some time since the last sweep. */
  #loose: number[] = [];

  /** Addresses held now. */
  get size(): number {
    return this.#count;
  }

  /** The four words of each number, at 4 × number; replaced when the book grows. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** The number of the address in four words at `at`. It is good until the next `sweep` unless held. */
  number(address: Uint32Array, at: number): number {
    const w0 = address[at];
    const w1 = address[at + 1];
    const w2 = address[at + 2];
    const w3 = address[at + 3];
    const known = this.#words;
    const mask = this.#slots.length - 1;
    let slot = hashWords(w0, w1, w2, w3) & mask;
    for (let entry = this.#slots[slot]; entry !== 0; entry = this.#slots[slot]) {
      const at4 = 4 * (entry - 1);
      if (known[at4 + 3] === w3 && known[at4 + 2] === w2) {
        if (known[at4 + 1] === w1 && known[at4] === w0) return entry - 1;
      }
      slot = (slot + 1) & mask;
    }
    const number = this.#free.pop() ?? this.#used++;
    if (number === this.#holders.length) this.#grow();
    const words = this.#words;
    words[4 * number] = w0;
    words[4 * number + 1] = w1;
    words[4 * number + 2] = w2;
    words[4 * number + 3] = w3;
    this.#holders[number] = 0;
    this.#loose.push(number);
    this.#count++;
    this.#insert(number);
    return number;
  }

  /** One more holder of `number`. */
  hold(number: number): void {
    this.#holders[number]++;
  }

  /** One holder less. */
  release(number: number): void {
    if (--this.#holders[number] === 0) this.#loose.push(number);
  }

  /** Forgets the numbers that nobody holds: call it when no decoded row refers to any. */
  sweep(): void {
    for (const number of this.#loose) if (this.#holders[number] === 0) this.#drop(number);
    this.#loose.length = 0;
  }

  #home(number: number): number {
    const words = this.#words;
    const at = 4 * number;
    const hash = hashWords(words[at], words[at + 1], words[at + 2], words[at + 3]);
    return hash & (this.#slots.length - 1);
  }

  #insert(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#home(number);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  /** Removes with a backward shift, so that no tombstones gather. */
  #drop(number: number): void {
    // It may stand in the list of loose ones twice.
    this.#holders[number] = -1;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = this.#home(number);
    while (slots[hole] !== number + 1) hole = (hole + 1) & mask;
    for (let next = (hole + 1) & mask; slots[next] !== 0; next = (next + 1) & mask) {
      if (((next - this.#home(slots[next] - 1)) & mask) < ((next - hole) & mask)) continue;
      slots[hole] = slots[next];
      hole = next;
    }
    slots[hole] = 0;
    this.#free.push(number);
    this.#count--;
  }

  #grow(): void {
    const capacity = 2 * this.#holders.length;
    const words = new Uint32Array(4 * capacity);
    words.set(this.#words);
    const holders = new Int32Array(capacity);
    holders.set(this.#holders);
    this.#words = words;
    const before = this.#slots;
    this.#holders = holders;
    this.#slots = new Int32Array(2 * capacity);
    for (const entry of before) if (entry !== 0) this.#insert(entry - 1);
  }
}

/** A multiplicative mix with the finaliser of MurmurHash3. */
function hashWords(w0: number, w1: number, w2: number, w3: number): number {
  let h = Math.imul(w0 ^ Math.imul(w1, 0x85ebca6b), 0x9e3779b1) ^ Math.imul(w2, 0xc2b2ae35) ^ w3;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
