/**
 * The bytes of one direction of a connection: a ring that takes memory when it is first written to
 * and gives it back when it is empty, so that an idle connection has none.
 *
 * Storage comes from a `RingMemory` that the connections of one stack share. It doubles as it
 * fills; its size never follows what a packet claims, only bytes that are really there, or, for
 * segments that came out of order, the window that was offered.
 */

const SMALLEST = 2048;
const NONE = new Uint8Array(0);

/** Storage for rings, in powers of two, kept for the next ring that needs some. */
export class RingMemory {
  /** Bytes lent out: 0 when no connection holds data. */
  outstanding = 0;
  private readonly idle: Uint8Array[][] = [];

  /** Storage of at least `capacity` bytes, contents arbitrary. */
  take(capacity: number): Uint8Array {
    let size = SMALLEST;
    let index = 0;
    while (size < capacity) {
      size *= 2;
      index++;
    }
    this.outstanding += size;
    return this.idle[index]?.pop() ?? new Uint8Array(size);
  }

  give(storage: Uint8Array): void {
    const index = 31 - Math.clz32(storage.length / SMALLEST);
    this.outstanding -= storage.length;
    while (this.idle.length <= index) this.idle.push([]);
    this.idle[index].push(storage);
  }
}

export class ByteRing {
  /** Bytes in order from the front. */
  length = 0;
  private head = 0;
  private storage: Uint8Array = NONE;

  /** Appends `count` bytes of `source` from `from`. */
  append(memory: RingMemory, source: Uint8Array, from: number, count: number): void {
    this.put(memory, this.length, source, from, count);
    this.length += count;
  }

  /**
   * Writes `count` bytes `offset` bytes behind the front without making them part of the ring:
   * where a segment that came early waits for `extend`.
   */
  put(memory: RingMemory, offset: number, source: Uint8Array, from: number, count: number): void {
    if (offset + count > this.storage.length) this.grow(memory, offset + count);
    const size = this.storage.length;
    const at = (this.head + offset) & (size - 1);
    const first = Math.min(count, size - at);
    copy(source, from, this.storage, at, first);
    if (first < count) copy(source, from + first, this.storage, 0, count - first);
  }

  /** Makes `count` bytes that `put` has written part of the ring. */
  extend(count: number): void {
    this.length += count;
  }

  /** Copies `count` bytes from `offset` behind the front into `into` at `at`. */
  read(offset: number, into: Uint8Array, at: number, count: number): void {
    const size = this.storage.length;
    const from = (this.head + offset) & (size - 1);
    const first = Math.min(count, size - from);
    copy(this.storage, from, into, at, first);
    if (first < count) copy(this.storage, 0, into, at + first, count - first);
  }

  /** Removes `count` bytes from the front. */
  drop(count: number): void {
    this.length -= count;
    this.head = (this.head + count) & (this.storage.length - 1);
  }

  /** Gives the storage back; nothing may wait behind the end (see `put`). */
  release(memory: RingMemory): void {
    if (this.storage === NONE) return;
    memory.give(this.storage);
    this.storage = NONE;
    this.length = 0;
    this.head = 0;
  }

  private grow(memory: RingMemory, capacity: number): void {
    const larger = memory.take(capacity);
    const old = this.storage;
    // All of the old storage: bytes may wait behind the end.
    if (old.length > 0) {
      const first = old.length - this.head;
      copy(old, this.head, larger, 0, first);
      copy(old, 0, larger, first, this.head);
      memory.give(old);
    }
    this.storage = larger;
    this.head = 0;
  }
}

/** Copies bytes; short runs in a loop, which costs less than making a `subarray`. */
function copy(source: Uint8Array, from: number, into: Uint8Array, at: number, count: number): void {
  if (count < 48) {
    for (let i = 0; i < count; i++) into[at + i] = source[from + i];
    return;
  }
  if (from === 0 && count === source.length) into.set(source, at);
  else into.set(source.subarray(from, from + count), at);
}
