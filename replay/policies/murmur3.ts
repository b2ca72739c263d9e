/**
 * MurmurHash3_x86_32 (Austin Appleby, 2011, public domain) over a source address and port in
 * network byte order: 4 + 2 bytes for IPv4, 16 + 2 for IPv6. Chosen because anyone can check it:
 * every language has it, and its avalanche leaves no pattern of ports or subnets behind.
 */

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;
/** The word before the address of an IPv4-mapped IPv6 address. */
const MAPPED = 0xffff;

const scramble = (block: number): number => {
  const k = Math.imul(block, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
};

const mix = (hash: number, block: number): number => {
  const h = hash ^ scramble(block);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
};

/** Murmur reads its input as little-endian words; addresses are kept most significant byte first. */
const swap = (word: number): number =>
  (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

/** Unsigned 32-bit hash of the address of four words at `4 · row` of `address`, and a port. */
export function hashAddressPort(
  address: Uint32Array,
  row: number,
  port: number,
  seed: number,
): number {
  const at = row << 2;
  let h = seed;
  let length = 6;
  if ((address[at] | address[at + 1]) !== 0 || address[at + 2] !== MAPPED) {
    h = mix(mix(mix(h, swap(address[at])), swap(address[at + 1])), swap(address[at + 2]));
    length = 18;
  }
  h = mix(h, swap(address[at + 3]));
  // The tail: two bytes, the port's high one first.
  h ^= scramble((port >>> 8) | ((port & 0xff) << 8));
  h ^= length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
