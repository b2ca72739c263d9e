/** End of option list and no operation (RFC 791 section 3.1): the two options of one byte. */
import { bytesOfHex, hexAt } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { note } from "../fault.ts";
import { textField } from "../fields.ts";
import { OPT_EOL, OPT_NOP } from "../option.ts";

/**
 * End of option list. The walk gives it every byte that is left; they should be zero, and are kept
 * in `value.padding` so that the same header can be written again.
 */
export const eol: OptionCodec = {
  type: OPT_EOL,
  name: "eol",
  title: "end of option list",
  source: "RFC 791 section 3.1",
  check(view, at, length) {
    for (let i = at + 1; i < at + length; i++) {
      if (view.getUint8(i) === 0) continue;
      return note(
        "padding-not-zero",
        i,
        "a byte behind the end of option list is not zero",
        "RFC 791 section 3.1",
      );
    }
    return null;
  },
  decode: (view, at, length) => ({
    type: OPT_EOL,
    name: "eol",
    value: { padding: hexAt(view, at + 1, length - 1) },
  }),
  encode: (option) => {
    const padding = bytesOfHex(textField(option, "padding"));
    const bytes = new Uint8Array(1 + padding.length);
    bytes.set(padding, 1);
    return bytes;
  },
  describe: (option) => {
    const padding = textField(option, "padding");
    return /[^0]/.test(padding) ? `EOL + ${padding}` : "EOL";
  },
};

/** No operation: aligns what follows, or stands where an option was blanked. */
export const nop: OptionCodec = {
  type: OPT_NOP,
  name: "nop",
  title: "no operation",
  source: "RFC 791 section 3.1",
  check: () => null,
  decode: () => ({ type: OPT_NOP, name: "nop" }),
  encode: () => Uint8Array.of(OPT_NOP),
  describe: () => "NOP",
};
