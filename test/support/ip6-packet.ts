/** IPv6 packets for tests, written as their parts. */
import { In6Addr } from "../../stack/ip6/in6-addr.ts";
import { fold, sumBytes } from "../../stack/wire/checksum.ts";
import { fromHex } from "./ip-packet.ts";

export interface Packet6Fields {
  source: string;
  destination: string;
  /** Next-header number behind the fixed header. */
  next: number;
  hopLimit?: number;
  /** Extension headers and what follows, bytes or hexadecimal. */
  payload: Uint8Array | string;
}

/** The 16 bytes of an address, in hexadecimal. */
export function hex6(text: string): string {
  const { w0, w1, w2, w3 } = In6Addr.parse(text);
  return [w0, w1, w2, w3].map((word) => word.toString(16).padStart(8, "0")).join("");
}

export function ip6Packet(fields: Packet6Fields): Uint8Array {
  const { payload } = fields;
  const body = typeof payload === "string" ? fromHex(payload) : payload;
  const bytes = new Uint8Array(40 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x60000000);
  view.setUint16(4, body.length);
  view.setUint8(6, fields.next);
  view.setUint8(7, fields.hopLimit ?? 64);
  In6Addr.parse(fields.source).write(view, 8);
  In6Addr.parse(fields.destination).write(view, 24);
  bytes.set(body, 40);
  return bytes;
}

/** A transport message with its checksum at `at` filled in, between the final addresses. */
export function sealed6(
  source: string,
  destination: string,
  protocol: number,
  message: Uint8Array,
  at: number,
): Uint8Array {
  const bytes = message.slice();
  const view = new DataView(bytes.buffer);
  const pseudo = fromHex(hex6(source) + hex6(destination));
  view.setUint16(at, 0);
  const addresses = sumBytes(new DataView(pseudo.buffer), 0, 32);
  view.setUint16(at, fold(sumBytes(view, 0, bytes.length, addresses + protocol + bytes.length)));
  return bytes;
}

/** An ICMPv6 echo request with its checksum. */
export function echo6(source: string, destination: string, data = 8): Uint8Array {
  const message = new Uint8Array(8 + data);
  message[0] = 128;
  message[7] = 1;
  return sealed6(source, destination, 58, message, 2);
}
