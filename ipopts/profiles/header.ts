/** The few things about an IPv4 header (RFC 791 section 3.1) that every kernel looks at. */

const ICMP = 1;

/** Fragment offset in units of 8 bytes. */
export const fragmentOffset = (view: DataView): number => view.getUint16(6) & 0x1fff;

/** The checksum field for a header whose field is zero; 0 for a header that is intact. */
export function headerChecksum(view: DataView, at: number, length: number): number {
  let sum = 0;
  for (let i = at; i < at + length; i += 2) sum += view.getUint16(i);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
}

/**
 * The header's length in bytes, or 0 when no kernel would look further (RFC 1122 section
 * 3.2.1.1-2, RFC 1812 section 5.2.2): version, lengths, and the checksum unless `trusted`.
 * `length` bytes are there at `at`.
 */
export function soundHeader(view: DataView, at: number, length: number, trusted: boolean): number {
  if (length < 20) return 0;
  const first = view.getUint8(at);
  const headerLength = (first & 15) << 2;
  if (first >>> 4 !== 4 || headerLength < 20 || headerLength > length) return 0;
  if (view.getUint16(at + 2) < headerLength) return 0;
  return trusted || headerChecksum(view, at, headerLength) === 0 ? headerLength : 0;
}

/** ICMP types that answer or ask; every other is taken for an error (RFC 1122 section 3.2.2). */
export const ICMP_QUERIES: ReadonlySet<number> = new Set([0, 8, 9, 10, 13, 14, 15, 16, 17, 18]);

/**
 * Whether the packet is, or may be, an ICMP error, about which no error is ever sent: `length`
 * bytes at `at` with a header of `headerLength`. `queries` are the types that are none.
 */
export function isIcmpErrorPacket(
  view: DataView,
  at: number,
  length: number,
  headerLength: number,
  queries: ReadonlySet<number>,
): boolean {
  if (view.getUint8(at + 9) !== ICMP) return false;
  return headerLength >= length || !queries.has(view.getUint8(at + headerLength));
}
