/** Builds IPv6 packets for tests from hex pieces. */

/** Bytes of hex text; spaces are ignored. */
export const hexBytes = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Addresses of the specification's section 1.5, in hex. */
export const C6 = "20010db8000c00000000000000000001";
export const A6 = "20010db8000a00000000000000000009";
export const U6 = "20010db8010000000000000000000007";

export interface Ipv6Parts {
  next: number;
  source?: string;
  destination?: string;
  hopLimit?: number;
  /** Everything behind the fixed header, hex. */
  payload: string;
  /** The payload length field, when it shall lie. */
  payloadLength?: number;
}

/** A packet with a correct payload length. */
export function ipv6Packet(parts: Ipv6Parts): Uint8Array {
  const payload = hexBytes(parts.payload);
  const packet = new Uint8Array(40 + payload.length);
  const view = viewOf(packet);
  view.setUint32(0, 0x60000000);
  view.setUint16(4, parts.payloadLength ?? payload.length);
  packet[6] = parts.next;
  packet[7] = parts.hopLimit ?? 64;
  packet.set(hexBytes(parts.source ?? C6), 8);
  packet.set(hexBytes(parts.destination ?? U6), 24);
  packet.set(payload, 40);
  return packet;
}
