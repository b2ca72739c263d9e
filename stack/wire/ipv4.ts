/**
 * IPv4 header accessors over a DataView (RFC 791 section 3.1).
 *
 * ```
 *  0                   1                   2                   3
 * |Version|  IHL  |Type of Service|          Total Length         |  0
 * |         Identification        |Flags|      Fragment Offset    |  4
 * |  Time to Live |    Protocol   |         Header Checksum       |  8
 * |                       Source Address                          | 12
 * |                    Destination Address                        | 16
 * |                    Options                    |    Padding    | 20
 * ```
 * `at` is where the header begins. Nothing here checks bounds: the caller has seen that at least
 * `IPV4_HEADER_LENGTH` bytes are there, and `headerLength` bytes before it reads options.
 */

export const IPV4_HEADER_LENGTH = 20;

export const IPPROTO_ICMP = 1;
export const IPPROTO_IPIP = 4;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
export const IPPROTO_IPV6 = 41;
export const IPPROTO_GRE = 47;

/** Flag bits of the fragment word. */
export const IP_DF = 0x4000;
export const IP_MF = 0x2000;
export const IP_OFFSET_MASK = 0x1fff;

/** IP version of whatever begins at `at` (IPv6 too). */
export const version = (view: DataView, at: number): number => view.getUint8(at) >>> 4;
/** Header length in bytes, options included. */
export const headerLength = (view: DataView, at: number): number => (view.getUint8(at) & 15) << 2;
export const tos = (view: DataView, at: number): number => view.getUint8(at + 1);
/** Length of header and payload in bytes, as the header claims. */
export const totalLength = (view: DataView, at: number): number => view.getUint16(at + 2);
export const identification = (view: DataView, at: number): number => view.getUint16(at + 4);
/** Flags and offset as one 16-bit word; see `IP_DF`, `IP_MF`, `fragmentOffset`. */
export const fragmentWord = (view: DataView, at: number): number => view.getUint16(at + 6);
/** Offset of this fragment in bytes. */
export const fragmentOffset = (view: DataView, at: number): number =>
  (view.getUint16(at + 6) & IP_OFFSET_MASK) << 3;
export const moreFragments = (view: DataView, at: number): boolean =>
  (view.getUint16(at + 6) & IP_MF) !== 0;
export const ttl = (view: DataView, at: number): number => view.getUint8(at + 8);
export const protocol = (view: DataView, at: number): number => view.getUint8(at + 9);
export const headerChecksum = (view: DataView, at: number): number => view.getUint16(at + 10);
/** Addresses are unsigned 32-bit numbers everywhere in this project. */
export const source = (view: DataView, at: number): number => view.getUint32(at + 12);
export const destination = (view: DataView, at: number): number => view.getUint32(at + 16);

/** Writes version 4 and a header length given in bytes (a multiple of 4). */
export const setHeaderLength = (view: DataView, at: number, bytes: number): void =>
  view.setUint8(at, 0x40 | (bytes >>> 2));
export const setTos = (view: DataView, at: number, value: number): void =>
  view.setUint8(at + 1, value);
export const setTotalLength = (view: DataView, at: number, bytes: number): void =>
  view.setUint16(at + 2, bytes);
export const setIdentification = (view: DataView, at: number, id: number): void =>
  view.setUint16(at + 4, id);
export const setFragmentWord = (view: DataView, at: number, word: number): void =>
  view.setUint16(at + 6, word);
export const setTtl = (view: DataView, at: number, value: number): void =>
  view.setUint8(at + 8, value);
export const setProtocol = (view: DataView, at: number, value: number): void =>
  view.setUint8(at + 9, value);
export const setHeaderChecksum = (view: DataView, at: number, value: number): void =>
  view.setUint16(at + 10, value);
export const setSource = (view: DataView, at: number, address: number): void =>
  view.setUint32(at + 12, address);
export const setDestination = (view: DataView, at: number, address: number): void =>
  view.setUint32(at + 16, address);
