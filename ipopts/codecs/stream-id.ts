/**
 * Stream identifier of the SATNET (RFC 791 section 3.1). RFC 6814 deprecated it: never sent, and
 * ignored when it comes (RFC 1122 section 3.2.1.8 b).
 *
 * ```
 * | 136 | 4 | stream identifier (16 bits) |
 * ```
 */
import { emptyOption } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { error } from "../fault.ts";
import { numberField } from "../fields.ts";
import { OPT_STREAM_ID } from "../option.ts";

export const streamId: OptionCodec = {
  type: OPT_STREAM_ID,
  name: "stream-id",
  title: "stream identifier",
  source: "RFC 791 section 3.1",
  deprecated: "RFC 6814",
  check: (_view, at, length) =>
    length === 4
      ? null
      : error("length-not-fixed", at + 1, `length ${length} is not 4`, "RFC 791 section 3.1"),
  decode: (view, at) => ({
    type: OPT_STREAM_ID,
    name: "stream-id",
    value: { stream: view.getUint16(at + 2) },
  }),
  encode(option) {
    const { bytes, view } = emptyOption(OPT_STREAM_ID, 4);
    view.setUint16(2, numberField(option, "stream", 0xffff));
    return bytes;
  },
  describe: (option) => `stream id ${numberField(option, "stream", 0xffff)}`,
};
