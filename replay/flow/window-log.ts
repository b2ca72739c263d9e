/**
 * What is known of windows that cannot be decided yet, packed small: a record is a few bytes, a
 * window's records lie in linked chunks, and chunks are used again once their window is decided.
 */

const CHUNK = 512;
const CHUNKS_PER_SEGMENT = 2048;
/** Longest record: three numbers of at most eight bytes of seven bits. */
const LONGEST = 24;
const NONE = -1;

/** Kinds of records. A record's first number is 1 + 4 · (step from the last slot) + kind, never 0. */
const OPENED = 0;
const CLOSED = 1;
const MOVED = 2;
const RELEASED = 3;

/** What a record is a step from: neighbours are near each other, and near is short. */
class Previous {
  slot = 0;
  open = 0;
  close = 0;
}

/** One window's records. */
interface Pending {
  readonly window: number;
  readonly previous: Previous;
  first: number;
  last: number;
  /** Bytes used in the last chunk. */
  used: number;
}

/** Who is told of a window's records, in the order of writing; times as they were written. */
export interface WindowReader {
  opened(slot: number, time: number): void;
  closed(slot: number, time: number, payload: number): void;
  moved(slot: number, bytes: number): void;
  released(slot: number): void;
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
  /** Where the record being written goes on. */
  #segment: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** The earliest window with records; ∞ when there is none. */
  earliest(): number {
    return this.#head < this.#order.length ? this.#order[this.#head] : Number.POSITIVE_INFINITY;
  }

  /** A connection opens at `time`, a whole number from 0 to 2⁵³, in the window. */
  opened(window: number, slot: number, time: number): void {
    const pending = this.#begin(window, OPENED, slot);
    this.#write(zigzag(time - pending.previous.open));
    pending.previous.open = time;
    this.#end(pending);
  }

  /** A connection closes at `time`; `payload` is any whole number to be handed back. */
  closed(window: number, slot: number, time: number, payload: number): void {
    const pending = this.#begin(window, CLOSED, slot);
    this.#write(zigzag(time - pending.previous.close));
    this.#write(payload);
    pending.previous.close = time;
    this.#end(pending);
  }

  /** A connection moves bytes in the window. */
  moved(window: number, slot: number, bytes: number): void {
    const pending = this.#begin(window, MOVED, slot);
    this.#write(bytes);
    this.#end(pending);
  }

  /** A slot is free after the window. */
  released(window: number, slot: number): void {
    this.#end(this.#begin(window, RELEASED, slot));
  }

  /** Hands over the records of the earliest window in the order of writing, and forgets them. */
  drain(reader: WindowReader): void {
    const pending = this.#byWindow.get(this.#order[this.#head]);
    if (!pending) return;
    const previous = new Previous();
    for (let chunk = pending.first; chunk !== NONE; ) {
      const segment = this.#segments[Math.floor(chunk / CHUNKS_PER_SEGMENT)];
      const base = (chunk % CHUNKS_PER_SEGMENT) * CHUNK;
      const following = this.#next[chunk];
      const length = chunk === pending.last ? pending.used : CHUNK;
      readChunk(segment, base, base + length, previous, reader);
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

  #begin(window: number, kind: number, slot: number): Pending {
    const pending = this.#pending(window);
    if (pending.used + LONGEST > CHUNK) this.#extend(pending);
    this.#segment = this.#segments[Math.floor(pending.last / CHUNKS_PER_SEGMENT)];
    this.#at = (pending.last % CHUNKS_PER_SEGMENT) * CHUNK + pending.used;
    this.#write(1 + 4 * zigzag(slot - pending.previous.slot) + kind);
    pending.previous.slot = slot;
    return pending;
  }

  #write(value: number): void {
    this.#at = writeNumber(this.#segment, this.#at, value);
  }

  #end(pending: Pending): void {
    pending.used = this.#at - (pending.last % CHUNKS_PER_SEGMENT) * CHUNK;
  }

  #pending(window: number): Pending {
    if (this.#cached?.window === window) return this.#cached;
    let pending = this.#byWindow.get(window);
    if (!pending) {
      const chunk = this.#chunk();
      pending = { window, previous: new Previous(), first: chunk, last: chunk, used: 0 };
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

/** Reads records up to `end`, or to a zero byte: no record begins with one. */
function readChunk(
  bytes: Uint8Array,
  from: number,
  end: number,
  previous: Previous,
  reader: WindowReader,
): void {
  const cursor = { at: from };
  while (cursor.at < end && bytes[cursor.at] !== 0) {
    const tag = readNumber(bytes, cursor) - 1;
    const kind = tag % 4;
    const slot = previous.slot + unzigzag((tag - kind) / 4);
    previous.slot = slot;
    if (kind === MOVED) reader.moved(slot, readNumber(bytes, cursor));
    else if (kind === OPENED) {
      previous.open += unzigzag(readNumber(bytes, cursor));
      reader.opened(slot, previous.open);
    } else if (kind === CLOSED) {
      previous.close += unzigzag(readNumber(bytes, cursor));
      reader.closed(slot, previous.close, readNumber(bytes, cursor));
    } else reader.released(slot);
  }
}

/** Small steps either way as small numbers: 0, −1, 1, −2, … become 0, 1, 2, 3, … */
const zigzag = (step: number): number => (step < 0 ? -2 * step - 1 : 2 * step);
const unzigzag = (code: number): number => (code % 2 === 1 ? -(code + 1) / 2 : code / 2);

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
