/**
 * The checksums of a packet: right, wrong, or unknown. The pseudo-header takes the *final*
 * destination whether the route is completed or not (RFC 9293 section 3.9.2.1, RFC 8200 section
 * 8.1), and a home address option's address as the source (RFC 6275 section 11.3.1).
 */
import { finalDestinationAt } from "../../ipopts/v6/routing.ts";
import { rplFinalDestination } from "../../ipopts/v6/routing-rpl.ts";
import { fold, foldSum, pseudoHeaderV4, sumBytes } from "../../stack/wire/checksum.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";
import * as ip6 from "../../stack/wire/ipv6.ts";
import {
  type HeaderStack,
  IS_CUT,
  IS_FIRST_FRAGMENT,
  IS_LATER_FRAGMENT,
  IS_OFFLOADED,
} from "./headers.ts";

/** Cut, fragmented, encrypted, or of a protocol that has no checksum we know. */
export const SUM_UNKNOWN = 0;
export const SUM_RIGHT = 1;
export const SUM_WRONG = 2;
/** Left for the network card: zero, or the pseudo-header's sum alone. As good as unknown. */
export const SUM_BLANK = 3;
/** Wrong, and right with the first hop in the pseudo-header: what Linux UDP sockets send. */
export const SUM_FIRST_HOP = 4;
/** UDP over IPv4 without one. As good as unknown. */
export const SUM_NONE = 5;
/** How many states there are. */
export const SUM_STATES = 6;

const IPPROTO_IGMP = 2;
const IPPROTO_UDPLITE = 136;

/** Ports of tunnels that may leave UDP's checksum out over IPv6 (RFC 6935): VXLAN, Geneve, GTP-U. */
const ZERO_SUM_PORTS: readonly number[] = [4789, 6081, 2152];

/** Offset of the checksum field in the transport header, −1 for protocols without one we know. */
const FIELD_AT = new Int8Array(256).fill(-1);
FIELD_AT[ip4.IPPROTO_ICMP] = 2;
FIELD_AT[IPPROTO_IGMP] = 2;
FIELD_AT[ip4.IPPROTO_TCP] = 16;
FIELD_AT[ip4.IPPROTO_UDP] = 6;
FIELD_AT[ip6.IPPROTO_ICMPV6] = 2;
FIELD_AT[ip6.IPPROTO_MOBILITY] = 4;
FIELD_AT[IPPROTO_UDPLITE] = 6;

const isRight = (sum: number): boolean => {
  const folded = foldSum(sum);
  return folded === 0xffff || folded === 0;
};

/**
 * The header checksum of IPv4 header i; unknown for IPv6, which has none, and as good as unknown
 * where the network card was to fill in the length, and with it the checksum.
 */
export function headerChecksum(view: DataView, headers: HeaderStack, i: number): number {
  if (headers.version[i] !== 4 || (headers.flags[i] & IS_CUT) !== 0) return SUM_UNKNOWN;
  if (headers.fault[i] !== null) return SUM_UNKNOWN;
  const at = headers.at[i];
  if (foldSum(sumBytes(view, at, ip4.headerLength(view, at))) === 0xffff) return SUM_RIGHT;
  const blank = ip4.headerChecksum(view, at) === 0 || (headers.flags[i] & IS_OFFLOADED) !== 0;
  return blank ? SUM_BLANK : SUM_WRONG;
}

/** A route of one address at least. */
const LEAST_ROUTE = 7;

/**
 * Final destination of the IPv4 header at `at`: the last address of an unexpired source route, else
 * the destination field. A route whose pointer leaves less than an address is completed; one whose
 * pointer stands between slots still ends at its last address, as its sender meant it to.
 */
function finalDestinationV4(view: DataView, at: number, routeAt: number): number {
  const length = routeAt < 0 ? 0 : view.getUint8(routeAt + 1);
  if (length < LEAST_ROUTE || view.getUint8(routeAt + 2) + 3 > length) {
    return ip4.destination(view, at);
  }
  return view.getUint32(routeAt + length - 4);
}

/** Sum of the final destination address of IPv6 header i. */
function finalDestinationSumV6(view: DataView, headers: HeaderStack, i: number): number {
  const at = headers.at[i];
  const routing = headers.routingAt[i];
  const fieldAt = ip6.destinationAt(at);
  if (routing < 0) return sumBytes(view, fieldAt, 16);
  const final = finalDestinationAt(view, routing);
  if (final === -2) {
    const field = new Uint8Array(view.buffer, view.byteOffset + fieldAt, 16);
    const whole = rplFinalDestination(view, routing, field) ?? field;
    return sumBytes(new DataView(whole.buffer, whole.byteOffset, 16), 0, 16);
  }
  return sumBytes(view, final < 0 ? fieldAt : final, 16);
}

/** Sum of both addresses of the pseudo-header. */
function addressSum(view: DataView, headers: HeaderStack, i: number): number {
  const at = headers.at[i];
  if (headers.version[i] === 4) {
    const final = finalDestinationV4(view, at, headers.routingAt[i]);
    return pseudoHeaderV4(ip4.source(view, at), final, 0, 0);
  }
  const home = headers.homeAddressAt[i];
  return (
    sumBytes(view, home < 0 ? ip6.sourceAt(at) : home, 16) + finalDestinationSumV6(view, headers, i)
  );
}

/** Bytes that the checksum covers; −1 when the headers contradict one another. */
function coverage(view: DataView, protocol: number, at: number, length: number): number {
  if (protocol === ip4.IPPROTO_UDP) {
    const claimed = view.getUint16(at + 4);
    return claimed === 0 ? length : claimed >= 8 && claimed <= length ? claimed : -1;
  }
  if (protocol === IPPROTO_UDPLITE) {
    const claimed = view.getUint16(at + 4);
    return claimed === 0 ? length : claimed >= 8 && claimed <= length ? claimed : -1;
  }
  if (protocol === ip6.IPPROTO_MOBILITY) {
    const claimed = (view.getUint8(at + 1) + 1) * 8;
    return claimed <= length ? claimed : -1;
  }
  return length;
}

/** ICMP and IGMP over IPv4 have no pseudo-header. */
const isPlain = (protocol: number): boolean =>
  protocol === ip4.IPPROTO_ICMP || protocol === IPPROTO_IGMP;

/** UDP-Lite counts the whole length even when less is covered (RFC 3828 section 3.2). */
const pseudoLength = (protocol: number, length: number, covered: number): number =>
  protocol === IPPROTO_UDPLITE ? length : covered;

/** Sum of the pseudo-header of what header i carries; 0 for protocols without one. */
function pseudoHeader(view: DataView, headers: HeaderStack, i: number): number {
  const protocol = headers.upper[i];
  if (isPlain(protocol)) return 0;
  const at = headers.upperAt[i];
  const length = headers.claimed[i] - at;
  const counted = pseudoLength(protocol, length, coverage(view, protocol, at, length));
  return addressSum(view, headers, i) + protocol + counted;
}

/** The checksum of what header i carries, one of the SUM_ constants. */
export function transportChecksum(view: DataView, headers: HeaderStack, i: number): number {
  const protocol = headers.upper[i];
  const field = FIELD_AT[protocol];
  const at = headers.upperAt[i];
  const unknown = IS_CUT | IS_LATER_FRAGMENT | IS_FIRST_FRAGMENT;
  if (field < 0 || (headers.flags[i] & unknown) !== 0 || headers.fault[i] !== null) {
    return SUM_UNKNOWN;
  }
  const length = headers.claimed[i] - at;
  const captured = headers.end[i] - at;
  if (captured < field + 2) return SUM_UNKNOWN;
  const covered = coverage(view, protocol, at, length);
  const stored = view.getUint16(at + field);
  if (stored === 0 && protocol === ip4.IPPROTO_UDP) return withoutUdpSum(view, headers, i);
  const plain = isPlain(protocol);
  const pseudo = pseudoHeader(view, headers, i);
  const blank = pseudo - pseudoLength(protocol, length, covered);
  // What offload left blank has the pseudo-header's sum, with or without the length, and needs no
  // byte of the payload to be recognised.
  const isBlank = !plain && (stored === foldSum(pseudo) || stored === foldSum(blank));
  if (covered < 0 || captured < covered) return isBlank ? SUM_BLANK : SUM_UNKNOWN;
  const sum = sumBytes(view, at, covered, pseudo);
  if (isRight(sum)) return SUM_RIGHT;
  if (isBlank) return SUM_BLANK;
  if (stored === 0 && protocol === ip4.IPPROTO_TCP) return SUM_BLANK;
  if (headers.version[i] === 4 && !plain && isOverFirstHop(view, headers, i, sum)) {
    return SUM_FIRST_HOP;
  }
  return SUM_WRONG;
}

function withoutUdpSum(view: DataView, headers: HeaderStack, i: number): number {
  if (headers.version[i] === 4) return SUM_NONE;
  const port = view.getUint16(headers.upperAt[i] + 2);
  return ZERO_SUM_PORTS.includes(port) ? SUM_NONE : SUM_WRONG;
}

/** Whether `sum` comes right with the destination field in place of the final destination. */
function isOverFirstHop(view: DataView, headers: HeaderStack, i: number, sum: number): boolean {
  const at = headers.at[i];
  const field = ip4.destination(view, at);
  const final = finalDestinationV4(view, at, headers.routingAt[i]);
  return field !== final && isRight(sum - final + field);
}

/** The value that the header checksum field of IPv4 header i should have. */
export function checksumField(view: DataView, headers: HeaderStack, i: number): number {
  const at = headers.at[i];
  const sum = sumBytes(view, at, ip4.headerLength(view, at)) - ip4.headerChecksum(view, at);
  return fold(sum);
}

/** Where the transport checksum of header i stands, what it is and what it should be. */
export function transportChecksumField(
  view: DataView,
  headers: HeaderStack,
  i: number,
): { fieldAt: number; found: number; expected: number } {
  const protocol = headers.upper[i];
  const at = headers.upperAt[i];
  const fieldAt = at + FIELD_AT[protocol];
  const found = view.getUint16(fieldAt);
  const length = headers.claimed[i] - at;
  const covered = coverage(view, protocol, at, length);
  const expected = fold(sumBytes(view, at, covered, pseudoHeader(view, headers, i)) - found);
  // A UDP sum that comes to zero is sent as all ones (RFC 768).
  return { fieldAt, found, expected: protocol === ip4.IPPROTO_UDP ? expected || 0xffff : expected };
}

/** JSON's three values: right, wrong, or null for unknown. */
export function sumValue(state: number): boolean | null {
  if (state === SUM_RIGHT) return true;
  return state === SUM_WRONG || state === SUM_FIRST_HOP ? false : null;
}
