/**
 * Fixed layouts as data. IPv6 options, routing-header TLVs, mobility messages and mobility options
 * are all "these fields in this order": each is a row naming its fields, and the one reader and
 * the one writer are here. Reserved bits are fields like any other, so that what was read can be
 * written again byte for byte.
 */

import { hexAt } from "../bytes.ts";

/** A number for fields of 1, 2 or 4 bytes; a copy of the bytes for addresses and longer ones. */
export type FieldValue = number | Uint8Array;

/** Decoded fields by name. */
export type Fields = Readonly<Record<string, FieldValue>>;

export interface Field {
  readonly name: string;
  readonly kind: "number" | "address" | "bytes" | "rest";
  /** Bytes taken; 0 for a field that takes whatever is left. */
  readonly size: number;
}

/** Fields in wire order; only the last may be a `rest`. */
export type Layout = readonly Field[];

export const u8 = (name: string): Field => ({ name, kind: "number", size: 1 });
export const u16 = (name: string): Field => ({ name, kind: "number", size: 2 });
export const u32 = (name: string): Field => ({ name, kind: "number", size: 4 });
/** A 16-byte IPv6 address. */
export const address = (name: string): Field => ({ name, kind: "address", size: 16 });
/** Exactly `size` bytes that are no number: a cookie, a token, a prefix. */
export const bytes = (name: string, size: number): Field => ({ name, kind: "bytes", size });
/** All bytes that are left, perhaps none. */
export const rest = (name: string): Field => ({ name, kind: "rest", size: 0 });

/** A body about whose inside nothing is known: the one layout with a field named `data`. */
export const OPAQUE: Layout = [rest("data")];

/** Bytes of the fields whose size is fixed: the least an area of this layout can have. */
export function fixedLength(layout: Layout): number {
  let length = 0;
  for (const field of layout) length += field.size;
  return length;
}

/** True when `length` bytes are what this layout takes: no less, and no more without a `rest`. */
export function fits(layout: Layout, length: number): boolean {
  const fixed = fixedLength(layout);
  return length === fixed || (length > fixed && layout.at(-1)?.kind === "rest");
}

/** A copy of `length` bytes at `at`. */
export function copyBytes(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length).slice();
}

function readNumber(view: DataView, at: number, size: number): number {
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at) : view.getUint32(at);
}

/** Reads `length` bytes at `at`, which the caller has seen to be there and to `fits`. */
export function decodeFields(layout: Layout, view: DataView, at: number, length: number): Fields {
  const fields: Record<string, FieldValue> = {};
  const end = at + length;
  for (const field of layout) {
    const size = field.kind === "rest" ? end - at : field.size;
    fields[field.name] =
      field.kind === "number" ? readNumber(view, at, size) : copyBytes(view, at, size);
    at += size;
  }
  return fields;
}

/** Bytes that `encodeFields` will write. */
export function encodedLength(layout: Layout, fields: Fields): number {
  const tail = layout.at(-1);
  const value = tail?.kind === "rest" ? fields[tail.name] : undefined;
  return fixedLength(layout) + (value instanceof Uint8Array ? value.length : 0);
}

/**
 * Writes the fields at `at` and returns the offset after them. A missing number is 0; missing or
 * short bytes are zeros; bytes beyond a field's size are an error of the caller and throw.
 */
export function encodeFields(layout: Layout, fields: Fields, view: DataView, at: number): number {
  for (const { name, kind, size } of layout) {
    const value = fields[name] ?? 0;
    if (kind === "number") {
      const number = typeof value === "number" ? value : 0;
      if (size === 1) view.setUint8(at, number);
      else if (size === 2) view.setUint16(at, number);
      else view.setUint32(at, number);
      at += size;
      continue;
    }
    const data = typeof value === "number" ? new Uint8Array(size) : value;
    if (kind !== "rest" && data.length > size) {
      throw new RangeError(`field ${name} takes ${size} bytes, not ${data.length}`);
    }
    const span = kind === "rest" ? data.length : size;
    for (let i = 0; i < span; i++) view.setUint8(at + i, i < data.length ? data[i] : 0);
    at += span;
  }
  return at;
}

/** Writes an address of 16 bytes as text; handed in, for this room imports nothing. */
export type FormatAddress = (view: DataView, at: number) => string;

/** `name=value` for each field, in wire order: numbers decimal, bytes in hex. */
export function describeFields(
  layout: Layout,
  view: DataView,
  at: number,
  length: number,
  format: FormatAddress,
): string {
  const words: string[] = [];
  const end = at + length;
  for (const { name, kind, size } of layout) {
    const span = kind === "rest" ? end - at : size;
    if (kind === "number") words.push(`${name}=${readNumber(view, at, size)}`);
    else if (kind === "address") words.push(`${name}=${format(view, at)}`);
    else if (span > 0) words.push(`${name}=${hexAt(view, at, span)}`);
    at += span;
  }
  return words.join(" ");
}
