/** Packets from the wire: what a script wrote as `<`, in bytes. */
import { type Address, In6Addr } from "../../stack/ip6/in6-addr.ts";
import {
  checksum,
  foldSum,
  pseudoHeaderV4,
  pseudoHeaderV6,
  sumBytes,
} from "../../stack/wire/checksum.ts";
import * as ipv4 from "../../stack/wire/ipv4.ts";
import * as ipv6 from "../../stack/wire/ipv6.ts";
import * as tcp from "../../stack/wire/tcp.ts";
import type { Connection } from "./connection.ts";
import type { IpInfo, TcpAction, TcpOption } from "./model.ts";

/** An IP packet around `payload`, checksums of IPv4 and of the payload filled in. */
export function ipPacket(
  source: Address,
  destination: Address,
  protocol: number,
  payload: Uint8Array,
  info: IpInfo,
  checksumAt: number,
): Uint8Array {
  const header = typeof source === "number" ? ipv4.IPV4_HEADER_LENGTH : ipv6.IPV6_HEADER_LENGTH;
  const bytes = new Uint8Array(header + payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set(payload, header);
  const ttl = info.ttl ?? 64;
  const tos = info.tos ?? 0;
  let pseudo = 0;
  if (typeof source === "number" && typeof destination === "number") {
    view.setUint8(0, 0x45);
    ipv4.setTos(view, 0, tos);
    ipv4.setTotalLength(view, 0, bytes.length);
    ipv4.setTtl(view, 0, ttl);
    ipv4.setProtocol(view, 0, protocol);
    ipv4.setSource(view, 0, source);
    ipv4.setDestination(view, 0, destination);
    ipv4.setHeaderChecksum(view, 0, checksum(view, 0, header));
    if (protocol !== ipv4.IPPROTO_ICMP) {
      pseudo = pseudoHeaderV4(source, destination, protocol, payload.length);
    }
  } else if (source instanceof In6Addr && destination instanceof In6Addr) {
    ipv6.setVersionClassFlow(view, 0, tos, 0);
    ipv6.setPayloadLength(view, 0, payload.length);
    ipv6.setNextHeader(view, 0, protocol);
    ipv6.setHopLimit(view, 0, ttl);
    source.write(view, 8);
    destination.write(view, 24);
    pseudo = pseudoHeaderV6(view, 8, view, 24, protocol, payload.length);
  }
  if (checksumAt >= 0) {
    const sum = foldSum(sumBytes(view, header, payload.length, pseudo));
    view.setUint16(header + checksumAt, ~sum & 0xffff);
  }
  return bytes;
}

/** A segment of `connection` from the peer, without its checksum. */
export function buildSegment(action: TcpAction, connection: Connection): Uint8Array {
  const options = (action.options ?? []).flatMap((each) => optionBytes(each, connection));
  while (options.length % 4 !== 0) options.push(0);
  const header = tcp.TCP_HEADER_LENGTH + options.length;
  const bytes = new Uint8Array(header + action.length).fill(0x61, header);
  const view = new DataView(bytes.buffer);
  const acks = (action.flags & tcp.TH_ACK) !== 0;
  tcp.setSourcePort(view, 0, connection.remotePort);
  tcp.setDestinationPort(view, 0, connection.localPort);
  tcp.setSequence(view, 0, action.seq ?? 0);
  tcp.setAcknowledgment(view, 0, acks ? connection.toWire(action.ack) : action.ack);
  view.setUint16(12, (header << 10) | action.flags);
  tcp.setWindow(view, 0, action.window ?? 0);
  tcp.setUrgentPointer(view, 0, action.urgent);
  bytes.set(options, tcp.TCP_HEADER_LENGTH);
  return bytes;
}

const word = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];

function optionBytes(option: TcpOption, connection: Connection): number[] {
  const value = option.value ?? 0;
  switch (option.name) {
    case "eol":
      return [0];
    case "mss":
      return [2, 4, value >>> 8, value & 255];
    case "wscale":
      return [3, 3, value];
    case "sackOK":
      return [4, 2];
    case "sack": {
      const blocks = option.blocks ?? [];
      const edges = blocks.flat().flatMap((edge) => word(connection.toWire(edge)));
      return [5, 2 + edges.length, ...edges];
    }
    case "TS": {
      const ecr = option.ecr ?? 0;
      const echo = option.absoluteEcr ? ecr : connection.timestampToWire(ecr);
      return [8, 10, ...word(value), ...word(echo)];
    }
    default:
      return [1];
  }
}

/** The beginning of a segment that the stack sent, as an ICMP message quotes it. */
export function quotedSegment(seq: number, connection: Connection): Uint8Array {
  const bytes = new Uint8Array(tcp.TCP_HEADER_LENGTH);
  const view = new DataView(bytes.buffer);
  tcp.setSourcePort(view, 0, connection.localPort);
  tcp.setDestinationPort(view, 0, connection.remotePort);
  tcp.setSequence(view, 0, connection.toWire(seq));
  tcp.setDataOffset(view, 0, tcp.TCP_HEADER_LENGTH);
  return bytes;
}
