/** IPv6 packets (RFC 8200), whatever chain of extension headers they carry. */

import { version } from "../../stack/wire/ipv4.ts";
import {
  destinationAt,
  IPPROTO_DSTOPTS,
  IPPROTO_FRAGMENT,
  IPPROTO_ROUTING,
  IPV6_HEADER_LENGTH,
  isLengthPrefixedExtension,
  nextHeader,
  payloadLength,
  sourceAt,
} from "../../stack/wire/ipv6.ts";
import type { DecodeContext } from "./context.ts";
import { copyAddress, homeAddressAt, routedDestinationAt } from "./final-address.ts";
import { setV6Key } from "./fragment-table.ts";
import { decodeFragment } from "./ipv4.ts";
import { KIND, KIND_V6, v6At } from "./packet-rows.ts";
import { followProtocol } from "./protocols.ts";
import { SKIP_IP_CUT, SKIP_IP_MALFORMED } from "./skip-reasons.ts";

const FRAGMENT_HEADER_LENGTH = 8;

/** Decodes the IPv6 packet at `frame.at` into `row`; returns `DECODED` or the reason why not. */
export function decodeIpv6(context: DecodeContext, row: number): number {
  const { frame, rows } = context;
  const { view, at } = frame;
  if (frame.left < IPV6_HEADER_LENGTH) return SKIP_IP_CUT;
  if (version(view, at) !== 6) return SKIP_IP_MALFORMED;
  // 0 is a jumbogram or a segment still to be cut: its length is the frame's.
  const claimed = payloadLength(view, at) || frame.wireEnd - at - IPV6_HEADER_LENGTH;
  const ipEnd = Math.min(at + IPV6_HEADER_LENGTH + claimed, frame.wireEnd);
  frame.end = Math.min(frame.end, ipEnd);

  let source = sourceAt(at);
  let destination = destinationAt(at);
  let next = nextHeader(view, at);
  let header = at + IPV6_HEADER_LENGTH;
  // Every extension header is at least 8 bytes: the packet's own length bounds the chain.
  while (isLengthPrefixedExtension(next)) {
    if (header + 8 > frame.end) return header + 8 > ipEnd ? SKIP_IP_MALFORMED : SKIP_IP_CUT;
    const length = (view.getUint8(header + 1) + 1) * 8;
    if (header + length > frame.end)
      return header + length > ipEnd ? SKIP_IP_MALFORMED : SKIP_IP_CUT;
    if (next === IPPROTO_ROUTING) {
      const routed = routedDestinationAt(view, header, length);
      if (routed >= 0) destination = routed;
    } else if (next === IPPROTO_DSTOPTS) {
      const home = homeAddressAt(view, header, length);
      if (home >= 0) source = home;
    }
    next = view.getUint8(header);
    header += length;
  }

  rows.words[row + KIND] = KIND_V6;
  copyAddress(view, source, rows.v6, v6At(row));
  copyAddress(view, destination, rows.v6, v6At(row) + 4);
  frame.at = header;
  if (next !== IPPROTO_FRAGMENT) return followProtocol(context, row, next, ipEnd);

  if (frame.left < FRAGMENT_HEADER_LENGTH) return SKIP_IP_CUT;
  const word = view.getUint16(header + 2);
  const offset = word & 0xfff8;
  setV6Key(context.fragmentKey, view, sourceAt(at), destinationAt(at), header);
  frame.at = header + FRAGMENT_HEADER_LENGTH;
  next = view.getUint8(header);
  // Neither offset nor more to come: whole, with a fragment header all the same (RFC 6946).
  if ((word & 0xfff9) === 0) return followProtocol(context, row, next, ipEnd);
  return decodeFragment(context, row, next, offset, ipEnd);
}
