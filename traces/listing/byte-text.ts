/** Text written straight into bytes: numbers, times and addresses without a string for each. */
import { formatV6 } from "../../stack/wire/address.ts";

/** "00" … "99", and the bytes 0 … 255 as decimal with their lengths. */
const PAIRS = new Uint8Array(200);
const OCTETS = new Uint8Array(4 * 256);
for (let n = 0; n < 100; n++) {
  PAIRS[2 * n] = 48 + Math.floor(n / 10);
  PAIRS[2 * n + 1] = 48 + (n % 10);
}
for (let n = 0; n < 256; n++) {
  const digits = String(n);
  for (let i = 0; i < digits.length; i++) OCTETS[4 * n + i] = digits.charCodeAt(i);
  OCTETS[4 * n + 3] = digits.length;
}

const DOT = 46;
const MINUS = 45;
const ZERO = 48;

/** Text as bytes, once, to be put many times. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

export class ByteText {
  readonly bytes: Uint8Array;
  /** Bytes written. */
  length = 0;

  /** The caller sees to it that what is put fits into `capacity`. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  putByte(byte: number): void {
    this.bytes[this.length++] = byte;
  }

  putAscii(text: Uint8Array): void {
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < text.length; i++) bytes[at++] = text[i];
    this.length = at;
  }

  /** A whole number from 0 to 2^53. */
  putWhole(value: number): void {
    if (value > 0x7fffffff) {
      const high = Math.floor(value / 1e6);
      this.putWhole(high);
      this.#putDigits(value - high * 1e6, 6);
      return;
    }
    const { bytes } = this;
    let rest = value | 0;
    let digits = 1;
    for (let power = 10; digits < 10 && rest >= power; power *= 10) digits++;
    let at = this.length + digits;
    this.length = at;
    while (rest >= 100) {
      const next = (rest / 100) | 0;
      const pair = 2 * (rest - 100 * next);
      bytes[--at] = PAIRS[pair + 1];
      bytes[--at] = PAIRS[pair];
      rest = next;
    }
    if (rest >= 10) {
      bytes[--at] = PAIRS[2 * rest + 1];
      bytes[--at] = PAIRS[2 * rest];
    } else {
      bytes[--at] = ZERO + rest;
    }
  }

  /** `value` below 10^digits with zeros in front. */
  #putDigits(value: number, digits: number): void {
    const { bytes } = this;
    let rest = value | 0;
    let at = this.length + digits;
    this.length = at;
    for (let left = digits; left > 0; left--) {
      const next = (rest / 10) | 0;
      bytes[--at] = ZERO + rest - 10 * next;
      rest = next;
    }
  }

  /**
   * Seconds as an exact decimal, the time being given as whole seconds and nanoseconds of either
   * sign; six digits behind the point, nine when nanoseconds are needed.
   */
  putSeconds(seconds: number, nanoseconds: number): void {
    const carry = Math.floor(nanoseconds / 1e9);
    let whole = seconds + carry;
    let rest = nanoseconds - carry * 1e9;
    if (whole < 0) {
      this.putByte(MINUS);
      whole = rest > 0 ? -whole - 1 : -whole;
      rest = rest > 0 ? 1e9 - rest : 0;
    }
    this.putWhole(whole);
    this.putByte(DOT);
    const micro = (rest / 1000) | 0;
    if (micro * 1000 === rest) this.#putDigits(micro, 6);
    else this.#putDigits(rest, 9);
  }

  /** The address in four words: a dotted quad for IPv4, the text of RFC 5952 else. */
  putAddress(words: Uint32Array, at: number): void {
    const w3 = words[at + 3];
    if (words[at + 2] === 0xffff && words[at + 1] === 0 && words[at] === 0) {
      this.#putOctet(w3 >>> 24);
      this.bytes[this.length++] = DOT;
      this.#putOctet((w3 >>> 16) & 255);
      this.bytes[this.length++] = DOT;
      this.#putOctet((w3 >>> 8) & 255);
      this.bytes[this.length++] = DOT;
      this.#putOctet(w3 & 255);
      return;
    }
    const text = formatV6(words[at], words[at + 1], words[at + 2], w3);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  #putOctet(octet: number): void {
    const { bytes } = this;
    const digits = OCTETS[4 * octet + 3];
    const at = this.length;
    bytes[at] = OCTETS[4 * octet];
    bytes[at + 1] = OCTETS[4 * octet + 1];
    bytes[at + 2] = OCTETS[4 * octet + 2];
    this.length = at + digits;
  }
}
