/**
 * The index from a key's hash to its record: chains, of which few are longer than one. Heads lie by
 * themselves, four bytes each, so that they stay in the cache when records do not.
 */
import * as packet from "../decode/packet-rows.ts";
import type { Records } from "./records.ts";
import * as record from "./records.ts";
import * as note from "./row-notes.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { KIND, ROW_WORDS, ROW_SHIFT } = packet;
const { FOUND, NOBODY, NOTE_HASH, NOTE_A, NOTE_B, NOTE_PORTS, UNKNOWN } = note;
const { HASH, KEY_A, KEY_B, KEY_PORTS, NEXT, STATE, WORD_SHIFT } = record;

const FIRST_SIZE = 4096;
/** Heads for each record at least. */
const SPARSE = 4;
/** What of a record's state belongs to the key. */
const KIND_BITS = 3;

export class Slots {
  readonly #records: Records;
  /** Of hash h, by `h & mask`: the chain's first record + 1, or 0. */
  heads = new Int32Array(FIRST_SIZE);
  mask = FIRST_SIZE - 1;

  constructor(records: Records) {
    this.#records = records;
  }

  /** Makes room for as many records as there is room for. */
  reserve(): void {
    let size = this.mask + 1;
    while (size < SPARSE * this.#records.capacity) size *= 2;
    if (size === this.mask + 1) return;
    const before = this.heads;
    this.heads = new Int32Array(size);
    this.mask = size - 1;
    const { coldWords } = this.#records;
    for (const head of before) {
      for (let entry = head; entry !== 0; ) {
        const at = (entry - 1) << WORD_SHIFT;
        const next = coldWords[at + NEXT];
        this.insert(coldWords[at + HASH], entry - 1);
        entry = next;
      }
    }
  }

  insert(hash: number, record: number): void {
    const { coldWords } = this.#records;
    const heads = this.heads;
    const slot = hash & this.mask;
    const at = record << WORD_SHIFT;
    coldWords[at + HASH] = hash;
    coldWords[at + NEXT] = heads[slot];
    heads[slot] = record + 1;
  }

  remove(record: number): void {
    const { coldWords } = this.#records;
    const heads = this.heads;
    const at = record << WORD_SHIFT;
    const slot = coldWords[at + HASH] & this.mask;
    const next = coldWords[at + NEXT];
    let entry = heads[slot];
    if (entry === record + 1) {
      heads[slot] = next;
      return;
    }
    for (;;) {
      const link = ((entry - 1) << WORD_SHIFT) + NEXT;
      entry = coldWords[link];
      if (entry === record + 1) {
        coldWords[link] = next;
        return;
      }
    }
  }

  /** Reads what removing `record` will need; what comes of it means nothing. */
  touch(record: number): number {
    return this.heads[this.#records.coldWords[(record << WORD_SHIFT) + HASH] & this.mask];
  }

  /**
   * Leaves as `FOUND` what `noteKeys` noted where it is the row's own, and notes `UNKNOWN` where the
   * first of its chain is another's. There is no branch between one row and the next that would have to wait for
   * memory, so that its delays overlap.
   */
  look(rows: Int32Array, notes: Int32Array, count: number): void {
    const { words } = this.#records;
    const end = count << ROW_SHIFT;
    for (let row = 0; row < end; row += ROW_WORDS) {
      const record = notes[row + FOUND];
      // Record 0 stands in where there is none.
      const at = (record & ~(record >> 31)) << WORD_SHIFT;
      const kind = rows[row + KIND];
      const apart =
        (words[at + KEY_A] ^ notes[row + NOTE_A]) |
        (words[at + KEY_B] ^ notes[row + NOTE_B]) |
        (words[at + KEY_PORTS] ^ notes[row + NOTE_PORTS]) |
        ((words[at + STATE] & KIND_BITS) ^ kind);
      const found = record | ((apart | (0 - apart)) >> 31);
      notes[row + FOUND] = kind < 0 ? NOBODY : found;
    }
  }

  /** The record that has the key of `row`, or `UNKNOWN`. */
  find(rows: Int32Array, notes: Int32Array, row: number): number {
    const { words, coldWords } = this.#records;
    const kind = rows[row + KIND];
    let entry = this.heads[notes[row + NOTE_HASH] & this.mask];
    while (entry !== 0) {
      const at = (entry - 1) << WORD_SHIFT;
      if (
        words[at + KEY_PORTS] === notes[row + NOTE_PORTS] &&
        words[at + KEY_A] === notes[row + NOTE_A] &&
        words[at + KEY_B] === notes[row + NOTE_B] &&
        (words[at + STATE] & KIND_BITS) === kind
      ) {
        return entry - 1;
      }
      entry = coldWords[at + NEXT];
    }
    return UNKNOWN;
  }
}
