/**
 * Connections that are followed, as records of fixed size. What every packet of a connection touches
 * fills one cache line; what its opening and its end need lies in another, in another buffer. Freed
 * records are used again, so memory follows the connections that are open at once.
 */

/** Words and doubles of a record's line: word w of record r is `words[(r << WORD_SHIFT) + w]`. */
export const WORD_SHIFT = 4;
export const DOUBLE_SHIFT = 3;

/** Key: both ends' addresses, the smaller end first, then their ports, its own in the upper half. */
export const KEY_A = 0;
export const KEY_B = 1;
export const KEY_PORTS = 2;
/** Bits `STATE_*`; the lowest two are the kind and belong to the key. */
export const STATE = 3;
/** Words per direction, by the end that sent: 0 for the key's first end. */
export const PACKETS = 4;
/** Payload and wire bytes modulo 2³²; the rest is in `PAYLOAD_HIGH` and `WIRE_HIGH`. */
export const PAYLOAD = 6;
export const WIRE = 8;
/** Initial sequence number, when `STATE_NUMBERED` says that it is known. */
export const ISN = 10;
/** Sequence number behind each side's FIN. */
export const FIN_END = 12;
/** Double: time of the last packet, in nanoseconds since the trace's origin, as all times here. */
export const LAST = 7;

/** Doubles of `rest`, by `DOUBLE_SHIFT` too: first packet, close. */
export const START = 0;
export const CLOSED_AT = 1;
/** Number in order of start, −1 for a connection of another service. */
export const ID = 2;
/** Per direction: what the counters of the line have passed over, a multiple of 2³². */
export const PAYLOAD_HIGH = 4;
export const WIRE_HIGH = 6;

const FIRST_CAPACITY = 1024;
const LINE_WORDS = 16;
const LINE_DOUBLES = 8;
export class Records {
  words: Int32Array = new Int32Array(0);
  /** The same memory as `words`. */
  doubles: Float64Array = new Float64Array(0);
  rest: Float64Array = new Float64Array(0);
  /** Records in use. */
  count = 0;
  /** Records free to be taken, and behind them those given back since the last `recycle`. */
  #free = new Int32Array(0);
  #ready = 0;
  #given = 0;
  /** Records ever used, from 0. */
  #used = 0;

  constructor() {
    this.#resize(FIRST_CAPACITY);
  }

  get capacity(): number {
    return this.#free.length;
  }

  /** Makes room for `more` records, so that none of the next `take`s moves the buffers. */
  reserve(more: number): void {
    let { capacity } = this;
    while (this.#used - this.#ready + more > capacity) capacity *= 2;
    if (capacity > this.capacity) this.#resize(capacity);
  }

  #resize(capacity: number): void {
    const words = new Int32Array(capacity * LINE_WORDS);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(words.buffer);
    const rest = new Float64Array(capacity * LINE_DOUBLES);
    rest.set(this.rest);
    this.rest = rest;
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
    const { words, rest } = this;
    const word = record * LINE_WORDS;
    for (let i = word; i < word + LINE_WORDS; i++) words[i] = 0;
    const double = record * LINE_DOUBLES;
    for (let i = double; i < double + LINE_DOUBLES; i++) rest[i] = 0;
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
