/** Every link type that leads to IP, by its LINKTYPE_ number (tcpdump.org/linktypes.html). */
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "../../stack/wire/ethernet.ts";
import {
  followEthernet,
  followEtherType,
  followIpVersion,
  followMpls,
  followPppoe,
} from "./ether-types.ts";
import { type Frame, LAYER_CUT, LAYER_UNKNOWN, type Layer } from "./frame.ts";
import { followCiscoHdlc, followPpp, followPppHdlc, followPppWithDirection } from "./ppp.ts";

/** AF_INET6 on NetBSD and BSD/OS, FreeBSD, Darwin, Linux, Windows, Solaris. */
const AF_INET6 = new Set([24, 28, 30, 10, 23, 26]);
const AF_INET = 2;

const fromFamily = (family: number): number =>
  family === AF_INET ? ETHERTYPE_IPV4 : AF_INET6.has(family) ? ETHERTYPE_IPV6 : LAYER_UNKNOWN;

/**
 * BSD loopback: four bytes of address family, in the order of the machine that captured (NULL) or
 * of the network (OpenBSD's LOOP). A family is small, so the bytes themselves tell the order.
 */
function followLoopback(frame: Frame): number {
  if (frame.left < 4) return LAYER_CUT;
  const bigEndian = frame.view.getUint32(frame.at);
  const family = bigEndian < 0x10000 ? bigEndian : frame.view.getUint32(frame.at, true);
  frame.at += 4;
  return fromFamily(family);
}

/** Bare IP; numbers 12 and 14 were also OpenBSD's loopback, whose first nibble is 0. */
function followRawOrLoop(frame: Frame): number {
  const loop = frame.left >= 4 && frame.view.getUint8(frame.at) === 0;
  return loop ? followLoopback(frame) : followIpVersion(frame);
}

/** Protocol numbers of Linux cooked captures that are no EtherType: 802.3 raw, and 802.2. */
const cookedType = (frame: Frame, type: number): number =>
  type === 0x0001 ? LAYER_UNKNOWN : followEtherType(frame, type);

function followCooked(frame: Frame): number {
  if (frame.left < 16) return LAYER_CUT;
  const type = frame.view.getUint16(frame.at + 14);
  frame.at += 16;
  return cookedType(frame, type);
}

function followCooked2(frame: Frame): number {
  if (frame.left < 20) return LAYER_CUT;
  const type = frame.view.getUint16(frame.at);
  frame.at += 20;
  return cookedType(frame, type);
}

export const LINKTYPE_ETHERNET = 1;

const LAYERS: readonly (readonly [number, Layer])[] = [
  [0, followLoopback],
  [LINKTYPE_ETHERNET, followEthernet],
  [9, followPpp],
  [12, followRawOrLoop],
  [14, followRawOrLoop],
  [50, followPppHdlc],
  [51, followPppoe],
  [101, followIpVersion],
  [104, followCiscoHdlc],
  [108, followLoopback],
  [113, followCooked],
  [166, followPppWithDirection],
  [204, followPppWithDirection],
  [219, followMpls],
  [228, () => ETHERTYPE_IPV4],
  [229, () => ETHERTYPE_IPV6],
  [276, followCooked2],
];

const BY_NUMBER = new Map(LAYERS);

/** The layer for a LINKTYPE_ number, or undefined when nothing here follows it. */
export const linkLayer = (linkType: number): Layer | undefined => BY_NUMBER.get(linkType);

/** Names of link types that are met but not followed, for reports. */
const NAMES: Readonly<Record<number, string>> = {
  3: "AX25",
  6: "IEEE802_5",
  7: "ARCNET_BSD",
  8: "SLIP",
  10: "FDDI",
  100: "ATM_RFC1483",
  105: "IEEE802_11",
  107: "FRELAY",
  117: "PFLOG",
  119: "IEEE802_11_PRISM",
  127: "IEEE802_11_RADIOTAP",
  147: "USER0",
  149: "USER2",
  187: "BLUETOOTH_HCI_H4",
  189: "USB_LINUX",
  195: "IEEE802_15_4",
  220: "USB_LINUX_MMAPPED",
  239: "NFLOG",
  249: "USBPCAP",
  253: "NETLINK",
  258: "PKTAP",
};

/** `link type NETLINK (253)`, or the bare number for one that has no name here. */
export function describeLinkType(linkType: number): string {
  const name = NAMES[linkType];
  return name ? `link type ${name} (${linkType})` : `link type ${linkType}`;
}
