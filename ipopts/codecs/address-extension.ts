/**
 * Address extension of TP/IX (RFC 1475; historic by RFC 6814): the high halves of two 64-bit
 * addresses.
 *
 * ```
 * | 147 | 10 | source extension (32) | destination extension (32) |
 * ```
 */
import { bytesOfHex, emptyOption, hexAt } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { error } from "../fault.ts";
import { textField } from "../fields.ts";
import { OPT_ADDRESS_EXTENSION } from "../option.ts";

const EXTENSION = /^[0-9a-f]{8}$/i;

export const addressExtension: OptionCodec = {
  type: OPT_ADDRESS_EXTENSION,
  name: "address-extension",
  title: "address extension",
  source: "RFC 1475",
  deprecated: "RFC 6814",
  check: (_view, at, length) =>
    length === 10
      ? null
      : error("length-not-fixed", at + 1, `length ${length} is not 10`, "RFC 1475"),
  decode: (view, at) => ({
    type: OPT_ADDRESS_EXTENSION,
    name: "address-extension",
    value: { source: hexAt(view, at + 2, 4), destination: hexAt(view, at + 6, 4) },
  }),
  encode(option) {
    const source = textField(option, "source");
    const destination = textField(option, "destination");
    if (!EXTENSION.test(source) || !EXTENSION.test(destination)) {
      throw new RangeError("address-extension: source and destination are 4 bytes each");
    }
    const { bytes } = emptyOption(OPT_ADDRESS_EXTENSION, 10);
    bytes.set(bytesOfHex(source + destination), 2);
    return bytes;
  },
  describe: (option) =>
    `address extension ${textField(option, "source")} -> ${textField(option, "destination")}`,
};
