/** A seeded generator for property tests and mutators: sfc32, whole numbers only. */

export interface TestRandom {
  /** A whole number in [0, bound). */
  below(bound: number): number;
  /** An unsigned 32-bit number. */
  word(): number;
  /** One of the items. */
  pick<T>(items: readonly T[]): T;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
}

export function testRandom(seed: number): TestRandom {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const word = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) word();
  const below = (bound: number): number => Math.floor((word() / 0x100000000) * bound);
  return {
    word,
    below,
    pick: (items) => items[below(items.length)],
    bytes: (length) => Uint8Array.from({ length }, () => word() & 255),
  };
}
