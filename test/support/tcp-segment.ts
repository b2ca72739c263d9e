/** TCP segments for tests: written as fields, read back as fields. */
import { formatV4 } from "../../stack/wire/address.ts";
import { fold, pseudoHeaderV4, sumBytes } from "../../stack/wire/checksum.ts";
import { fromHex, ip, ipPacket, toHex } from "./ip-packet.ts";

export interface SegmentFields {
  from: string;
  to: string;
  sport: number;
  dport: number;
  seq: number;
  ack?: number;
  /** Letters as tcpdump's: S F R P U E C, and . for ACK. */
  flags: string;
  window?: number;
  /** TCP options in hexadecimal, a multiple of four bytes. */
  tcpOptions?: string;
  data?: Uint8Array | string;
  urgent?: number;
  /** IP option bytes in hexadecimal. */
  route?: string;
  /** Destination for the checksum, where a source route has another. */
  final?: string;
}

const BITS: Readonly<Record<string, number>> = {
  F: 1,
  S: 2,
  R: 4,
  P: 8,
  ".": 16,
  U: 32,
  E: 64,
  C: 128,
};

/** The whole IPv4 packet of a segment, checksums right. */
export function segmentPacket(fields: SegmentFields): Uint8Array {
  const options = fromHex(fields.tcpOptions ?? "");
  const data =
    typeof fields.data === "string" ? Buffer.from(fields.data) : (fields.data ?? new Uint8Array(0));
  const header = 20 + options.length;
  const payload = new Uint8Array(header + data.length);
  const view = new DataView(payload.buffer);
  let flags = 0;
  for (const letter of fields.flags) flags |= BITS[letter] ?? 0;
  view.setUint16(0, fields.sport);
  view.setUint16(2, fields.dport);
  view.setUint32(4, fields.seq);
  view.setUint32(8, fields.ack ?? 0);
  view.setUint16(12, (header << 10) | flags);
  view.setUint16(14, fields.window ?? 65535);
  view.setUint16(18, fields.urgent ?? 0);
  payload.set(options, 20);
  payload.set(data, header);
  const final = ip(fields.final ?? fields.to);
  const pseudo = pseudoHeaderV4(ip(fields.from), final, 6, payload.length);
  view.setUint16(16, fold(sumBytes(view, 0, payload.length, pseudo)));
  return ipPacket({
    source: fields.from,
    destination: fields.to,
    protocol: 6,
    payload,
    ...(fields.route === undefined ? {} : { options: fields.route }),
  });
}

/** A segment as it left, its addresses as text. */
export interface SentSegment {
  from: string;
  to: string;
  ttl: number;
  /** IP option bytes in hexadecimal. */
  route: string;
  sport: number;
  dport: number;
  seq: number;
  ack: number;
  flags: string;
  window: number;
  tcpOptions: string;
  length: number;
  data: Uint8Array;
  urgent: number;
}

/** Takes an IPv4 packet with a TCP segment apart. */
export function readSegment(packet: Uint8Array | string): SentSegment {
  const bytes = typeof packet === "string" ? fromHex(packet) : packet;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const header = (view.getUint8(0) & 15) * 4;
  const offset = (view.getUint8(header + 12) >>> 4) * 4;
  const bits = view.getUint8(header + 13);
  const data = bytes.slice(header + offset);
  return {
    from: formatV4(view.getUint32(12)),
    to: formatV4(view.getUint32(16)),
    ttl: view.getUint8(8),
    route: toHex(bytes.slice(20, header)),
    sport: view.getUint16(header),
    dport: view.getUint16(header + 2),
    seq: view.getUint32(header + 4),
    ack: view.getUint32(header + 8),
    flags: Object.keys(BITS)
      .filter((letter) => bits & BITS[letter])
      .join(""),
    window: view.getUint16(header + 14),
    tcpOptions: toHex(bytes.slice(header + 20, header + offset)),
    length: data.length,
    data,
    urgent: view.getUint16(header + 18),
  };
}
