/**
 * What a codec of one option offers, and the decoded form that people and JSON see.
 *
 * Decoded options are objects: for printing, building and testing, never on a packet's path. Hot
 * paths use `OptionWalk` and the operations of `source-route.ts`, which work on bytes in place.
 */
import type { Fault } from "./fault.ts";

/** A field of a decoded option that is neither pointer nor address: JSON-ready. */
export type FieldValue =
  | number
  | string
  | boolean
  | readonly FieldValue[]
  | { readonly [name: string]: FieldValue };

/** What the bytes of one option mean. `encode` of its codec gives the same bytes back. */
export interface OptionValue {
  readonly type: number;
  /** Short name of the option: `lsrr`, `router-alert`, `unknown-153`. */
  readonly name: string;
  /** One-based from the type byte, for the options that have one. */
  readonly pointer?: number;
  /** Every address slot in order, unsigned 32-bit, those beyond the pointer included. */
  readonly addresses?: readonly number[];
  /** Everything else the option says, by field name; bytes as hexadecimal text. */
  readonly value?: { readonly [field: string]: FieldValue };
}

/** An option with its place in the view it was read from. */
export interface DecodedOption extends OptionValue {
  readonly offset: number;
  /** In bytes, the type byte included. */
  readonly length: number;
}

export interface OptionCodec {
  readonly type: number;
  readonly name: string;
  /** What it is called in running text: `loose source route`. */
  readonly title: string;
  /** Where it is defined. */
  readonly source: string;
  /** The document that deprecated it, when one did. */
  readonly deprecated?: string;
  /**
   * The first rule that the option at `at` breaks, or null. `length` bytes belong to it, and the
   * walk has seen that they lie inside the header and that `length` is the length byte.
   */
  check(view: DataView, at: number, length: number): Fault | null;
  /** Decodes an option for which `check` found no error. */
  decode(view: DataView, at: number, length: number): OptionValue;
  /** The bytes of `option`. Throws a RangeError when its fields cannot be an option of this type. */
  encode(option: OptionValue): Uint8Array;
  /** One readable piece of a line: `LSRR {198.51.100.7, >>203.0.113.9}`. */
  describe(option: OptionValue): string;
}
