/** IPv4 packets for tests, written as their fields, with right checksums. */

import { parseV4 } from "../../stack/wire/address.ts";
import { checksum } from "../../stack/wire/checksum.ts";

export interface PacketFields {
  source: string;
  destination: string;
  /** Option bytes in hexadecimal, padded with zeros here. */
  options?: string;
  protocol?: number;
  ttl?: number;
  id?: number;
  /** Flags and offset as they stand in the header. */
  fragment?: number;
  /** Bytes, or hexadecimal. */
  payload?: Uint8Array | string;
}

/** The number of a dotted quad that is one. */
export function ip(text: string): number {
  const address = parseV4(text);
  if (address === null) throw new Error(`${text} is not an address`);
  return address;
}

export const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.replace(/\s/g, "").match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** An echo request or reply with `data` bytes of data. */
export function icmpEcho(type = 8, data = 8): Uint8Array {
  const bytes = new Uint8Array(8 + data);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, type);
  view.setUint32(4, 0x12340001);
  for (let i = 0; i < data; i++) bytes[8 + i] = i;
  view.setUint16(2, checksum(view, 0, bytes.length));
  return bytes;
}

/** A UDP datagram with checksum over `source` and the final `destination`. */
export function udpSegment(
  source: string,
  destination: string,
  sourcePort: number,
  destinationPort: number,
  data: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(8 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint16(4, bytes.length);
  bytes.set(data, 8);
  const pseudo = new Uint8Array(12 + bytes.length);
  const whole = new DataView(pseudo.buffer);
  whole.setUint32(0, ip(source));
  whole.setUint32(4, ip(destination));
  whole.setUint16(8, 17);
  whole.setUint16(10, bytes.length);
  pseudo.set(bytes, 12);
  view.setUint16(6, checksum(whole, 0, pseudo.length) || 0xffff);
  return bytes;
}

export function ipPacket(fields: PacketFields): Uint8Array {
  const raw = fromHex(fields.options ?? "");
  const options = new Uint8Array((raw.length + 3) & ~3);
  options.set(raw);
  const payload =
    typeof fields.payload === "string" ? fromHex(fields.payload) : (fields.payload ?? icmpEcho());
  const header = 20 + options.length;
  const bytes = new Uint8Array(header + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x40 | (header >>> 2));
  view.setUint16(2, bytes.length);
  view.setUint16(4, fields.id ?? 1);
  view.setUint16(6, fields.fragment ?? 0);
  view.setUint8(8, fields.ttl ?? 64);
  view.setUint8(9, fields.protocol ?? 1);
  view.setUint32(12, ip(fields.source));
  view.setUint32(16, ip(fields.destination));
  bytes.set(options, 20);
  view.setUint16(10, checksum(view, 0, header));
  bytes.set(payload, header);
  return bytes;
}

/** An ICMP message of `type`/`code` that quotes `quoted`. */
export function icmpError(
  type: number,
  code: number,
  word: number,
  quoted: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(8 + quoted.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, type);
  view.setUint8(1, code);
  view.setUint32(4, word);
  bytes.set(quoted, 8);
  view.setUint16(2, checksum(view, 0, bytes.length));
  return bytes;
}
