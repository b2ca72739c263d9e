/**
 * Type-length-value options: the one bounded walk over them, and encode, decode and describe for
 * any family of them. IPv6 header options (RFC 8200 section 4.2), segment-routing TLVs (RFC 8754
 * section 2.1) and mobility options (RFC 6275 section 6.2) share the form
 *
 * ```
 * |  Option Type  |  Opt Data Len |  Option Data …
 * ```
 * and one type, Pad1, that is a single byte.
 */
import { hexAt } from "../bytes.ts";
import {
  decodeFields,
  describeFields,
  encodedLength,
  encodeFields,
  type Fields,
  type FormatAddress,
  fits,
  type Layout,
  OPAQUE,
} from "./layout.ts";

/** What is known of one option type. */
export interface TlvCodec {
  readonly type: number;
  readonly name: string;
  readonly layout: Layout;
  /** Alignment `[n, y]`: the type byte stands at a multiple of n, plus y, from the header. */
  readonly align: readonly [number, number];
  /** Where it is specified. */
  readonly source: string;
}

/** A numbering of options. */
export interface TlvFamily {
  readonly name: string;
  /** The type that fills two bytes or more. Pad1 is 0 in every family. */
  readonly padN: number;
  readonly codecs: ReadonlyMap<number, TlvCodec>;
}

export const PAD1 = 0;

/** An option as data. `fields` of a type nobody knows, or of a wrong length, hold `data` only. */
export interface TlvOption {
  readonly type: number;
  readonly fields: Fields;
}

/** Shorthand for a row of a family's table. */
export const tlv = (
  type: number,
  name: string,
  layout: Layout,
  source: string,
  align: readonly [number, number] = [1, 0],
): TlvCodec => ({ type, name, layout, source, align });

export function tlvFamily(name: string, padN: number, codecs: readonly TlvCodec[]): TlvFamily {
  return { name, padN, codecs: new Map(codecs.map((codec) => [codec.type, codec])) };
}

/** Why a walk stopped before its end. */
export type TlvFault = "missing-length" | "overrun";

/**
 * Walks options without allocating: `start`, then `next` until it is false; then `fault` says
 * whether the end was reached in good order, and `offset` where it was not.
 */
export class TlvWalk {
  /** Offset of the current option's type byte. */
  offset = 0;
  type = 0;
  /** Bytes of the whole option; 1 for Pad1. */
  length = 0;
  fault: TlvFault | null = null;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #end = 0;

  /** Options stand in `[at, end)`, which lies inside the view. */
  start(view: DataView, at: number, end: number): void {
    this.#view = view;
    this.#at = at;
    this.#end = end;
    this.fault = null;
  }

  next(): boolean {
    const at = this.#at;
    if (at >= this.#end) return false;
    this.offset = at;
    this.type = this.#view.getUint8(at);
    if (this.type === PAD1) {
      this.length = 1;
    } else if (at + 2 > this.#end) {
      this.fault = "missing-length";
      return false;
    } else {
      this.length = 2 + this.#view.getUint8(at + 1);
      if (at + this.length > this.#end) {
        this.fault = "overrun";
        return false;
      }
    }
    this.#at = at + this.length;
    return true;
  }

  /** Where the option's data begins. */
  get dataAt(): number {
    return this.offset + 2;
  }

  /** Bytes of data; 0 for Pad1. */
  get dataLength(): number {
    return this.length - 2 > 0 ? this.length - 2 : 0;
  }
}

/** The layout that `length` bytes of data of this type really have. */
export function layoutOf(family: TlvFamily, type: number, length: number): Layout {
  const layout = family.codecs.get(type)?.layout ?? OPAQUE;
  return fits(layout, length) ? layout : OPAQUE;
}

/** Name of a type: `option 0x1e` when the family does not know it. */
export function tlvName(family: TlvFamily, type: number): string {
  return family.codecs.get(type)?.name ?? `unknown-0x${type.toString(16).padStart(2, "0")}`;
}

/** Decodes `[at, end)`; a malformed tail is kept in `tail`, so that no byte is lost. */
export function decodeTlvs(
  family: TlvFamily,
  view: DataView,
  at: number,
  end: number,
): { options: TlvOption[]; tail: Uint8Array } {
  const options: TlvOption[] = [];
  const walk = new TlvWalk();
  walk.start(view, at, end);
  while (walk.next()) {
    const { type, dataLength } = walk;
    const fields =
      type === PAD1
        ? {}
        : decodeFields(layoutOf(family, type, dataLength), view, walk.dataAt, dataLength);
    options.push({ type, fields });
  }
  const from = walk.fault === null ? end : walk.offset;
  const tail = new Uint8Array(view.buffer, view.byteOffset + from, end - from).slice();
  return { options, tail };
}

/** The layout an option's fields were decoded with: opaque when they hold nothing but `data`. */
function layoutOfFields(family: TlvFamily, { type, fields }: TlvOption): Layout {
  return fields.data === undefined ? (family.codecs.get(type)?.layout ?? OPAQUE) : OPAQUE;
}

/** The bytes of `options`, in order, with no padding but what the list holds. */
export function encodeTlvs(family: TlvFamily, options: readonly TlvOption[]): Uint8Array {
  const sizes = options.map((option) =>
    option.type === PAD1 ? 1 : 2 + encodedLength(layoutOfFields(family, option), option.fields),
  );
  const out = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [i, option] of options.entries()) {
    view.setUint8(at, option.type);
    if (option.type !== PAD1) {
      if (sizes[i] > 257) throw new RangeError(`option ${option.type} exceeds 255 bytes of data`);
      view.setUint8(at + 1, sizes[i] - 2);
      encodeFields(layoutOfFields(family, option), option.fields, view, at + 2);
    }
    at += sizes[i];
  }
  return out;
}

/** `router-alert value=0`, or `unknown-0x9f data=0102`. */
export function describeTlv(
  family: TlvFamily,
  view: DataView,
  walk: { readonly type: number; readonly dataAt: number; readonly dataLength: number },
  format: FormatAddress,
): string {
  const name = tlvName(family, walk.type);
  if (walk.type === PAD1) return name;
  if (walk.type === family.padN) return `${name}(${walk.dataLength + 2})`;
  const layout = layoutOf(family, walk.type, walk.dataLength);
  if (layout === OPAQUE && walk.dataLength > 0) {
    return `${name} data=${hexAt(view, walk.dataAt, walk.dataLength)}`;
  }
  return `${name} ${describeFields(layout, view, walk.dataAt, walk.dataLength, format)}`.trim();
}
