/**
 * Connections that are followed, as records of fixed size. What every packet of a connection touches
 * fills one cache line; what its opening and its end need lies in another, in another buffer. Freed
 * records are used again, so memory follows the connections that are open at once.
 */
import * as states from "./states.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { STATE_GONE } = states;

/** Words and doubles of a record's lines: word w of record r is `words[(r << WORD_SHIFT) + w]`. */
export const WORD_SHIFT = 4;
export const DOUBLE_SHIFT = 3;

/** Key: both ends' addresses, the smaller end first, then their ports, its own in the upper half. */
export const KEY_A = 0;
export const KEY_B = 1;
export const KEY_PORTS = 2;
/** Bits `STATE_*`; the lowest two are the kind and belong to the key. */
export const STATE = states.STATE;
/** Words per direction, by the end that sent: 0 for the key's first end. */
export const PACKETS = 4;
/** Payload and wire bytes modulo 2³²; the rest is in `PAYLOAD_CARRY` and `WIRE_CARRY`. */
export const PAYLOAD = 6;
export const WIRE = 8;
/** Double: time of the last packet, in nanoseconds since the trace's origin, as all times here. */
export const LAST = 7;

/** Doubles of the cold line: first packet, close. */
export const START = 0;
export const CLOSED_AT = 1;
/** Number in order of start, −1 for a connection of another service. */
export const ID = 2;
/** Number of the packet that closed it. */
export const CLOSED_BY = 3;
/** Words of the cold line, behind those doubles: its key's hash, the next of its chain + 1 or 0. */
export const HASH = 8;
export const NEXT = 9;
/** Per direction: how often the counters of the hot line have come round. */
export const PAYLOAD_CARRY = 10;
export const WIRE_CARRY = 12;

const FIRST_CAPACITY = 1024;
const LINE_BYTES = 64;
/**
 * What the usual allocator (glibc's) puts before a large piece of memory, and what we leave free
 * behind that, so that a record is one cache line and not parts of two.
 */
const HEADER_BYTES = 16;
const FREE_BYTES = LINE_BYTES - HEADER_BYTES;

export class Records {
  words: Int32Array = new Int32Array(0);
  /** The same memory as `words`. */
  doubles: Float64Array = new Float64Array(0);
  coldWords: Int32Array = new Int32Array(0);
  /** The same memory as `coldWords`. */
  coldDoubles: Float64Array = new Float64Array(0);
  /** Records in use. */
  count = 0;
  /** Records ever used, from 0; those not in use now have `STATE_GONE`. */
  used = 0;
  /** Records free to be taken, and behind them those given back since the last `recycle`. */
  #free = new Int32Array(0);
  #ready = 0;
  #given = 0;

  constructor() {
    this.#resize(FIRST_CAPACITY);
  }

  get capacity(): number {
    return this.#free.length;
  }

  /** Makes room for `more` records, so that none of the next `take`s moves the buffers. */
  reserve(more: number): void {
    let { capacity } = this;
    while (this.used - this.#ready + more > capacity) capacity *= 2;
    if (capacity > this.capacity) this.#resize(capacity);
  }

  #resize(capacity: number): void {
    const hot = lines(capacity);
    hot.words.set(this.words);
    this.words = hot.words;
    this.doubles = hot.doubles;
    const cold = lines(capacity);
    cold.words.set(this.coldWords);
    this.coldWords = cold.words;
    this.coldDoubles = cold.doubles;
    const free = new Int32Array(capacity);
    free.set(this.#free);
    this.#free = free;
  }

  /** A record, whatever stands in it; `reserve` has made room for it. */
  take(): number {
    this.count++;
    if (this.#ready === 0) return this.used++;
    const record = this.#free[--this.#ready];
    // The last one given back closes the gap: their order means nothing.
    this.#free[this.#ready] = this.#free[this.#ready + this.#given];
    return record;
  }

  /** Gives a record back; it is not taken again before `recycle`. */
  give(record: number): void {
    this.words[(record << WORD_SHIFT) + STATE] |= STATE_GONE;
    this.count--;
    this.#free[this.#ready + this.#given++] = record;
  }

  /** Lets the records given back be taken. */
  recycle(): void {
    this.#ready += this.#given;
    this.#given = 0;
  }
}

/** Memory for `count` lines, as words and as doubles. */
function lines(count: number): { words: Int32Array; doubles: Float64Array } {
  const memory = new ArrayBuffer(FREE_BYTES + LINE_BYTES * count);
  return {
    words: new Int32Array(memory, FREE_BYTES),
    doubles: new Float64Array(memory, FREE_BYTES),
  };
}
