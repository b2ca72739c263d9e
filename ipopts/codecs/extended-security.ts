/**
 * Extended security (RFC 1108 section 3): additional information of an authority's own making.
 *
 * ```
 * | 133 | 3 + n | format code (8) | information |
 * ```
 * It may be given more than once, and only together with the basic option.
 */
import { bytesOfHex, emptyOption, hexAt } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { error } from "../fault.ts";
import { numberField, textField } from "../fields.ts";
import { OPT_EXTENDED_SECURITY } from "../option.ts";

export const extendedSecurity: OptionCodec = {
  type: OPT_EXTENDED_SECURITY,
  name: "extended-security",
  title: "extended security",
  source: "RFC 1108 section 3",
  check: (_view, at, length) =>
    length >= 3
      ? null
      : error(
          "length-too-small",
          at + 1,
          `length ${length} leaves no format code`,
          "RFC 1108 section 3.2",
        ),
  decode: (view, at, length) => ({
    type: OPT_EXTENDED_SECURITY,
    name: "extended-security",
    value: { format: view.getUint8(at + 2), information: hexAt(view, at + 3, length - 3) },
  }),
  encode(option) {
    const information = bytesOfHex(textField(option, "information"));
    const { bytes, view } = emptyOption(OPT_EXTENDED_SECURITY, 3 + information.length);
    view.setUint8(2, numberField(option, "format", 255));
    bytes.set(information, 3);
    return bytes;
  },
  describe: (option) =>
    `extended security format ${numberField(option, "format", 255)} ${textField(option, "information")}`.trimEnd(),
};
