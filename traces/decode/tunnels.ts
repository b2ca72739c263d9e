/** What tunnels carry: IP in IP (RFC 2003, 2473, 4213), GRE (RFC 2784, 2890, 2637), VXLAN (RFC 7348). */
import type { DecodeContext } from "./context.ts";
import { followEthernet, followEtherType, followIpVersion } from "./ether-types.ts";
import { type Frame, LAYER_CUT } from "./frame.ts";
import { decodeNetwork } from "./network.ts";
import { followPpp } from "./ppp.ts";
import { SKIP_IP_CUT, SKIP_TUNNEL } from "./skip-reasons.ts";

/** Ends the frame where the outer packet ends, so that its padding is not taken for an inner one's. */
function narrow(frame: Frame, ipEnd: number): void {
  frame.wireEnd = ipEnd;
  frame.end = Math.min(frame.end, ipEnd);
}

/** IPv4 or IPv6 directly inside IP. */
export function enterIp(context: DecodeContext, row: number, ipEnd: number): number {
  narrow(context.frame, ipEnd);
  return decodeNetwork(context, row, followIpVersion(context.frame));
}

const GRE_CHECKSUM = 0x8000;
const GRE_ROUTING = 0x4000;
const GRE_KEY = 0x2000;
const GRE_SEQUENCE = 0x1000;
const GRE_ACKNOWLEDGMENT = 0x0080;
const GRE_VERSION = 0x0007;
const ETHERTYPE_PPP = 0x880b;
const ETHERTYPE_BRIDGED = 0x6558;
/** Cisco's WCCP puts a redirect header of four bytes in front of the packet. */
const ETHERTYPE_WCCP = 0x883e;

/** GRE, version 0 with an EtherType or version 1 (PPTP) with PPP. */
export function enterGre(context: DecodeContext, row: number, ipEnd: number): number {
  const { frame } = context;
  narrow(frame, ipEnd);
  if (frame.left < 4) return SKIP_IP_CUT;
  const flags = frame.view.getUint16(frame.at);
  const type = frame.view.getUint16(frame.at + 2);
  // A source route list would follow, which nobody has used since RFC 2784 dropped it.
  if ((flags & GRE_VERSION) > 1 || flags & GRE_ROUTING) return SKIP_TUNNEL;
  frame.at += 4;
  if (flags & GRE_CHECKSUM) frame.at += 4;
  if (flags & GRE_KEY) frame.at += 4;
  if (flags & GRE_SEQUENCE) frame.at += 4;
  if ((flags & GRE_VERSION) === 1 && flags & GRE_ACKNOWLEDGMENT) frame.at += 4;
  // PPTP acknowledges with headers that carry nothing.
  if (frame.left <= 0) return SKIP_TUNNEL;
  if (type === ETHERTYPE_PPP) return decodeNetwork(context, row, followPpp(frame));
  if (type === ETHERTYPE_BRIDGED) return decodeNetwork(context, row, followEthernet(frame));
  if (type === ETHERTYPE_WCCP) {
    if (frame.view.getUint8(frame.at) >>> 4 !== 4) frame.at += 4;
    return decodeNetwork(context, row, followIpVersion(frame));
  }
  return decodeNetwork(context, row, followEtherType(frame, type));
}

/** IANA's port, and the one Linux used before there was one. */
const VXLAN_PORTS = [4789, 8472];
const VXLAN_HEADER_LENGTH = 8;
/** Behind the UDP header: flags with the I bit, and reserved bits that must be zero. */
const UDP_HEADER_LENGTH = 8;

/** Whether the UDP datagram at `frame.at` is a VXLAN packet. */
export function carriesVxlan(frame: Frame, port: number): boolean {
  const at = frame.at + UDP_HEADER_LENGTH;
  return (
    VXLAN_PORTS.includes(port) &&
    at + VXLAN_HEADER_LENGTH <= frame.end &&
    (frame.view.getUint8(at) & 0x08) !== 0
  );
}

/** The Ethernet frame behind the VXLAN header at `frame.at`. */
export function enterVxlan(context: DecodeContext, row: number, ipEnd: number): number {
  const { frame } = context;
  narrow(frame, ipEnd);
  frame.at += VXLAN_HEADER_LENGTH;
  return frame.left < 0 ? LAYER_CUT : decodeNetwork(context, row, followEthernet(frame));
}
