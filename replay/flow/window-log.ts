/**
 * What is known of windows that cannot be decided yet, packed small: a record is a few bytes, a
 * window's records lie in linked chunks, and chunks are used again once their window is decided.
 */

const CHUNK = 512;
const CHUNKS_PER_SEGMENT = 2048;
/** Longest record: three numbers of at most eight bytes of seven bits. */
const LONGEST = 24;
const NONE = -1;

/** One window's records. */
interface Pending {
  readonly window: number;
  first: number;
  last: number;
  /** Bytes used in the last chunk. */
  used: number;
}

export class WindowLog {
  readonly #segments: Uint8Array[] = [];
  #next = new Int32Array(0);
  #free = NONE;
  readonly #byWindow = new Map<number, Pending>();
  /** Windows with records, ascending from `#head` on. */
  #order: number[] = [];
  #head = 0;
  #cached: Pending | undefined;

  /** The earliest window with records; ∞ when there is none. */
  earliest(): number {
    return this.#head < this.#order.length ? this.#order[this.#head] : Number.POSITIVE_INFINITY;
  }

  /** Appends a record of three whole numbers from 0 to 2⁵³ to a window. */
  append(window: number, tag: number, a: number, b: number): void {
    const pending = this.#pending(window);
    if (pending.used + LONGEST > CHUNK) this.#extend(pending);
    const segment = this.#segments[Math.floor(pending.last / CHUNKS_PER_SEGMENT)];
    const base = (pending.last % CHUNKS_PER_SEGMENT) * CHUNK;
    let at = writeNumber(segment, base + pending.used, tag);
    at = writeNumber(segment, at, a);
    at = writeNumber(segment, at, b);
    pending.used = at - base;
  }

  /** Hands over the records of the earliest window in the order of appending, and forgets them. */
  drain(each: (tag: number, a: number, b: number) => void): void {
    const pending = this.#byWindow.get(this.#order[this.#head]);
    if (!pending) return;
    const cursor = { at: 0 };
    for (let chunk = pending.first; chunk !== NONE; ) {
      const segment = this.#segments[Math.floor(chunk / CHUNKS_PER_SEGMENT)];
      const base = (chunk % CHUNKS_PER_SEGMENT) * CHUNK;
      const following = this.#next[chunk];
      // A full chunk ends in a zero byte, which no record begins with.
      const end = base + (chunk === pending.last ? pending.used : CHUNK);
      cursor.at = base;
      while (cursor.at < end && segment[cursor.at] !== 0) {
        const tag = readNumber(segment, cursor);
        const a = readNumber(segment, cursor);
        const b = readNumber(segment, cursor);
        each(tag, a, b);
      }
      this.#next[chunk] = this.#free;
      this.#free = chunk;
      chunk = following;
    }
    this.#byWindow.delete(pending.window);
    if (this.#cached === pending) this.#cached = undefined;
    this.#head++;
    if (this.#head > 1024 && 2 * this.#head > this.#order.length) {
      this.#order = this.#order.slice(this.#head);
      this.#head = 0;
    }
  }

  #pending(window: number): Pending {
    if (this.#cached?.window === window) return this.#cached;
    let pending = this.#byWindow.get(window);
    if (!pending) {
      const chunk = this.#chunk();
      pending = { window, first: chunk, last: chunk, used: 0 };
      this.#byWindow.set(window, pending);
      let at = this.#order.length;
      while (at > this.#head && this.#order[at - 1] > window) at--;
      this.#order.splice(at, 0, window);
    }
    this.#cached = pending;
    return pending;
  }

  #extend(pending: Pending): void {
    const segment = this.#segments[Math.floor(pending.last / CHUNKS_PER_SEGMENT)];
    segment[(pending.last % CHUNKS_PER_SEGMENT) * CHUNK + pending.used] = 0;
    const chunk = this.#chunk();
    this.#next[pending.last] = chunk;
    pending.last = chunk;
    pending.used = 0;
  }

  #chunk(): number {
    if (this.#free === NONE) this.#addSegment();
    const chunk = this.#free;
    this.#free = this.#next[chunk];
    this.#next[chunk] = NONE;
    return chunk;
  }

  #addSegment(): void {
    const from = this.#segments.length * CHUNKS_PER_SEGMENT;
    this.#segments.push(new Uint8Array(CHUNK * CHUNKS_PER_SEGMENT));
    const next = new Int32Array(from + CHUNKS_PER_SEGMENT);
    next.set(this.#next);
    for (let i = from; i < next.length; i++) next[i] = i + 1 < next.length ? i + 1 : NONE;
    this.#next = next;
    this.#free = from;
  }
}

/** Seven bits a byte, least significant first, the top bit set on all but the last. */
function writeNumber(bytes: Uint8Array, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  while (rest >= 0x80000000) {
    bytes[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  let low = rest | 0;
  while (low > 127) {
    bytes[at++] = (low & 127) | 0x80;
    low >>>= 7;
  }
  bytes[at++] = low;
  return at;
}

function readNumber(bytes: Uint8Array, cursor: { at: number }): number {
  let byte = bytes[cursor.at++];
  let value = byte & 127;
  for (let scale = 128; byte > 127; scale *= 128) {
    byte = bytes[cursor.at++];
    value += (byte & 127) * scale;
  }
  return value;
}
