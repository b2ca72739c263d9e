/** Packets for tests of decoding and of connections: IPv4 and IPv6 with TCP or UDP inside. */
import { parseV4, parseV6 } from "../../stack/wire/address.ts";

const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    bytes.writeUInt32BE(value >>> 0, 4 * i);
  });
  return bytes;
};

export interface TcpFields {
  from?: number;
  to?: number;
  sequence?: number;
  acknowledgment?: number;
  flags?: number;
  payload?: number;
}

export const tcp = (fields: TcpFields = {}): Buffer => {
  const { from = 40000, to = 80, sequence = 1000, acknowledgment = 0 } = fields;
  const { flags = 2, payload = 0 } = fields;
  const header = words((from << 16) | to, sequence, acknowledgment, 0x50000000 | (flags << 16), 0);
  return Buffer.concat([header, Buffer.alloc(payload, 0x61)]);
};

export const udp = (from: number, to: number, payload: Uint8Array | number): Buffer => {
  const data = typeof payload === "number" ? Buffer.alloc(payload, 0x75) : payload;
  return Buffer.concat([words((from << 16) | to, (8 + data.length) << 16), data]);
};

export interface Ipv4Fields {
  source?: string;
  destination?: string;
  protocol?: number;
  options?: Uint8Array;
  id?: number;
  /** Flags and offset as they stand in the header. */
  fragment?: number;
  /** Total length to claim. */
  total?: number;
}

export const ipv4 = (payload: Uint8Array, fields: Ipv4Fields = {}): Buffer => {
  const { source = "10.0.0.1", destination = "10.0.0.2", protocol = 6 } = fields;
  const { options = new Uint8Array(0), id = 7, fragment = 0 } = fields;
  const header = 20 + options.length;
  const total = fields.total ?? header + payload.length;
  const first = ((0x40 | (header >> 2)) << 24) | total;
  const fixed = words(
    first,
    (id << 16) | fragment,
    (64 << 24) | (protocol << 16),
    parseV4(source) ?? 0,
    parseV4(destination) ?? 0,
  );
  return Buffer.concat([fixed, options, payload]);
};

/** 16 bytes of an IPv6 address. */
export const v6 = (text: string): Buffer => words(...(parseV6(text) ?? []));

/** `headers`: extension headers as bytes, the first of type `next`. */
export const ipv6 = (
  payload: Uint8Array,
  next = 6,
  headers: Uint8Array = new Uint8Array(0),
  source = "2001:db8::1",
  destination = "2001:db8::2",
): Buffer => {
  const length = headers.length + payload.length;
  const fixed = words(0x60000000, (length << 16) | (next << 8) | 64);
  return Buffer.concat([fixed, v6(source), v6(destination), headers, payload]);
};

/** An Ethernet frame of the given type, its addresses zero. */
export const ethernet = (payload: Uint8Array, ...types: number[]): Buffer => {
  const head = Buffer.alloc(12);
  const tags = types.slice(0, -1).map((type) => words((type << 16) | 1));
  const last = Buffer.alloc(2);
  last.writeUInt16BE(types.at(-1) ?? 0x0800);
  return Buffer.concat([head, ...tags, last, payload]);
};

export const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ""), "hex");
