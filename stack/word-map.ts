/**
 * A map from unsigned 32-bit numbers to values, open addressing with linear probing: a look-up is a
 * few loads where `Map` would box every key above 2^30. Entries are few and seldom removed, so
 * removal rebuilds.
 */
export class WordMap<T> {
  private keys: Uint32Array = new Uint32Array(8);
  private values: (T | undefined)[] = new Array(8).fill(undefined);
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(key: number): T | undefined {
    const mask = this.keys.length - 1;
    for (let i = slot(key, mask); ; i = (i + 1) & mask) {
      const value = this.values[i];
      if (value === undefined || this.keys[i] === key) return value;
    }
  }

  set(key: number, value: T): void {
    if (2 * (this.count + 1) > this.keys.length) this.rebuild(this.keys.length * 2, -1);
    const mask = this.keys.length - 1;
    let i = slot(key, mask);
    while (this.values[i] !== undefined && this.keys[i] !== key) i = (i + 1) & mask;
    if (this.values[i] === undefined) this.count++;
    this.keys[i] = key;
    this.values[i] = value;
  }

  delete(key: number): void {
    if (this.get(key) !== undefined) this.rebuild(this.keys.length, key);
  }

  /** The values in no promised order. */
  *all(): Generator<T> {
    for (const value of this.values) if (value !== undefined) yield value;
  }

  /** Moves everything but the entry of `without` (-1: none) to a table of `length` slots. */
  private rebuild(length: number, without: number): void {
    const { keys, values } = this;
    this.keys = new Uint32Array(length);
    this.values = new Array(length).fill(undefined);
    this.count = 0;
    for (let i = 0; i < keys.length; i++) {
      const value = values[i];
      if (value !== undefined && keys[i] !== without) this.set(keys[i], value);
    }
  }
}

/** Murmur3's finaliser: neighbouring addresses land apart. */
function slot(key: number, mask: number): number {
  let h = key;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) & mask;
}
