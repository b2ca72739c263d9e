/** Where the IP header inside a tunnel begins. */
import {
  ETHERNET_HEADER_LENGTH,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_QINQ,
  ETHERTYPE_VLAN,
} from "../../stack/wire/ethernet.ts";

const GRE_CHECKSUM = 0x8000;
const GRE_KEY = 0x2000;
const GRE_SEQUENCE = 0x1000;
const GRE_VERSION = 0x0007;
/** Transparent Ethernet bridging (RFC 7637 section 3.2). */
const ETHERTYPE_BRIDGED = 0x6558;

const VXLAN_PORT = 4789;
const VXLAN_HEADER_LENGTH = 8;
const TEREDO_PORT = 3544;
const UDP_HEADER_LENGTH = 8;

/** The IP header of an Ethernet frame at `at`, behind at most four VLAN tags; −1 for another type. */
function innerOfEthernet(view: DataView, at: number, end: number): number {
  let typeAt = at + ETHERNET_HEADER_LENGTH - 2;
  for (let tags = 0; tags <= 4 && typeAt + 2 <= end; tags++) {
    const type = view.getUint16(typeAt);
    if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) return typeAt + 2;
    if (type !== ETHERTYPE_VLAN && type !== ETHERTYPE_QINQ) return -1;
    typeAt += 4;
  }
  return -1;
}

/** The IP header behind a GRE header of version 0 at `at` (RFC 2784, RFC 2890), or −1. */
export function innerOfGre(view: DataView, at: number, end: number): number {
  if (end - at < 4) return -1;
  const flags = view.getUint16(at);
  // Bit 1 was "routing present" (RFC 1701): such packets must be discarded (RFC 2784 section 2.3).
  if ((flags & (GRE_VERSION | 0x4000)) !== 0) return -1;
  let length = 4;
  for (const bit of [GRE_CHECKSUM, GRE_KEY, GRE_SEQUENCE]) if ((flags & bit) !== 0) length += 4;
  const type = view.getUint16(at + 2);
  if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) return at + length;
  return type === ETHERTYPE_BRIDGED ? innerOfEthernet(view, at + length, end) : -1;
}

/**
 * The IP header inside a UDP datagram on a port of VXLAN (RFC 7348) or Teredo (RFC 4380); −1 for
 * any other datagram and for one that holds no sane IP header.
 */
export function innerOfUdp(view: DataView, at: number, end: number): number {
  if (end - at < UDP_HEADER_LENGTH + 20) return -1;
  const source = view.getUint16(at);
  const destination = view.getUint16(at + 2);
  const data = at + UDP_HEADER_LENGTH;
  if (destination === VXLAN_PORT) {
    // The I flag alone says that there is a network identifier.
    if (view.getUint8(data) !== 0x08) return -1;
    return innerOfEthernet(view, data + VXLAN_HEADER_LENGTH, end);
  }
  if (source !== TEREDO_PORT && destination !== TEREDO_PORT) return -1;
  return innerOfTeredo(view, data, end);
}

/** Skips the authentication and origin indications of RFC 4380 section 5.1.1. */
function innerOfTeredo(view: DataView, at: number, end: number): number {
  if (end - at >= 4 && view.getUint16(at) === 0x0001) {
    at += 13 + view.getUint8(at + 2) + view.getUint8(at + 3);
  }
  if (end - at >= 8 && view.getUint16(at) === 0x0000) at += 8;
  return end - at >= 40 && view.getUint8(at) >>> 4 === 6 ? at : -1;
}
