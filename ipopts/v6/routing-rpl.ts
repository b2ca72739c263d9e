/**
 * The RPL source routing header, type 3 (RFC 6554 section 3): addresses without the leading bytes
 * that they share with the destination.
 *
 * ```
 * | CmprI | CmprE |  Pad  |               Reserved                |  4
 * |                        Addresses[1..n] …
 * ```
 * All addresses but the last leave out CmprI leading bytes, the last CmprE.
 */
import { copyBytes } from "./layout.ts";
import { routingLength, segmentsLeft } from "./routing.ts";

export interface RplHeader {
  readonly nextHeader: number;
  readonly segmentsLeft: number;
  readonly compressInner: number;
  readonly compressLast: number;
  /** Twenty reserved bits. */
  readonly reserved: number;
  /** Compressed addresses: 16 − CmprI bytes each, the last 16 − CmprE. */
  readonly addresses: readonly Uint8Array[];
  /** What fills the header up; `Pad` of these bytes in a well-formed header. */
  readonly padding: Uint8Array;
  /** The Pad field as it stood. */
  readonly pad: number;
}

/**
 * Number of addresses (RFC 6554 section 3), or −1 when lengths and padding do not come out even or
 * leave no room for the last.
 */
export function rplAddressCount(view: DataView, at: number): number {
  const inner = 16 - (view.getUint8(at + 4) >>> 4);
  const last = 16 - (view.getUint8(at + 4) & 15);
  const room = routingLength(view, at) - 8 - (view.getUint8(at + 5) >>> 4) - last;
  return room >= 0 && room % inner === 0 ? room / inner + 1 : -1;
}

/** Decodes the `routingLength` bytes at `at`, which lie in the view; null when malformed. */
export function decodeRpl(view: DataView, at: number): RplHeader | null {
  const count = rplAddressCount(view, at);
  if (count < 0) return null;
  const compressInner = view.getUint8(at + 4) >>> 4;
  const compressLast = view.getUint8(at + 4) & 15;
  const pad = view.getUint8(at + 5) >>> 4;
  const inner = 16 - compressInner;
  const addresses: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    addresses.push(
      copyBytes(view, at + 8 + i * inner, i === count - 1 ? 16 - compressLast : inner),
    );
  }
  return {
    nextHeader: view.getUint8(at),
    segmentsLeft: segmentsLeft(view, at),
    compressInner,
    compressLast,
    reserved: view.getUint32(at + 4) & 0xfffff,
    addresses,
    padding: copyBytes(view, at + routingLength(view, at) - pad, pad),
    pad,
  };
}

/** The header's bytes; null when an address has the wrong length or the whole is no multiple of 8. */
export function encodeRpl(header: RplHeader): Uint8Array | null {
  const { addresses, compressInner, compressLast, pad } = header;
  const size = (i: number) => 16 - (i === addresses.length - 1 ? compressLast : compressInner);
  if (addresses.some((hop, i) => hop.length !== size(i))) return null;
  const body = addresses.reduce((sum, hop) => sum + hop.length, 0);
  const length = 8 + body + header.padding.length;
  if (length % 8 !== 0 || length > 2048) return null;
  const out = new Uint8Array(length);
  out.set([header.nextHeader, length / 8 - 1, 3, header.segmentsLeft]);
  const word = (compressInner << 28) | (compressLast << 24) | (pad << 20) | header.reserved;
  new DataView(out.buffer).setUint32(4, word >>> 0);
  let at = 8;
  for (const hop of addresses) {
    out.set(hop, at);
    at += hop.length;
  }
  out.set(header.padding, at);
  return out;
}

/** Whole addresses: what was left out is taken from the destination, 16 bytes (section 3). */
export function expandRpl(header: RplHeader, destination: Uint8Array): Uint8Array[] {
  return header.addresses.map((hop) => {
    const whole = destination.slice();
    whole.set(hop, 16 - hop.length);
    return whole;
  });
}

/**
 * The shortest header for whole addresses on the way to the first hop `destination`: CmprI and
 * CmprE are the most leading bytes (15 at most) that all inner addresses, and the last, share with
 * it.
 */
export function compressRpl(
  nextHeader: number,
  addresses: readonly Uint8Array[],
  destination: Uint8Array,
): RplHeader {
  const shared = (hop: Uint8Array): number => {
    let n = 0;
    while (n < 15 && hop[n] === destination[n]) n++;
    return n;
  };
  const inner = addresses.slice(0, -1).map(shared);
  const last = addresses.slice(-1).map(shared);
  const compressLast = last[0] ?? 15;
  const compressInner = Math.min(15, ...inner);
  const short = addresses.map((hop, i) =>
    hop.slice(i === addresses.length - 1 ? compressLast : compressInner),
  );
  const body = short.reduce((sum, hop) => sum + hop.length, 0);
  const pad = (8 - (body % 8)) % 8;
  return {
    nextHeader,
    segmentsLeft: addresses.length,
    compressInner,
    compressLast,
    reserved: 0,
    addresses: short,
    padding: new Uint8Array(pad),
    pad,
  };
}

/** The final destination while segments are left, 16 bytes; null when the header is malformed. */
export function rplFinalDestination(
  view: DataView,
  at: number,
  destination: Uint8Array,
): Uint8Array | null {
  const header = decodeRpl(view, at);
  return header === null ? null : (expandRpl(header, destination).at(-1) ?? null);
}
