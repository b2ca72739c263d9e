/**
 * The routing header (RFC 8200 section 4.4): what all types share, and the types by name.
 *
 * ```
 * |  Next Header  |  Hdr Ext Len  |  Routing Type | Segments Left |  0
 * |                     type-specific data …
 * ```
 */
import { hasSegmentAddresses, ROUTING_SEGMENT, segmentFinalAt } from "./routing-segment.ts";

export { ROUTING_SEGMENT };
export const ROUTING_SOURCE = 0;
export const ROUTING_NIMROD = 1;
export const ROUTING_MOBILE = 2;
export const ROUTING_RPL = 3;

export interface RoutingType {
  readonly type: number;
  readonly name: string;
  readonly source: string;
  readonly deprecated: boolean;
}

const row = (type: number, name: string, source: string, deprecated = false) =>
  [type, { type, name, source, deprecated }] as const;

export const ROUTING_TYPES: ReadonlyMap<number, RoutingType> = new Map<number, RoutingType>([
  row(ROUTING_SOURCE, "RH0", "RFC 5095", true),
  row(ROUTING_NIMROD, "nimrod", "RFC 1992", true),
  row(ROUTING_MOBILE, "RH2", "RFC 6275 section 6.4"),
  row(ROUTING_RPL, "RPL-SRH", "RFC 6554 section 3"),
  row(ROUTING_SEGMENT, "SRH", "RFC 8754 section 2"),
  row(5, "CRH-16", "RFC 9631"),
  row(6, "CRH-32", "RFC 9631"),
  row(253, "experiment-1", "RFC 4727 section 3.3"),
  row(254, "experiment-2", "RFC 4727 section 3.3"),
]);

export const routingLength = (view: DataView, at: number): number =>
  (view.getUint8(at + 1) + 1) * 8;
export const routingType = (view: DataView, at: number): number => view.getUint8(at + 2);
export const segmentsLeft = (view: DataView, at: number): number => view.getUint8(at + 3);

/** `RH0`, or `routing-99`. */
export function routingName(type: number): string {
  return ROUTING_TYPES.get(type)?.name ?? `routing-${type}`;
}

/**
 * Addresses of 16 bytes that a header of this type holds in full, 0 for types that compress them or
 * hold none, and the offset of the first from the header's start is always 8.
 */
export function addressCount(view: DataView, at: number): number {
  const type = routingType(view, at);
  const room = (routingLength(view, at) - 8) >>> 4;
  if (type === ROUTING_SOURCE || type === ROUTING_MOBILE) return room;
  return type === ROUTING_SEGMENT ? hasSegmentAddresses(view, at, room) : 0;
}

/**
 * Where the final destination stands, for the pseudo-header (RFC 8200 section 8.1): in the routing
 * header while segments are left, else −1 for "the destination address field has it". RPL's
 * compressed addresses stand nowhere in full: −2 when some are left (see routing-rpl.ts).
 */
export function finalDestinationAt(view: DataView, at: number): number {
  if (segmentsLeft(view, at) === 0) return -1;
  const type = routingType(view, at);
  if (type === ROUTING_RPL) return -2;
  const count = addressCount(view, at);
  if (count === 0) return -1;
  return type === ROUTING_SEGMENT ? segmentFinalAt(at) : at + 8 + 16 * (count - 1);
}
