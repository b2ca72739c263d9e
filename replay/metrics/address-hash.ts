/** A hash of addresses, four 32-bit words each (IPv4 as ::ffff:a.b.c.d). */

/** The word before the address of an IPv4-mapped IPv6 address. */
export const MAPPED = 0xffff;

/** One round of MurmurHash3's finaliser over a hash and a word. */
export function mix(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Unsigned 32-bit hash of any address. */
export const addressHash = (w0: number, w1: number, w2: number, w3: number): number =>
  mix(mix(mix(mix(0, w0), w1), w2), w3);

/** What all IPv4 addresses have in common of it. */
const V4 = mix(mix(mix(0, 0), 0), MAPPED);

/** The same of an IPv4 address in one word. */
export const v4Hash = (address: number): number => mix(V4, address);
