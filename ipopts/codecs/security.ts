/**
 * Basic security: the RFC 1108 form, and the 11-byte form of RFC 791 that it replaced.
 *
 * ```
 * RFC 1108: | 130 | 3 + n | classification (8) | authority flags, 7 a byte, low bit = more |
 * RFC 791:  | 130 |   11  | level (16) | compartments (16) | handling (16) | control code (24) |
 * ```
 */
import { bytesOfHex, emptyOption, hexAt } from "../bytes.ts";
import type { FieldValue, OptionCodec } from "../codec.ts";
import { error, hexByte, warning } from "../fault.ts";
import { numberField, textField } from "../fields.ts";
import { OPT_SECURITY } from "../option.ts";

const RULE = "RFC 1108 section 2";

/** RFC 1108 table 1: levels are four bits apart so that a flipped one is seen. */
const LEVELS: ReadonlyMap<number, string> = new Map([
  [0x3d, "top secret"],
  [0x5a, "secret"],
  [0x96, "confidential"],
  [0xab, "unclassified"],
]);

/** RFC 791 section 3.1. */
const OLD_LEVELS: ReadonlyMap<number, string> = new Map([
  [0x0000, "unclassified"],
  [0xf135, "confidential"],
  [0x789a, "EFTO"],
  [0xbc4d, "MMMM"],
  [0x5e26, "PROG"],
  [0xaf13, "restricted"],
  [0xd788, "secret"],
  [0x6bc5, "top secret"],
]);

/** RFC 1108 table 2, most significant bit first. */
const AUTHORITIES = ["GENSER", "SIOP-ESI", "SCI", "NSA", "DOE"];

const OLD_LENGTH = 11;

function authorities(view: DataView, at: number, length: number): FieldValue[] {
  if (length < 4) return [];
  const flags = view.getUint8(at + 3);
  return AUTHORITIES.filter((_, bit) => (flags & (0x80 >>> bit)) !== 0);
}

export const security: OptionCodec = {
  type: OPT_SECURITY,
  name: "security",
  title: "basic security",
  source: RULE,
  check(view, at, length) {
    if (length === OLD_LENGTH && OLD_LEVELS.has(view.getUint16(at + 2))) return null;
    if (length < 3) {
      return error("length-too-small", at + 1, `length ${length} leaves no classification`, RULE);
    }
    const level = view.getUint8(at + 2);
    for (let i = at + 3; i < at + length; i++) {
      const more = (view.getUint8(i) & 1) !== 0;
      if (more === i < at + length - 1) continue;
      const message = more ? "authority flags go on past the end" : "authority flags end too early";
      return error("authority-flags-length", i, message, "RFC 1108 section 2.4");
    }
    if (!LEVELS.has(level)) {
      const message = `classification ${hexByte(level)} is none that RFC 1108 assigns`;
      return warning("classification-unknown", at + 2, message, "RFC 1108 section 2.3");
    }
    return null;
  },
  decode(view, at, length) {
    const old = length === OLD_LENGTH && OLD_LEVELS.has(view.getUint16(at + 2));
    const level = old ? view.getUint16(at + 2) : view.getUint8(at + 2);
    const text = (old ? OLD_LEVELS : LEVELS).get(level) ?? "unknown";
    const rest = old
      ? {
          compartments: view.getUint16(at + 4),
          handling: hexAt(view, at + 6, 2),
          control: hexAt(view, at + 8, 3),
        }
      : { authorities: authorities(view, at, length), flags: hexAt(view, at + 3, length - 3) };
    const value = { form: old ? "rfc791" : "rfc1108", level, classification: text, ...rest };
    return { type: OPT_SECURITY, name: "security", value };
  },
  encode(option) {
    if (textField(option, "form") === "rfc791") {
      const { bytes, view } = emptyOption(OPT_SECURITY, OLD_LENGTH);
      view.setUint16(2, numberField(option, "level", 0xffff));
      view.setUint16(4, numberField(option, "compartments", 0xffff));
      const rest = bytesOfHex(textField(option, "handling") + textField(option, "control"));
      if (rest.length !== 5) throw new RangeError("security: handling is 2 bytes, control 3");
      bytes.set(rest, 6);
      return bytes;
    }
    const flags = bytesOfHex(textField(option, "flags"));
    const { bytes, view } = emptyOption(OPT_SECURITY, 3 + flags.length);
    view.setUint8(2, numberField(option, "level", 255));
    bytes.set(flags, 3);
    return bytes;
  },
  describe(option) {
    const who = option.value?.authorities;
    const names = Array.isArray(who) && who.length > 0 ? ` (${who.join(", ")})` : "";
    return `security ${textField(option, "classification")}${names}`;
  },
};
