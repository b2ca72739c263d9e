/**
 * IPv6 addresses as configured or held by a connection: four words, made once and never changed.
 * In packets they stay bytes; `equalsAt` holds the two against each other without making anything.
 */
import { formatV6, parseV6 } from "../wire/address.ts";

export class In6Addr {
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;

  constructor(w0: number, w1: number, w2: number, w3: number) {
    this.w0 = w0 >>> 0;
    this.w1 = w1 >>> 0;
    this.w2 = w2 >>> 0;
    this.w3 = w3 >>> 0;
  }

  /** The address of the 16 bytes at `at`. */
  static read(view: DataView, at: number): In6Addr {
    return new In6Addr(
      view.getUint32(at),
      view.getUint32(at + 4),
      view.getUint32(at + 8),
      view.getUint32(at + 12),
    );
  }

  /** The address written as `text`; throws on anything else (configuration, never packets). */
  static parse(text: string): In6Addr {
    const words = parseV6(text);
    if (!words) throw new Error(`${text} is not an IPv6 address`);
    return new In6Addr(...words);
  }

  write(view: DataView, at: number): void {
    view.setUint32(at, this.w0);
    view.setUint32(at + 4, this.w1);
    view.setUint32(at + 8, this.w2);
    view.setUint32(at + 12, this.w3);
  }

  equals(other: In6Addr): boolean {
    return (
      this.w3 === other.w3 && this.w2 === other.w2 && this.w1 === other.w1 && this.w0 === other.w0
    );
  }

  /** True when the 16 bytes at `at` are this address. */
  equalsAt(view: DataView, at: number): boolean {
    return (
      view.getUint32(at + 12) === this.w3 &&
      view.getUint32(at + 8) === this.w2 &&
      view.getUint32(at + 4) === this.w1 &&
      view.getUint32(at) === this.w0
    );
  }

  toString(): string {
    return formatV6(this.w0, this.w1, this.w2, this.w3);
  }
}

/** `::`, which no packet may be sent to. */
export const IN6_ANY = new In6Addr(0, 0, 0, 0);

/** An address of either family: IPv4 as its unsigned 32-bit number. */
export type Address = number | In6Addr;

/** True when both are of one family and the same. */
export function sameAddress(a: Address, b: Address): boolean {
  if (typeof a === "number" || typeof b === "number") return a === b;
  return a.equals(b);
}

/** True for ff00::/8, by the first byte of the address at `at`. */
export const isMulticast6At = (view: DataView, at: number): boolean => view.getUint8(at) === 0xff;
