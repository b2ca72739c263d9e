/**
 * IPv6 header accessors over a DataView (RFC 8200 section 3).
 *
 * ```
 * |Version| Traffic Class |           Flow Label                  |  0
 * |         Payload Length        |  Next Header  |   Hop Limit   |  4
 * |                        Source Address (16)                    |  8
 * |                     Destination Address (16)                  | 24
 * ```
 */

export const IPV6_HEADER_LENGTH = 40;

export const IPPROTO_HOPOPTS = 0;
export const IPPROTO_ROUTING = 43;
export const IPPROTO_FRAGMENT = 44;
export const IPPROTO_ESP = 50;
export const IPPROTO_AH = 51;
export const IPPROTO_ICMPV6 = 58;
export const IPPROTO_NONE = 59;
export const IPPROTO_DSTOPTS = 60;
export const IPPROTO_MOBILITY = 135;
export const IPPROTO_HIP = 139;
export const IPPROTO_SHIM6 = 140;

export const trafficClass = (view: DataView, at: number): number =>
  (view.getUint16(at) >>> 4) & 0xff;
export const flowLabel = (view: DataView, at: number): number => view.getUint32(at) & 0xfffff;
/** Bytes after the 40-byte header, extension headers included; 0 with a jumbo option. */
export const payloadLength = (view: DataView, at: number): number => view.getUint16(at + 4);
export const nextHeader = (view: DataView, at: number): number => view.getUint8(at + 6);
export const hopLimit = (view: DataView, at: number): number => view.getUint8(at + 7);
/** Where the 16 bytes of the source address stand. */
export const sourceAt = (at: number): number => at + 8;
/** Where the 16 bytes of the destination address stand. */
export const destinationAt = (at: number): number => at + 24;

/** Writes version 6, traffic class and flow label. */
export const setVersionClassFlow = (
  view: DataView,
  at: number,
  trafficClass: number,
  flowLabel: number,
): void => view.setUint32(at, (0x60000000 | (trafficClass << 20) | flowLabel) >>> 0);
export const setPayloadLength = (view: DataView, at: number, bytes: number): void =>
  view.setUint16(at + 4, bytes);
export const setNextHeader = (view: DataView, at: number, value: number): void =>
  view.setUint8(at + 6, value);
export const setHopLimit = (view: DataView, at: number, value: number): void =>
  view.setUint8(at + 7, value);

/**
 * True for the extension headers that carry their length in 8-byte units after the next-header
 * byte (RFC 6564 section 4): hop-by-hop, routing, destination options, mobility, HIP, shim6.
 */
export function isLengthPrefixedExtension(header: number): boolean {
  return (
    header === IPPROTO_HOPOPTS ||
    header === IPPROTO_ROUTING ||
    header === IPPROTO_DSTOPTS ||
    header === IPPROTO_MOBILITY ||
    header === IPPROTO_HIP ||
    header === IPPROTO_SHIM6
  );
}
