/** Packets: direction, IP information, then a segment, a datagram or an ICMP message. */
import { MAX_OPTIONS } from "../../stack/tcp/options.ts";
import * as tcp from "../../stack/wire/tcp.ts";
import { type Cursor, shortNumber, wholeNumber } from "./cursor.ts";
import type { IcmpAction, IpInfo, TcpAction, UdpAction } from "./model.ts";
import { Unsupported } from "./model.ts";
import { parseIpInfo } from "./parse-ip-info.ts";
import { optionLength, parseTcpOptions } from "./parse-tcp-options.ts";

const FLAG_BITS: Record<string, number> = {
  F: tcp.TH_FIN,
  S: tcp.TH_SYN,
  R: tcp.TH_RST,
  P: tcp.TH_PUSH,
  ".": tcp.TH_ACK,
  U: tcp.TH_URG,
  E: tcp.TH_ECE,
  W: tcp.TH_CWR,
  C: tcp.TH_CWR,
  A: tcp.TH_AE,
  "-": 0,
};

const FLAGS = /[A-Za-z0-9.-]+/y;
const WORD = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const QUOTED = /\[\s*(udp\s*\(\s*(\d+)\s*\)|(\d+)\s*:\s*\d+\s*\(\s*(\d+)\s*\))\s*\]/y;
const ENCAPSULATION = /(ipv4|ipv6|gre|mpls|sctp|udplite)\b/y;
const PORTS = /\d+\s*>\s*\d+/y;

type Packet = TcpAction | UdpAction | IcmpAction;

export function parsePacket(cursor: Cursor): Packet {
  const inbound = cursor.take("<");
  if (!inbound) cursor.expect(">");
  const quotedFirst = parseQuoted(cursor);
  const ip = quotedFirst ? {} : parseIpInfo(cursor);
  const { line } = cursor;
  const other = cursor.match(ENCAPSULATION);
  if (other) throw new Unsupported(`a packet of ${other[0]}`, line);
  if (cursor.match(/icmp\b/y)) return icmp(cursor, inbound, ip, quotedFirst ?? parseQuoted(cursor));
  if (cursor.match(/udp\b/y)) {
    cursor.expect("(");
    const length = shortNumber(cursor, "the datagram's length");
    cursor.expect(")");
    return { kind: "udp", inbound, ip, length };
  }
  if (cursor.match(PORTS)) throw new Unsupported("port numbers before a segment", line);
  return segment(cursor, inbound, ip);
}

/** `[1:1001(1000)]` or `[udp (10)]`: what an ICMP message quotes; null when it does not stand here. */
function parseQuoted(cursor: Cursor): IcmpAction["quoted"] | null {
  const found = cursor.match(QUOTED);
  if (!found) return null;
  if (found[2]) return { protocol: "udp", seq: 0, length: Number(found[2]) };
  return { protocol: "tcp", seq: Number(found[3]), length: Number(found[4]) };
}

function icmp(
  cursor: Cursor,
  inbound: boolean,
  ip: IpInfo,
  quotedFirst: IcmpAction["quoted"] | null,
): IcmpAction {
  const type = cursor.need(WORD, "an ICMP type")[0];
  const { at } = cursor;
  let code = cursor.match(WORD)?.[0] ?? null;
  if (code === "mtu" || code === "id") {
    cursor.at = at;
    code = null;
  }
  const mtu = cursor.match(/mtu\b/y) ? shortNumber(cursor, "an MTU") : null;
  if (cursor.match(/id\b/y)) throw new Unsupported("the id of an ICMP echo", cursor.line);
  const quoted = quotedFirst ?? parseQuoted(cursor) ?? { protocol: "tcp", seq: 0, length: 0 };
  return { kind: "icmp", inbound, ip, type, code, mtu, quoted };
}

function segment(cursor: Cursor, inbound: boolean, ip: IpInfo): TcpAction {
  const { line } = cursor;
  const flags = parseFlags(cursor.need(FLAGS, "the flags of a segment")[0], line);
  const sequence = parseSequence(cursor);
  const ack = cursor.match(/ack\b/y) ? wholeNumber(cursor, "an acknowledgment number") : 0;
  const window = cursor.match(/win\b/y) ? shortNumber(cursor, "a window") : null;
  const urgent = cursor.match(/urg\b/y) ? shortNumber(cursor, "an urgent pointer") : 0;
  const options = cursor.match(/<(?!\s*(?:\[|\())/y) ? parseTcpOptions(cursor) : [];
  if (cursor.match(/\/\s*udp\b/y)) throw new Unsupported("UDP encapsulation", line);
  if (cursor.match(/\/\s*ipv[46]\b/y)) throw new Unsupported("an encapsulated segment", line);
  if (options && optionLength(options) > MAX_OPTIONS)
    cursor.fail("more options than a header holds");
  if (options === null && inbound) cursor.fail("<...> is for packets that the stack sends");
  return { kind: "tcp", inbound, ip, flags, ...sequence, ack, window, urgent, options };
}

function parseFlags(text: string, line: number): number {
  let flags = 0;
  for (const letter of text) {
    // The ACE field of accurate ECN as one digit.
    const bit = /[0-7]/.test(letter) ? aceBits(Number(letter)) : FLAG_BITS[letter];
    if (bit === undefined) throw new Unsupported(`the flag ${letter} of ${text}`, line);
    flags |= bit;
  }
  return flags;
}

const aceBits = (count: number): number =>
  (count & 4 ? tcp.TH_AE : 0) | (count & 2 ? tcp.TH_CWR : 0) | (count & 1 ? tcp.TH_ECE : 0);

function parseSequence(cursor: Cursor): Pick<TcpAction, "seq" | "absolute" | "length"> {
  if (cursor.take("...")) {
    cursor.expect("(");
    const length = shortNumber(cursor, "a length");
    cursor.expect(")");
    return { seq: null, absolute: false, length };
  }
  const seq = wholeNumber(cursor, "a sequence number") >>> 0;
  cursor.expect(":");
  const end = wholeNumber(cursor, "the sequence number behind the segment");
  cursor.expect("(");
  const length = shortNumber(cursor, "the segment's length");
  cursor.expect(")");
  if ((end - seq - length) % 2 ** 32 !== 0) {
    cursor.fail(`${seq}:${end}(${length}) does not add up: expected ${seq}:${seq + length}`);
  }
  return { seq, absolute: cursor.take("!"), length };
}
