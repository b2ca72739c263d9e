/**
 * The Internet checksum (RFC 1071) over bytes that are already in memory.
 *
 * A sum is kept as an unfolded number while it is being collected, so that header, pseudo-header
 * and payload can be added in any order; `fold` turns it into the 16-bit field value.
 */

/** Adds `length` bytes at `offset` to a running sum; an odd last byte counts as its high half. */
export function sumBytes(view: DataView, offset: number, length: number, sum = 0): number {
  const end = offset + length;
  const even = end - (length & 1);
  let at = offset;
  // 32 bits at a time: half the loads, and a double holds 2^21 such terms without loss. Four sums
  // at once, because each addition would wait for the one before it.
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (; at + 16 <= even; at += 16) {
    sum += view.getUint32(at);
    second += view.getUint32(at + 4);
    third += view.getUint32(at + 8);
    fourth += view.getUint32(at + 12);
  }
  sum += second + third + fourth;
  for (; at + 4 <= even; at += 4) sum += view.getUint32(at);
  if (at < even) sum += view.getUint16(at);
  if (length & 1) sum += view.getUint8(end - 1) << 8;
  return sum;
}

/** Folds a running sum to 16 bits and complements it: the value of a checksum field. */
export function fold(sum: number): number {
  return ~foldSum(sum) & 0xffff;
}

/** Folds a running sum to 16 bits: 0xffff (or 0 for all-zero data) when a checked area is intact. */
export function foldSum(sum: number): number {
  // The 32-bit halves of the double first: bit operators would cut it.
  sum = (sum % 0x100000000) + Math.floor(sum / 0x100000000);
  sum = (sum % 0x100000000) + Math.floor(sum / 0x100000000);
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  return sum & 0xffff;
}

/** The checksum field for `length` bytes at `offset`, the field itself being zero. */
export function checksum(view: DataView, offset: number, length: number): number {
  return fold(sumBytes(view, offset, length));
}

/**
 * Sum of the IPv4 pseudo-header (RFC 9293 section 3.1): addresses as unsigned 32-bit numbers,
 * `destination` being the *final* one of a source route, `length` that of the transport segment.
 */
export function pseudoHeaderV4(
  source: number,
  destination: number,
  protocol: number,
  length: number,
): number {
  return source + destination + protocol + length;
}

/**
 * Sum of the IPv6 pseudo-header (RFC 8200 section 8.1) with both addresses read from memory:
 * 16 bytes at `sourceAt` of `sourceView` and at `destinationAt` of `destinationView`.
 */
export function pseudoHeaderV6(
  sourceView: DataView,
  sourceAt: number,
  destinationView: DataView,
  destinationAt: number,
  protocol: number,
  length: number,
): number {
  const addresses = sumBytes(
    sourceView,
    sourceAt,
    16,
    sumBytes(destinationView, destinationAt, 16),
  );
  return addresses + protocol + length;
}

/** RFC 1624 equation 3: the new checksum field after one 16-bit word changed from `old` to `now`. */
export function updateChecksum(field: number, old: number, now: number): number {
  return fold((~field & 0xffff) + (~old & 0xffff) + now);
}
