/**
 * Lines as bytes, ready to be written out. Digits and addresses are written straight into the
 * memory: strings made for every packet would cost more than checking it.
 */
import { viewOf } from "../../../ipopts/bytes.ts";

const FIRST_SIZE = 1 << 18;
/** Shorter pieces are copied word by word: `set` and the array that it wants cost more. */
const WORTH_A_CALL = 512;
const ZERO = 48;
const DOT = 46;

const HEX_DIGITS = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

const encoder = new TextEncoder();

/** The bytes of a text that is written again and again. */
export const piece = (text: string): DataView => viewOf(encoder.encode(text));

export class LineBuffer {
  /** What was written stands in the first `length` bytes. */
  bytes: Uint8Array = new Uint8Array(FIRST_SIZE);
  length = 0;
  #view: DataView = viewOf(this.bytes);

  /** Writes text; for what is not written often. */
  text(text: string): void {
    this.#room(text.length * 3);
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
  }

  /** Copies `length` bytes of `from`, all of it unless told. */
  put(from: DataView, at = 0, length: number = from.byteLength): void {
    this.#room(length);
    const to = this.length;
    this.length = to + length;
    if (length >= WORTH_A_CALL) {
      this.bytes.set(new Uint8Array(from.buffer, from.byteOffset + at, length), to);
      return;
    }
    const view = this.#view;
    let i = 0;
    for (; i + 4 <= length; i += 4) view.setInt32(to + i, from.getInt32(at + i));
    for (; i < length; i++) view.setUint8(to + i, from.getUint8(at + i));
  }

  /** Writes a whole number that is not negative. */
  number(value: number): void {
    this.#room(16);
    let end = this.length + 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++;
    this.length = end;
    let rest = value;
    do {
      const tens = Math.floor(rest / 10);
      this.bytes[--end] = ZERO + (rest - 10 * tens);
      rest = tens;
    } while (rest > 0);
  }

  /** Writes an IPv4 address as a dotted quad. */
  quad(address: number): void {
    this.number(address >>> 24);
    for (let shift = 16; shift >= 0; shift -= 8) {
      this.bytes[this.length++] = DOT;
      this.number((address >>> shift) & 255);
    }
  }

  /** Writes `length` bytes of a view as hexadecimal digits. */
  hex(view: DataView, at: number, length: number): void {
    this.#room(2 * length);
    for (let i = 0; i < length; i++) this.hexByteAt(this.length + 2 * i, view.getUint8(at + i));
    this.length += 2 * length;
  }

  /** Overwrites the two digits of a byte that stand at `at`. */
  hexByteAt(at: number, byte: number): void {
    this.bytes[at] = HEX_DIGITS[byte >>> 4];
    this.bytes[at + 1] = HEX_DIGITS[byte & 15];
  }

  /** Hands out what was written, valid until the next byte is, and begins anew. */
  take(): Uint8Array {
    const written = this.bytes.subarray(0, this.length);
    this.length = 0;
    return written;
  }

  /** Grows until `more` bytes fit. */
  #room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    let size = this.bytes.length * 2;
    while (this.length + more > size) size *= 2;
    const grown = new Uint8Array(size);
    grown.set(this.bytes);
    this.bytes = grown;
    this.#view = viewOf(grown);
  }
}
