/** What an IP header's protocol number leads to. */
import {
  IPPROTO_GRE,
  IPPROTO_ICMP,
  IPPROTO_IPIP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPPROTO_UDP,
} from "../../stack/wire/ipv4.ts";
import {
  IPPROTO_AH,
  IPPROTO_DSTOPTS,
  IPPROTO_ESP,
  IPPROTO_ICMPV6,
  isLengthPrefixedExtension,
} from "../../stack/wire/ipv6.ts";
import type { DecodeContext } from "./context.ts";
import { copyAddress, homeAddressAt } from "./final-address.ts";
import { KIND, KIND_V6, v6At } from "./packet-rows.ts";
import {
  SKIP_ENCRYPTED,
  SKIP_ICMP,
  SKIP_IP_CUT,
  SKIP_IP_MALFORMED,
  SKIP_PROTOCOL,
  SKIP_TUNNEL,
} from "./skip-reasons.ts";
import { decodeTcp, decodeUdp } from "./transport.ts";
import { enterGre, enterIp } from "./tunnels.ts";

/**
 * Decodes what stands at `frame.at` as protocol `first` into `row`; the IP packet ends at `ipEnd`
 * on the wire. Headers that may stand between IP and transport even here are passed: an
 * authentication header (RFC 4302), and IPv6 extension headers behind it or behind a fragment header.
 */
export function followProtocol(
  context: DecodeContext,
  row: number,
  first: number,
  ipEnd: number,
): number {
  const { frame, rows } = context;
  let next = first;
  while (
    next === IPPROTO_AH ||
    (rows.words[row + KIND] === KIND_V6 && isLengthPrefixedExtension(next))
  ) {
    if (frame.left < 8) return frame.at + 8 > ipEnd ? SKIP_IP_MALFORMED : SKIP_IP_CUT;
    const units = frame.view.getUint8(frame.at + 1);
    const length = next === IPPROTO_AH ? (units + 2) * 4 : (units + 1) * 8;
    if (length > frame.left) return frame.at + length > ipEnd ? SKIP_IP_MALFORMED : SKIP_IP_CUT;
    if (next === IPPROTO_DSTOPTS) {
      const home = homeAddressAt(frame.view, frame.at, length);
      if (home >= 0) copyAddress(frame.view, home, rows.v6, v6At(row));
    }
    next = frame.view.getUint8(frame.at);
    frame.at += length;
  }
  switch (next) {
    case IPPROTO_TCP:
      return decodeTcp(context, row, ipEnd);
    case IPPROTO_UDP:
      return decodeUdp(context, row, ipEnd);
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return SKIP_ICMP;
    case IPPROTO_ESP:
      return SKIP_ENCRYPTED;
    case IPPROTO_IPIP:
    case IPPROTO_IPV6:
      return context.tunnels ? enterIp(context, row, ipEnd) : SKIP_TUNNEL;
    case IPPROTO_GRE:
      return context.tunnels ? enterGre(context, row, ipEnd) : SKIP_TUNNEL;
    default:
      return SKIP_PROTOCOL;
  }
}
