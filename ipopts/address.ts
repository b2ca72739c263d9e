/** IPv4 addresses, unsigned 32-bit numbers, as text and by kind: this room imports nothing. */

/** `192.0.2.1` for 0xc0000201. */
export const dottedQuad = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** The number of a dotted quad, or null when `text` is not exactly four decimal bytes. */
export function parseDottedQuad(text: string): number | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = value * 256 + Number(part);
  }
  return value;
}

/** 255.255.255.255 (RFC 919). */
export const LIMITED_BROADCAST = 0xffffffff;

/** 224.0.0.0/4 (RFC 5771). */
export const isMulticast = (address: number): boolean => address >>> 28 === 0xe;
/** 127.0.0.0/8 (RFC 1122 section 3.2.1.3 g). */
export const isLoopback = (address: number): boolean => address >>> 24 === 127;
/** 0.0.0.0/8, "this network" (RFC 1122 section 3.2.1.3 a and b). */
export const isZeroNet = (address: number): boolean => address >>> 24 === 0;
/** 240.0.0.0/4 (RFC 1112 section 4), the limited broadcast address included. */
export const isClassE = (address: number): boolean => address >>> 28 === 0xf;
