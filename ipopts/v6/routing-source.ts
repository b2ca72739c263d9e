/**
 * Routing headers that list whole addresses in travelling order: type 0, the source route of RFC
 * 2460 section 4.4 (deprecated by RFC 5095), and type 2, the home address of RFC 6275 section 6.4.
 * A node that advances the route swaps the destination with the next address, so that what was
 * visited stays in the list.
 */
import { address, copyBytes } from "./layout.ts";
import {
  ROUTING_MOBILE,
  ROUTING_SOURCE,
  routingLength,
  routingType,
  segmentsLeft,
} from "./routing.ts";

/** Where the addresses begin in the header. */
const ROUTE_ADDRESSES_AT = 8;

export interface SourceRoutingHeader {
  readonly nextHeader: number;
  readonly type: typeof ROUTING_SOURCE | typeof ROUTING_MOBILE;
  readonly segmentsLeft: number;
  readonly reserved: number;
  /** 16 bytes each. */
  readonly addresses: readonly Uint8Array[];
  /** Eight bytes that are no whole address, when the length is odd; such a header is malformed. */
  readonly tail: Uint8Array;
}

const ADDRESS = address("address").size;

/** Decodes the `routingLength` bytes at `at`, which lie in the view. */
export function decodeSourceRouting(view: DataView, at: number): SourceRoutingHeader {
  const length = routingLength(view, at);
  const count = Math.floor((length - ROUTE_ADDRESSES_AT) / ADDRESS);
  const tailAt = ROUTE_ADDRESSES_AT + count * ADDRESS;
  return {
    nextHeader: view.getUint8(at),
    type: routingType(view, at) === ROUTING_MOBILE ? ROUTING_MOBILE : ROUTING_SOURCE,
    segmentsLeft: segmentsLeft(view, at),
    reserved: view.getUint32(at + 4),
    addresses: Array.from({ length: count }, (_, i) =>
      copyBytes(view, at + ROUTE_ADDRESSES_AT + i * ADDRESS, ADDRESS),
    ),
    tail: copyBytes(view, at + tailAt, length - tailAt),
  };
}

/** The header's bytes; null when they would exceed the 2,048 that the length byte can say. */
export function encodeSourceRouting(header: SourceRoutingHeader): Uint8Array | null {
  const length = ROUTE_ADDRESSES_AT + header.addresses.length * ADDRESS + header.tail.length;
  if (length > 2048 || length % 8 !== 0) return null;
  const out = new Uint8Array(length);
  out.set([header.nextHeader, length / 8 - 1, header.type, header.segmentsLeft]);
  new DataView(out.buffer).setUint32(4, header.reserved);
  for (const [i, hop] of header.addresses.entries()) out.set(hop, ROUTE_ADDRESSES_AT + i * ADDRESS);
  out.set(header.tail, length - header.tail.length);
  return out;
}

/** What keeps a route from advancing. */
export type AdvanceRefusal = "completed" | "segments-left" | "odd-length" | "multicast";

/**
 * RFC 2460 section 4.4: swaps the destination address at `destinationAt` with the next one of the
 * list and takes one off segments left. Returns why not, and then changes nothing.
 */
export function advanceSourceRouting(
  view: DataView,
  at: number,
  destinationAt: number,
): AdvanceRefusal | null {
  const length = routingLength(view, at);
  if ((length - ROUTE_ADDRESSES_AT) % ADDRESS !== 0) return "odd-length";
  const left = segmentsLeft(view, at);
  const count = (length - ROUTE_ADDRESSES_AT) / ADDRESS;
  if (left === 0) return "completed";
  if (left > count) return "segments-left";
  const next = at + ROUTE_ADDRESSES_AT + (count - left) * ADDRESS;
  if (view.getUint8(next) === 0xff || view.getUint8(destinationAt) === 0xff) return "multicast";
  for (let i = 0; i < ADDRESS; i += 4) {
    const word = view.getUint32(next + i);
    view.setUint32(next + i, view.getUint32(destinationAt + i));
    view.setUint32(destinationAt + i, word);
  }
  view.setUint8(at + 3, left - 1);
  return null;
}

/**
 * The route back, for a packet that has arrived (segments left 0): first hop and the header whose
 * addresses lead on to `source`. RFC 8200 section 8.4 forbids using it unless the header was
 * authenticated; RFC 1883, which the anycast paper cites, did not. Null when nothing was visited.
 */
export function reverseSourceRouting(
  header: SourceRoutingHeader,
  source: Uint8Array,
): { firstHop: Uint8Array; header: SourceRoutingHeader } | null {
  const back = [...header.addresses].reverse();
  const [firstHop, ...others] = back;
  if (firstHop === undefined || header.segmentsLeft !== 0) return null;
  const addresses = [...others, source];
  return { firstHop, header: { ...header, segmentsLeft: addresses.length, addresses } };
}
