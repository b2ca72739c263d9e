/**
 * Upstream multicast packet (type 152, an internet draft on bidirectional PIM; deprecated by RFC
 * 6814). No RFC gives its layout, so its data stay bytes.
 */
import { bytesOfHex, emptyOption, hexAt } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { textField } from "../fields.ts";
import { OPT_UPSTREAM_MULTICAST } from "../option.ts";

export const upstreamMulticast: OptionCodec = {
  type: OPT_UPSTREAM_MULTICAST,
  name: "upstream-multicast",
  title: "upstream multicast packet",
  source: "IANA ip-parameters",
  deprecated: "RFC 6814",
  check: () => null,
  decode: (view, at, length) => ({
    type: OPT_UPSTREAM_MULTICAST,
    name: "upstream-multicast",
    value: { data: hexAt(view, at + 2, length - 2) },
  }),
  encode(option) {
    const data = bytesOfHex(textField(option, "data"));
    const { bytes } = emptyOption(OPT_UPSTREAM_MULTICAST, 2 + data.length);
    bytes.set(data, 2);
    return bytes;
  },
  describe: (option) => `upstream multicast ${textField(option, "data")}`.trimEnd(),
};
