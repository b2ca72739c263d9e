/**
 * Open connections as fixed-size records in one buffer: two cache lines each, counters that every
 * packet touches in the first, the rest in the second. Freed records are used again, so memory
 * follows the connections that are open at once.
 */

/** Words and doubles of a record: word w of record r is `words[r * WORDS + w]`. */
export const WORD_SHIFT = 5;
export const WORDS = 1 << WORD_SHIFT;
export const DOUBLES = 16;

/** Key: both ends' addresses, the smaller end first, then their ports, its own in the upper half. */
export const KEY_A = 0;
export const KEY_B = 1;
export const KEY_PORTS = 2;
/** Bits `STATE_*`; the lowest two are the kind and belong to the key. */
export const STATE = 3;
/** Per direction, by the end that sent: 0 for the key's first end. */
export const PACKETS = 4;
/** Doubles: payload and wire bytes per direction. */
export const BYTES = 3;
export const WIRE = 5;
/** Double: time of the last packet, in nanoseconds since the trace's origin, as all times here. */
export const LAST = 7;

/** The second cache line begins. Doubles: first packet, close. */
export const START = 8;
export const CLOSED_AT = 9;
/** Double: number in order of start, −1 for a connection of another service. */
export const ID = 10;
/** Words per direction: initial sequence number, when `STATE_NUMBERED` says that it is known. */
export const ISN = 22;
/** Sequence number behind each side's FIN. */
export const FIN_END = 24;
/** Neighbours and queue in `Queues`. */
export const PREVIOUS = 26;
export const NEXT = 27;
export const QUEUE = 28;
export const HASH = 29;

const FIRST_CAPACITY = 1024;

export class Records {
  words = new Int32Array(FIRST_CAPACITY * WORDS);
  doubles = new Float64Array(this.words.buffer);
  /** Records in use. */
  count = 0;
  /** Records free to be taken, and behind them those given back since the last `recycle`. */
  #free = new Int32Array(FIRST_CAPACITY);
  #ready = 0;
  #given = 0;
  /** Records ever used, from 0. */
  #used = 0;

  /** Makes room for `more` records, so that none of the next `take`s moves the buffer. */
  reserve(more: number): void {
    let capacity = this.#free.length;
    while (this.#used - this.#ready + more > capacity) capacity *= 2;
    if (capacity === this.#free.length) return;
    const words = new Int32Array(capacity * WORDS);
    words.set(this.words.subarray(0, this.#used * WORDS));
    this.words = words;
    this.doubles = new Float64Array(words.buffer);
    const free = new Int32Array(capacity);
    free.set(this.#free);
    this.#free = free;
  }

  /** A record with every field zero. `reserve` has made room for it. */
  take(): number {
    this.count++;
    if (this.#ready === 0) return this.#used++;
    const record = this.#free[--this.#ready];
    // The last one given back closes the gap: their order means nothing.
    this.#free[this.#ready] = this.#free[this.#ready + this.#given];
    const at = record * WORDS;
    this.words.fill(0, at, at + WORDS);
    return record;
  }

  /** Gives a record back; it is not taken again before `recycle`. */
  give(record: number): void {
    this.count--;
    this.#free[this.#ready + this.#given++] = record;
  }

  /** Lets the records given back be taken. */
  recycle(): void {
    this.#ready += this.#given;
    this.#given = 0;
  }
}
