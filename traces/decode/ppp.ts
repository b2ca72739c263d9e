/** PPP (RFC 1661), bare or in HDLC framing (RFC 1662), and Cisco HDLC. */
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "../../stack/wire/ethernet.ts";
import { followEtherType, followMpls } from "./ether-types.ts";
import { type Frame, LAYER_CUT, LAYER_UNKNOWN } from "./frame.ts";

const PPP_IPV4 = 0x21;
const PPP_IPV6 = 0x57;
const PPP_MPLS = 0x281;
const PPP_MPLS_MULTICAST = 0x283;

/** Address and control, which both ends may have agreed to leave out, then the protocol. */
export function followPpp(frame: Frame): number {
  if (frame.left < 2) return LAYER_CUT;
  if (frame.view.getUint16(frame.at) === 0xff03) frame.at += 2;
  if (frame.left < 1) return LAYER_CUT;
  let protocol = frame.view.getUint8(frame.at++);
  // An odd first byte is a whole compressed number (RFC 1661 section 6.5).
  if ((protocol & 1) === 0) {
    if (frame.left < 1) return LAYER_CUT;
    protocol = (protocol << 8) | frame.view.getUint8(frame.at++);
  }
  if (protocol === PPP_IPV4) return ETHERTYPE_IPV4;
  if (protocol === PPP_IPV6) return ETHERTYPE_IPV6;
  if (protocol === PPP_MPLS || protocol === PPP_MPLS_MULTICAST) return followMpls(frame);
  return LAYER_UNKNOWN;
}

/** LINKTYPE_PPP_HDLC: PPP, or Cisco HDLC when the first byte is one of its addresses. */
export function followPppHdlc(frame: Frame): number {
  if (frame.left < 1) return LAYER_CUT;
  const address = frame.view.getUint8(frame.at);
  return address === 0x0f || address === 0x8f ? followCiscoHdlc(frame) : followPpp(frame);
}

/** Address, control, EtherType. */
export function followCiscoHdlc(frame: Frame): number {
  if (frame.left < 4) return LAYER_CUT;
  const type = frame.view.getUint16(frame.at + 2);
  frame.at += 4;
  return followEtherType(frame, type);
}

/** A byte of direction in front of PPP (LINKTYPE_PPP_WITH_DIR), or in the place of its address. */
export function followPppWithDirection(frame: Frame): number {
  if (frame.left < 2) return LAYER_CUT;
  frame.at += frame.view.getUint8(frame.at + 1) === 0x03 ? 2 : 1;
  return followPpp(frame);
}
