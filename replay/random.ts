/**
 * Seeded random words. Generator: sfc32 (Chris Doty-Humphrey, PractRand, 2010), 128 bits of state
 * with a counter, so that every seed has a period of at least 2³². Streams have names: each user of
 * chance has its own, and drawing more from one never shifts another.
 */

export interface RandomStream {
  /** An unsigned 32-bit number. */
  next(): number;
}

/** The stream called `name` under `seed` (any finite number; two 32-bit words of it are used). */
export function randomStream(seed: number, name: string): RandomStream {
  // The name goes in by FNV-1a (Fowler, Noll, Vo): streams differ in one word, mixed below.
  let label = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) label = Math.imul(label ^ byte, 0x01000193);
  let a = label;
  let b = seed | 0;
  let c = Math.floor(seed / 0x100000000) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // PractRand's own seeding discards 12 to 15 outputs until the words have mixed.
  for (let i = 0; i < 15; i++) next();
  return { next };
}
