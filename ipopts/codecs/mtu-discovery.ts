/**
 * MTU probe and MTU reply (RFC 1063, obsoleted by path MTU discovery of RFC 1191, deprecated by
 * RFC 6814).
 *
 * ```
 * | 11 or 12 | 4 | MTU in bytes (16 bits) |
 * ```
 */
import { emptyOption } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { error } from "../fault.ts";
import { numberField } from "../fields.ts";
import { OPT_MTU_PROBE, OPT_MTU_REPLY } from "../option.ts";

const codec = (type: number, word: string): OptionCodec => ({
  type,
  name: `mtu-${word}`,
  title: `MTU ${word}`,
  source: "RFC 1063 section 2",
  deprecated: "RFC 6814",
  check: (_view, at, length) =>
    length === 4
      ? null
      : error("length-not-fixed", at + 1, `length ${length} is not 4`, "RFC 1063 section 2"),
  decode: (view, at) => ({ type, name: `mtu-${word}`, value: { mtu: view.getUint16(at + 2) } }),
  encode(option) {
    const { bytes, view } = emptyOption(type, 4);
    view.setUint16(2, numberField(option, "mtu", 0xffff));
    return bytes;
  },
  describe: (option) => `MTU ${word} ${numberField(option, "mtu", 0xffff)}`,
});

export const mtuProbe: OptionCodec = codec(OPT_MTU_PROBE, "probe");
export const mtuReply: OptionCodec = codec(OPT_MTU_REPLY, "reply");
