/**
 * Builds an option area. It alone knows padding and the 40-byte limit; what does not fit is
 * refused and leaves the area as it was.
 */
import type { OptionValue } from "./codec.ts";
import { encodeOption } from "./decode.ts";
import { MAX_OPTIONS_LENGTH, OPT_EOL, OPT_NOP } from "./option.ts";
import type { Refusal } from "./refusal.ts";

export class OptionsBuilder {
  /** The area; its first `length` bytes count. */
  readonly bytes: Uint8Array = new Uint8Array(MAX_OPTIONS_LENGTH);
  /** The same bytes for the operations that work in place. */
  readonly view: DataView = new DataView(this.bytes.buffer);
  /** Bytes in use. */
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Appends `count` bytes found at `at`, an option as it stands elsewhere. */
  append(view: DataView, at: number, count: number): Refusal | null {
    if (this.length + count > MAX_OPTIONS_LENGTH) return "no-space";
    for (let i = 0; i < count; i++) this.bytes[this.length + i] = view.getUint8(at + i);
    this.length += count;
    return null;
  }

  /** Appends an option by its fields. Throws a RangeError when they cannot be one of its type. */
  appendOption(option: OptionValue): Refusal | null {
    const encoded = encodeOption(option);
    if (this.length + encoded.length > MAX_OPTIONS_LENGTH) return "no-space";
    this.bytes.set(encoded, this.length);
    this.length += encoded.length;
    return null;
  }

  /**
   * Fills with NOP until a source route that is appended next has its address slots on a 32-bit
   * boundary, as BSD writes it (`01 83 07 …`).
   */
  alignRoute(): Refusal | null {
    const wanted = this.length + ((1 - this.length) & 3);
    if (wanted > MAX_OPTIONS_LENGTH) return "no-space";
    this.bytes.fill(OPT_NOP, this.length, wanted);
    this.length = wanted;
    return null;
  }

  /** Fills with EOL up to a whole number of 32-bit words; returns the length then. */
  pad(): number {
    this.length = padArea(this.view, 0, this.length);
    return this.length;
  }
}

/** Writes EOL behind `length` bytes at `offset` up to a 32-bit boundary; returns the new length. */
export function padArea(view: DataView, offset: number, length: number): number {
  const padded = (length + 3) & ~3;
  for (let i = length; i < padded; i++) view.setUint8(offset + i, OPT_EOL);
  return padded;
}
