/** A hash of addresses, four 32-bit words each (IPv4 as ::ffff:a.b.c.d). */

/** The word before the address of an IPv4-mapped IPv6 address. */
export const MAPPED: u32 = 0xffff;

/** One round of MurmurHash3's finaliser over a hash and a word. */
export function mix(hash: u32, word: u32): u32 {
  let h = (hash ^ word) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}

/** Hash of the address whose words lie at `at`. */
export function addressHash(at: usize): u32 {
  return mix(
    mix(mix(mix(0, load<u32>(at)), load<u32>(at, 4)), load<u32>(at, 8)),
    load<u32>(at, 12),
  );
}

/** The same of an IPv4 address in one word, after two words of 0 that leave a hash of 0 as it is. */
export function v4Hash(address: u32): u32 {
  return mix(mix(0, MAPPED), address);
}
