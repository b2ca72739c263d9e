/** What the stack sent, in the words of a script. */
import * as ipv4 from "../../stack/wire/ipv4.ts";
import * as ipv6 from "../../stack/wire/ipv6.ts";
import * as tcp from "../../stack/wire/tcp.ts";
import type { Connection } from "./connection.ts";
import type { Sent } from "./machine.ts";
import type { TcpOption } from "./model.ts";

/** One packet, its numbers as on the wire. */
export interface Seen {
  protocol: number;
  tos: number;
  ttl: number;
  sourcePort: number;
  destinationPort: number;
  flags: number;
  seq: number;
  ack: number;
  window: number;
  urgent: number;
  length: number;
  options: TcpOption[];
  at: number;
}

/** Takes a packet apart; extension headers and IP options are passed over. */
export function readPacket({ view, at }: Sent): Seen {
  const four = ipv4.version(view, 0) === 4;
  const header = four ? ipv4.headerLength(view, 0) : ipv6.IPV6_HEADER_LENGTH;
  const protocol = four ? ipv4.protocol(view, 0) : ipv6.nextHeader(view, 0);
  const end = four ? ipv4.totalLength(view, 0) : header + ipv6.payloadLength(view, 0);
  const seen: Seen = {
    protocol,
    tos: four ? ipv4.tos(view, 0) : ipv6.trafficClass(view, 0),
    ttl: four ? ipv4.ttl(view, 0) : ipv6.hopLimit(view, 0),
    sourcePort: 0,
    destinationPort: 0,
    flags: 0,
    seq: 0,
    ack: 0,
    window: 0,
    urgent: 0,
    length: end - header,
    options: [],
    at,
  };
  if (protocol === ipv4.IPPROTO_UDP) {
    seen.sourcePort = tcp.sourcePort(view, header);
    seen.destinationPort = tcp.destinationPort(view, header);
    seen.length -= 8;
  }
  if (protocol !== ipv4.IPPROTO_TCP) return seen;
  const dataAt = header + tcp.dataOffset(view, header);
  seen.sourcePort = tcp.sourcePort(view, header);
  seen.destinationPort = tcp.destinationPort(view, header);
  seen.flags = view.getUint16(header + 12) & 0x1ff;
  seen.seq = tcp.sequence(view, header);
  seen.ack = tcp.acknowledgment(view, header);
  seen.window = tcp.window(view, header);
  seen.urgent = tcp.urgentPointer(view, header);
  seen.length = end - dataAt;
  seen.options = readOptions(view, header + tcp.TCP_HEADER_LENGTH, dataAt);
  return seen;
}

function readOptions(view: DataView, from: number, to: number): TcpOption[] {
  const options: TcpOption[] = [];
  for (let p = from; p < to; ) {
    const kind = view.getUint8(p);
    if (kind <= 1) {
      options.push({ name: kind === 0 ? "eol" : "nop" });
      p++;
      continue;
    }
    const length = p + 1 < to ? view.getUint8(p + 1) : 0;
    if (length < 2 || p + length > to) {
      options.push({ name: "unknown", value: kind });
      break;
    }
    options.push(readOption(view, p, kind, length));
    p += length;
  }
  return options;
}

function readOption(view: DataView, p: number, kind: number, length: number): TcpOption {
  if (kind === 2) return { name: "mss", value: view.getUint16(p + 2) };
  if (kind === 3) return { name: "wscale", value: view.getUint8(p + 2) };
  if (kind === 4) return { name: "sackOK" };
  if (kind === 8) return { name: "TS", value: view.getUint32(p + 2), ecr: view.getUint32(p + 6) };
  if (kind !== 5) return { name: "unknown", value: kind };
  const blocks: [number, number][] = [];
  for (let q = p + 2; q + 8 <= p + length; q += 8) {
    blocks.push([view.getUint32(q), view.getUint32(q + 4)]);
  }
  return { name: "sack", blocks };
}

const LETTERS: readonly [number, string][] = [
  [tcp.TH_FIN, "F"],
  [tcp.TH_SYN, "S"],
  [tcp.TH_RST, "R"],
  [tcp.TH_PUSH, "P"],
  [tcp.TH_URG, "U"],
  [tcp.TH_ECE, "E"],
  [tcp.TH_CWR, "W"],
  [tcp.TH_AE, "A"],
  [tcp.TH_ACK, "."],
];

export const flagText = (flags: number): string =>
  LETTERS.filter(([bit]) => flags & bit)
    .map(([, letter]) => letter)
    .join("") || "-";

export function optionText(option: TcpOption): string {
  if (option.name === "sack") {
    return `sack ${(option.blocks ?? []).map(([from, to]) => `${from}:${to}`).join(" ")}`;
  }
  if (option.name === "TS") {
    const value = option.anyValue ? "..." : option.value;
    return `TS val ${value} ecr ${option.anyEcr ? "..." : option.ecr}`;
  }
  return option.value === undefined ? option.name : `${option.name} ${option.value}`;
}

export const optionsText = (options: readonly TcpOption[] | null): string =>
  options === null ? " <...>" : options.length ? ` <${options.map(optionText).join(",")}>` : "";

/** The options with numbers as the script counts them. */
export function scriptOptions(options: readonly TcpOption[], connection: Connection): TcpOption[] {
  return options.map((option) =>
    option.name === "TS" && option.value !== undefined
      ? { ...option, value: (option.value - (connection.firstTimestamp ?? 0)) >>> 0 }
      : option,
  );
}
