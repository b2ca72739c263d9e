/**
 * Judgements by header bytes. What a header's options mean, what is wrong with them and what each
 * kernel does with them depends on few of the header's bytes, and the packets of a connection share
 * them: a capture has far fewer different headers than packets. A direct-mapped table remembers the
 * last judgement at each place; what it forgets is judged again.
 */
import type { Judgement } from "./judgement.ts";

/** Judgements remembered. */
export const CACHE_SLOTS = 4096;
/** Words of the longest key: an IPv6 header with 240 bytes of extension headers. */
const MOST_WORDS = 72;

export class JudgementCache {
  readonly #keys = new Int32Array(CACHE_SLOTS * (MOST_WORDS + 1));
  readonly #judgements: (Judgement | undefined)[] = new Array(CACHE_SLOTS).fill(undefined);
  readonly #key = new Int32Array(MOST_WORDS);
  readonly #forget: (judgement: Judgement) => void;
  #length = 0;
  /** Place of the key found last. */
  slot = 0;

  /** `forget` is told every judgement that leaves the table. */
  constructor(forget: (judgement: Judgement) => void) {
    this.#forget = forget;
  }

  /** Begins a key. */
  start(word: number): void {
    this.#key[0] = word;
    this.#length = 1;
  }

  add(word: number): void {
    if (this.#length < MOST_WORDS) this.#key[this.#length] = word;
    this.#length++;
  }

  /** Adds `length` bytes, a multiple of 4. */
  addBytes(view: DataView, at: number, length: number): void {
    for (let i = 0; i < length; i += 4) this.add(view.getInt32(at + i));
  }

  /** Whether the key is short enough to be remembered. */
  get fits(): boolean {
    return this.#length <= MOST_WORDS;
  }

  /** The judgement under a key that fits, or undefined; then `keep` puts one there. */
  find(): Judgement | undefined {
    const length = this.#length;
    const key = this.#key;
    let hash = length;
    for (let i = 0; i < length; i++) {
      hash = Math.imul(hash ^ key[i], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    this.slot = hash & (CACHE_SLOTS - 1);
    const keys = this.#keys;
    const at = this.slot * (MOST_WORDS + 1);
    if (keys[at] !== length) return undefined;
    for (let i = 0; i < length; i++) if (keys[at + 1 + i] !== key[i]) return undefined;
    return this.#judgements[this.slot];
  }

  /** Remembers a judgement under the key that `find` did not find. */
  keep(judgement: Judgement): void {
    const old = this.#judgements[this.slot];
    if (old) this.#forget(old);
    const at = this.slot * (MOST_WORDS + 1);
    this.#keys[at] = this.#length;
    for (let i = 0; i < this.#length; i++) this.#keys[at + 1 + i] = this.#key[i];
    this.#judgements[this.slot] = judgement;
  }

  /** Forgets everything, telling so. */
  clear(): void {
    for (const [slot, judgement] of this.#judgements.entries()) {
      if (judgement) this.#forget(judgement);
      this.#judgements[slot] = undefined;
      this.#keys[slot * (MOST_WORDS + 1)] = 0;
    }
  }
}
