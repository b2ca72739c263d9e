/** Random option areas near the edge of validity, for property tests and fuzzing. */
import { CODECS } from "../../ipopts/codecs.ts";
import type { TestRandom } from "./random.ts";

/** Bytes of hexadecimal text; blanks are for the reader. */
export const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ""), "hex"));

/** A view of bytes. */
export const viewOfBytes = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Lower-case hexadecimal text of bytes. */
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Bytes of an option of `type` whose length byte, pointer and tail are mostly plausible. */
function nearOption(random: TestRandom, type: number): number[] {
  if (type < 2) return [type];
  const length = random.pick([0, 1, 2, 3, 4, 6, 7, 8, 10, 11, 12, 15, 19, random.below(42)]);
  const bytes = [type, length];
  const pointer = random.pick([0, 3, 4, 5, 8, 9, 12, 13, length, length + 1, random.below(256)]);
  if (length > 2) bytes.push(pointer & 255);
  while (bytes.length < length) bytes.push(random.pick([0, 1, 10, 127, 255, random.below(256)]));
  return bytes;
}

/**
 * `length` option bytes: whole near-valid options of every registered type and some unknown ones,
 * one time in four plain noise.
 */
export function nearOptions(random: TestRandom, length: number): Uint8Array {
  if (random.below(4) === 0) return random.bytes(length);
  const bytes: number[] = [];
  while (bytes.length < length) {
    const known = random.below(8) > 0;
    bytes.push(...nearOption(random, known ? random.pick(CODECS).type : random.below(256)));
  }
  return Uint8Array.from(bytes.slice(0, length));
}
