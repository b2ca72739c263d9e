/**
 * From a type field to IP: VLAN tags of any depth (IEEE 802.1Q, 802.1ad and the numbers vendors
 * used before), MPLS label stacks (RFC 3032), PPPoE sessions (RFC 2516), 802.2 LLC and SNAP.
 */
import {
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_MPLS,
  ETHERTYPE_MPLS_MULTICAST,
  ETHERTYPE_PPPOE_SESSION,
  ETHERTYPE_QINQ,
  ETHERTYPE_VLAN,
} from "../../stack/wire/ethernet.ts";
import { type Frame, LAYER_CUT, LAYER_UNKNOWN } from "./frame.ts";
import { followPpp } from "./ppp.ts";

/** Below this, the field after the addresses is a length (IEEE 802.3 section 3.2.6). */
const FIRST_ETHERTYPE = 0x600;
const ETHERNET_ADDRESSES = 12;

/** Other tag types in use: the 0x9100 family of stacked VLANs and Cisco's 802.1ad draft. */
const isVlanTag = (type: number): boolean =>
  type === ETHERTYPE_VLAN ||
  type === ETHERTYPE_QINQ ||
  (type >= 0x9100 && type <= 0x9300 && (type & 0xff) === 0);

/** Follows tags and labels until IPv4, IPv6 or a type that leads to neither, which is returned. */
export function followEtherType(frame: Frame, first: number): number {
  let type = first;
  while (true) {
    if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) return type;
    if (isVlanTag(type)) {
      if (frame.left < 4) return LAYER_CUT;
      type = frame.view.getUint16(frame.at + 2);
      frame.at += 4;
    } else if (type < FIRST_ETHERTYPE) {
      return type < 0 ? type : followLlc(frame);
    } else if (type === ETHERTYPE_MPLS || type === ETHERTYPE_MPLS_MULTICAST) {
      return followMpls(frame);
    } else if (type === ETHERTYPE_PPPOE_SESSION) {
      return followPppoe(frame);
    } else {
      return type;
    }
  }
}

/** An Ethernet header and what follows it. */
export function followEthernet(frame: Frame): number {
  if (frame.left < ETHERNET_ADDRESSES + 2) return LAYER_CUT;
  const type = frame.view.getUint16(frame.at + ETHERNET_ADDRESSES);
  frame.at += ETHERNET_ADDRESSES + 2;
  return followEtherType(frame, type);
}

/** IEEE 802.2 with SNAP (RFC 1042), or with IP's own SAP 0x06. */
function followLlc(frame: Frame): number {
  if (frame.left < 3) return LAYER_CUT;
  const saps = frame.view.getUint16(frame.at);
  if (saps === 0x0606) {
    frame.at += 3;
    return ETHERTYPE_IPV4;
  }
  if (saps !== 0xaaaa) return LAYER_UNKNOWN;
  if (frame.left < 8) return LAYER_CUT;
  const type = frame.view.getUint16(frame.at + 6);
  frame.at += 8;
  return type < FIRST_ETHERTYPE ? LAYER_UNKNOWN : followEtherType(frame, type);
}

/**
 * A label stack. What follows says nothing of its type: its first nibble is an IP version, or 0 of
 * a pseudowire's control word (RFC 4385), which in practice carries Ethernet.
 */
export function followMpls(frame: Frame): number {
  let bottom = 0;
  while (bottom === 0) {
    if (frame.left < 4) return LAYER_CUT;
    bottom = frame.view.getUint8(frame.at + 2) & 1;
    frame.at += 4;
  }
  if (frame.left < 1) return LAYER_CUT;
  if (frame.view.getUint8(frame.at) >>> 4 === 0) {
    frame.at += 4;
    return followEthernet(frame);
  }
  return followIpVersion(frame);
}

/** Bare IP: the version nibble decides. */
export function followIpVersion(frame: Frame): number {
  if (frame.left < 1) return LAYER_CUT;
  const version = frame.view.getUint8(frame.at) >>> 4;
  if (version === 4) return ETHERTYPE_IPV4;
  return version === 6 ? ETHERTYPE_IPV6 : LAYER_UNKNOWN;
}

/** Version and type, code, session, length; then a PPP protocol number. */
export function followPppoe(frame: Frame): number {
  if (frame.left < 8) return LAYER_CUT;
  // Code 0 is data; discovery uses the others.
  if (frame.view.getUint8(frame.at + 1) !== 0) return LAYER_UNKNOWN;
  frame.at += 6;
  return followPpp(frame);
}
