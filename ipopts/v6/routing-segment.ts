/**
 * The segment routing header, type 4 (RFC 8754 section 2): a list of segments last first, nothing
 * recorded on the way, and TLVs behind it.
 *
 * ```
 * |  Last Entry   |     Flags     |              Tag              |  4
 * |            Segment List[0] (16) …  [Last Entry] (16)          |  8
 * |                             TLVs …
 * ```
 */
import { bytes, decodeFields, OPAQUE, rest, u16, u32 } from "./layout.ts";
import { decodeTlvs, encodeTlvs, PAD1, type TlvOption, tlv, tlvFamily } from "./tlv.ts";

export const ROUTING_SEGMENT = 4;
export const SEGMENT_HMAC = 5;

export const SEGMENT_TLVS = tlvFamily("segment routing TLV", 4, [
  tlv(PAD1, "Pad1", [], "RFC 8754 section 2.1.1.1"),
  tlv(4, "PadN", OPAQUE, "RFC 8754 section 2.1.1.2"),
  tlv(
    SEGMENT_HMAC,
    "HMAC",
    [u16("flags"), u32("keyId"), rest("hmac")],
    "RFC 8754 section 2.1.2",
    [8, 0],
  ),
]);

export const lastEntry = (view: DataView, at: number): number => view.getUint8(at + 4);

/** Segments that Last Entry claims, or as many as there is room for: never past the header. */
export function hasSegmentAddresses(view: DataView, at: number, room: number): number {
  return Math.min(lastEntry(view, at) + 1, room);
}

/** Segment List[0] is the end of the path. */
export const segmentFinalAt = (at: number): number => at + 8;

/** Where the TLVs begin in a header of `length` bytes. */
export function segmentTlvsAt(view: DataView, at: number, length: number): number {
  return 8 + 16 * hasSegmentAddresses(view, at, (length - 8) >>> 4);
}

export interface SegmentRoutingHeader {
  readonly nextHeader: number;
  readonly segmentsLeft: number;
  /** Kept beside the list, for a malformed header claims more than it holds. */
  readonly lastEntry: number;
  readonly flags: number;
  readonly tag: number;
  /** 16 bytes each, in wire order: the last segment first. */
  readonly segments: readonly Uint8Array[];
  readonly tlvs: readonly TlvOption[];
  /** What no TLV walk could read. */
  readonly tail: Uint8Array;
}

const SEGMENT = [bytes("segment", 16)];

/** Decodes the header at `at`, all of whose bytes lie in the view. */
export function decodeSegmentRouting(view: DataView, at: number): SegmentRoutingHeader {
  const length = (view.getUint8(at + 1) + 1) * 8;
  const tlvsAt = segmentTlvsAt(view, at, length);
  const segments: Uint8Array[] = [];
  for (let from = 8; from < tlvsAt; from += 16) {
    const { segment } = decodeFields(SEGMENT, view, at + from, 16);
    if (typeof segment !== "number") segments.push(segment);
  }
  const { options, tail } = decodeTlvs(SEGMENT_TLVS, view, at + tlvsAt, at + length);
  return {
    nextHeader: view.getUint8(at),
    segmentsLeft: view.getUint8(at + 3),
    lastEntry: lastEntry(view, at),
    flags: view.getUint8(at + 5),
    tag: view.getUint16(at + 6),
    segments,
    tlvs: options,
    tail,
  };
}

/** The header's bytes; null when they are no multiple of 8 or exceed 2,048. */
export function encodeSegmentRouting(header: SegmentRoutingHeader): Uint8Array | null {
  const tlvs = encodeTlvs(SEGMENT_TLVS, header.tlvs);
  const tlvsAt = 8 + 16 * header.segments.length;
  const length = tlvsAt + tlvs.length + header.tail.length;
  if (length % 8 !== 0 || length > 2048) return null;
  const out = new Uint8Array(length);
  out.set([header.nextHeader, length / 8 - 1, ROUTING_SEGMENT, header.segmentsLeft]);
  out.set([header.lastEntry, header.flags, header.tag >>> 8, header.tag & 255], 4);
  for (const [i, segment] of header.segments.entries()) out.set(segment, 8 + 16 * i);
  out.set(tlvs, tlvsAt);
  out.set(header.tail, tlvsAt + tlvs.length);
  return out;
}

/** What keeps a segment list from advancing (RFC 8754 section 4.3.1.1). */
export type SegmentRefusal = "completed" | "segments-left" | "last-entry";

/**
 * Takes one off segments left and copies that segment to the destination address at
 * `destinationAt`. Returns why not, and then changes nothing.
 */
export function advanceSegmentRouting(
  view: DataView,
  at: number,
  destinationAt: number,
): SegmentRefusal | null {
  const left = view.getUint8(at + 3);
  const room = (((view.getUint8(at + 1) + 1) * 8 - 8) >>> 4) - 1;
  if (left === 0) return "completed";
  if (lastEntry(view, at) > room) return "last-entry";
  if (left > lastEntry(view, at) + 1) return "segments-left";
  // A reduced list leaves its first segment out: segments left is then one more than last entry,
  // and taking one off lands on it.
  const from = at + 8 + 16 * (left - 1);
  for (let i = 0; i < 16; i += 4) view.setUint32(destinationAt + i, view.getUint32(from + i));
  view.setUint8(at + 3, left - 1);
  return null;
}
