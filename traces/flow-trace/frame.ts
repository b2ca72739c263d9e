/**
 * Frames of a flow trace: what lets a reader check, skip, seek, and find its feet after damage.
 *
 * ```
 *  0  marker   8 bytes 89 'a' 'n' 'y' 'F' 'L' 'O' 'W'
 *  8  kind     1 header, 2 block, 3 index
 *  9  coding   0 as is, 1 deflated (RFC 1951)
 * 10  zero     2 bytes
 * 12  length   of the payload that follows, 32 bits little-endian
 * 16  check    CRC-32 (ISO 3309) of bytes 8-15 and the payload
 * 20  payload  one protobuf message
 * ```
 * The first frame is the header, so the marker doubles as the file's magic.
 */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

export const FRAME_HEADER_LENGTH = 20;
export const FRAME_MARKER = Buffer.from([0x89, ...Buffer.from("anyFLOW")]);
/** A block of 65,536 rows at their widest stays below this; anything longer is a damaged length. */
export const FRAME_MAX_PAYLOAD = 16 << 20;

export const KIND_HEADER = 1;
export const KIND_BLOCK = 2;
export const KIND_INDEX = 3;

const CODING_PLAIN = 0;
const CODING_DEFLATE = 1;

/**
 * The frame round `payload`: its header, and what it holds, which is `payload` itself unless it is to be
 * deflated (at level 1) and becomes shorter by that.
 */
export function encodeFrame(kind: number, payload: Uint8Array, compress: boolean): Uint8Array[] {
  const deflated = compress ? deflateRawSync(payload, { level: 1 }) : payload;
  const stored = deflated.length < payload.length ? deflated : payload;
  const header = Buffer.alloc(FRAME_HEADER_LENGTH);
  FRAME_MARKER.copy(header);
  header[8] = kind;
  header[9] = stored === payload ? CODING_PLAIN : CODING_DEFLATE;
  header.writeUInt32LE(stored.length, 12);
  header.writeUInt32LE(checkOf(header, stored), 16);
  return [header, stored];
}

/** The checksum of a frame by its header and what it holds. */
const checkOf = (header: Uint8Array, stored: Uint8Array): number =>
  crc32(stored, crc32(header.subarray(8, 16)));

/** True when a frame's marker stands at `at`, with a length that may be true behind it. */
export function isFrameHeader(bytes: Buffer, at: number): boolean {
  return (
    bytes.length - at >= FRAME_HEADER_LENGTH &&
    FRAME_MARKER.compare(bytes, at, at + FRAME_MARKER.length) === 0 &&
    bytes.readUInt32LE(at + 12) <= FRAME_MAX_PAYLOAD
  );
}

/** Length of header and payload of the frame at `at`, by its own word. */
export const frameLength = (bytes: Buffer, at: number): number =>
  FRAME_HEADER_LENGTH + bytes.readUInt32LE(at + 12);

/** A frame's kind and message, or why it cannot be used. */
export type Opened = { kind: number; payload: Buffer } | { expected: string; found: string };

/** Checks and unwraps the whole frame at `at`. */
export function openFrame(bytes: Buffer, at: number): Opened {
  const length = bytes.readUInt32LE(at + 12);
  const stated = bytes.readUInt32LE(at + 16);
  const stored = bytes.subarray(at + FRAME_HEADER_LENGTH, at + FRAME_HEADER_LENGTH + length);
  const computed = checkOf(bytes.subarray(at, at + FRAME_HEADER_LENGTH), stored);
  const hex = (n: number) => `0x${n.toString(16).padStart(8, "0")}`;
  if (stated !== computed) {
    return { expected: `a frame with checksum ${hex(stated)}`, found: hex(computed) };
  }
  const coding = bytes[at + 9];
  if (coding === CODING_PLAIN) return { kind: bytes[at + 8], payload: stored };
  if (coding !== CODING_DEFLATE) {
    return { expected: "a plain (0) or deflated (1) frame", found: `coding ${coding}` };
  }
  try {
    const payload = inflateRawSync(stored, { maxOutputLength: FRAME_MAX_PAYLOAD });
    return { kind: bytes[at + 8], payload };
  } catch (error) {
    return { expected: "a deflated frame", found: (error as Error).message };
  }
}
