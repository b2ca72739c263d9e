/** TCP segments and UDP datagrams into columns, however little of them was captured. */
import {
  acknowledgment,
  dataOffset,
  destinationPort,
  flags,
  sequence,
  TCP_HEADER_LENGTH,
} from "../../stack/wire/tcp.ts";
import { UDP_HEADER_LENGTH } from "../../stack/wire/udp.ts";
import type { DecodeContext } from "./context.ts";
import { ACKNOWLEDGMENT, FLAGS, KIND, KIND_UDP, PAYLOAD, PORTS, SEQUENCE } from "./packet-rows.ts";
import { DECODED, SKIP_IP_MALFORMED, SKIP_TRANSPORT_CUT } from "./skip-reasons.ts";
import { carriesVxlan, enterVxlan } from "./tunnels.ts";

/** Flags stand in byte 13: a capture cut before it says nothing of the connection's state. */
const TCP_FLAGS_END = 14;

/**
 * Decodes a TCP header at `frame.at` into `row`, whose kind and addresses are set; the IP packet
 * ends at `ipEnd` on the wire, which alone gives the payload.
 */
export function decodeTcp(context: DecodeContext, row: number, ipEnd: number): number {
  const { frame } = context;
  const { words } = context.rows;
  const { view, at, end } = frame;
  if (end - at < 4) return ipEnd - at < 4 ? SKIP_IP_MALFORMED : SKIP_TRANSPORT_CUT;
  words[row + PORTS] = view.getInt32(at);
  const whole = end - at >= TCP_FLAGS_END;
  const header = whole ? dataOffset(view, at) : TCP_HEADER_LENGTH;
  // A header that claims fewer than its own fixed bytes, or more than there are, has no payload.
  const payload = header < TCP_HEADER_LENGTH ? 0 : ipEnd - at - header;
  words[row + PAYLOAD] = payload > 0 ? payload : 0;
  words[row + FLAGS] = whole ? flags(view, at) : 0;
  words[row + SEQUENCE] = whole ? sequence(view, at) : 0;
  words[row + ACKNOWLEDGMENT] = whole ? acknowledgment(view, at) : 0;
  return DECODED;
}

/** Decodes a UDP header as `decodeTcp` does TCP's, or enters the VXLAN packet it carries. */
export function decodeUdp(context: DecodeContext, row: number, ipEnd: number): number {
  const { frame } = context;
  const { words } = context.rows;
  const { view, at, end } = frame;
  if (end - at < 4) return ipEnd - at < 4 ? SKIP_IP_MALFORMED : SKIP_TRANSPORT_CUT;
  if (context.tunnels && carriesVxlan(frame, destinationPort(view, at))) {
    frame.at += UDP_HEADER_LENGTH;
    return enterVxlan(context, row, ipEnd);
  }
  words[row + KIND] |= KIND_UDP;
  words[row + PORTS] = view.getInt32(at);
  const payload = ipEnd - at - UDP_HEADER_LENGTH;
  words[row + PAYLOAD] = payload > 0 ? payload : 0;
  words[row + FLAGS] = 0;
  return DECODED;
}
