/** Bytes as hexadecimal text, and the small pieces every codec builds options from. */

/** The two digits of every byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** `length` bytes at `at` as lower-case hexadecimal text; cut at the end of the view. */
export function hexAt(view: DataView, at: number, length: number): string {
  let text = "";
  const end = Math.min(at + length, view.byteLength);
  for (let i = at; i < end; i++) text += HEX[view.getUint8(i)];
  return text;
}

/** The bytes of hexadecimal text. Throws a RangeError when `text` is not whole bytes of it. */
export function bytesOfHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new RangeError(`not hexadecimal bytes: ${text}`);
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

/** A view of `bytes`. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * A new option of `length` bytes with its type and length bytes written, the rest zero. Throws a
 * RangeError when no header could hold it.
 */
export function emptyOption(type: number, length: number): { bytes: Uint8Array; view: DataView } {
  if (length < 2 || length > 40) throw new RangeError(`no header holds ${length} option bytes`);
  const bytes = new Uint8Array(length);
  bytes[0] = type;
  bytes[1] = length;
  return { bytes, view: viewOf(bytes) };
}
