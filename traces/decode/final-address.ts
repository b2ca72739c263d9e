/**
 * Who a source-routed packet is really between. A connection is keyed by the address that its
 * transport checksum covers (RFC 9293 section 3.1, RFC 8200 section 8.1): the last hop of a route
 * that has not run out, else the destination of the IP header. So C→U{>>A} and A→C{U>>} are one
 * connection between C and A, which is how the hosts see it.
 */
import { destination, IPV4_HEADER_LENGTH } from "../../stack/wire/ipv4.ts";

const IPOPT_EOL = 0;
const IPOPT_NOP = 1;
const IPOPT_LSRR = 131;
const IPOPT_SSRR = 137;
/** Type, length, pointer. */
const ROUTE_HEADER = 3;

/**
 * Final destination of the IPv4 header of `header` bytes at `at`, as a 32-bit number. An option
 * list that makes no sense ends the search, and the header's own address stands.
 */
export function finalDestination(view: DataView, at: number, header: number): number {
  const end = at + header;
  let option = at + IPV4_HEADER_LENGTH;
  while (option < end) {
    const type = view.getUint8(option);
    if (type === IPOPT_EOL) break;
    if (type === IPOPT_NOP) {
      option++;
      continue;
    }
    const length = option + 1 < end ? view.getUint8(option + 1) : 0;
    if (length < 2 || option + length > end) break;
    if (type === IPOPT_LSRR || type === IPOPT_SSRR) {
      const pointer = length > 2 ? view.getUint8(option + 2) : 0;
      const slots = (length - ROUTE_HEADER) >> 2;
      const unexpired = pointer >= ROUTE_HEADER + 1 && pointer + 3 <= length;
      if (slots > 0 && unexpired) return view.getUint32(option + ROUTE_HEADER + 4 * (slots - 1));
      break;
    }
    option += length;
  }
  return destination(view, at);
}

const ROUTING_TYPE_SOURCE = 0;
const ROUTING_TYPE_MOBILE = 2;
const ROUTING_TYPE_SEGMENTS = 4;
/** Next header, length, type, segments left, four bytes more. */
const ROUTING_HEADER = 8;

/**
 * Where the final destination of an IPv6 routing header of `length` bytes at `at` stands, or −1
 * when the route has run out or is of a type that does not hold whole addresses. Type 0 (RFC 2460
 * section 4.4) and 2 (RFC 6275 section 6.4) end with it, a segment routing header (RFC 8754)
 * begins with it.
 */
export function routedDestinationAt(view: DataView, at: number, length: number): number {
  const type = view.getUint8(at + 2);
  const segmentsLeft = view.getUint8(at + 3);
  if (segmentsLeft === 0 || length < ROUTING_HEADER + 16) return -1;
  if (type === ROUTING_TYPE_SEGMENTS) return at + ROUTING_HEADER;
  if (type !== ROUTING_TYPE_SOURCE && type !== ROUTING_TYPE_MOBILE) return -1;
  const addresses = (length - ROUTING_HEADER) >> 4;
  return segmentsLeft > addresses ? -1 : at + ROUTING_HEADER + 16 * (addresses - 1);
}

const OPTION_PAD1 = 0;
const OPTION_HOME_ADDRESS = 0xc9;

/**
 * Where the home address of a destination options header of `length` bytes at `at` stands (RFC 6275
 * section 6.3), or −1. It is the source that the transport layer sees.
 */
export function homeAddressAt(view: DataView, at: number, length: number): number {
  const end = at + length;
  let option = at + 2;
  while (option + 2 <= end) {
    const type = view.getUint8(option);
    if (type === OPTION_PAD1) {
      option++;
      continue;
    }
    const size = view.getUint8(option + 1);
    if (type === OPTION_HOME_ADDRESS && size === 16 && option + 18 <= end) return option + 2;
    option += 2 + size;
  }
  return -1;
}

/** Copies the 16 bytes at `from` as four words. */
export function copyAddress(
  view: DataView,
  from: number,
  words: Uint32Array | Int32Array,
  at: number,
): void {
  for (let i = 0; i < 4; i++) words[at + i] = view.getUint32(from + 4 * i);
}
