/**
 * Traceroute by IP option (RFC 1393; historic by RFC 6814).
 *
 * ```
 * | 82 | 12 | id (16) | outbound hops (16) | return hops (16) | originator address (32) |
 * ```
 * Return hops is 0xffff until the packet turns round.
 */
import { dottedQuad } from "../address.ts";
import { emptyOption } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { error } from "../fault.ts";
import { addressesOf, numberField } from "../fields.ts";
import { OPT_TRACEROUTE } from "../option.ts";

export const traceroute: OptionCodec = {
  type: OPT_TRACEROUTE,
  name: "traceroute",
  title: "traceroute",
  source: "RFC 1393 section 2.2",
  deprecated: "RFC 6814",
  check: (_view, at, length) =>
    length === 12
      ? null
      : error("length-not-fixed", at + 1, `length ${length} is not 12`, "RFC 1393 section 2.2"),
  decode: (view, at) => ({
    type: OPT_TRACEROUTE,
    name: "traceroute",
    addresses: [view.getUint32(at + 8)],
    value: {
      id: view.getUint16(at + 2),
      outboundHops: view.getUint16(at + 4),
      returnHops: view.getUint16(at + 6),
    },
  }),
  encode(option) {
    const { bytes, view } = emptyOption(OPT_TRACEROUTE, 12);
    view.setUint16(2, numberField(option, "id", 0xffff));
    view.setUint16(4, numberField(option, "outboundHops", 0xffff));
    view.setUint16(6, numberField(option, "returnHops", 0xffff));
    view.setUint32(8, addressesOf(option)[0] ?? 0);
    return bytes;
  },
  describe(option) {
    const back = numberField(option, "returnHops", 0xffff);
    const out = numberField(option, "outboundHops", 0xffff);
    const turned = back === 0xffff ? "" : `, ${back} hops back`;
    const originator = dottedQuad(addressesOf(option)[0] ?? 0);
    return `traceroute ${numberField(option, "id", 0xffff)} from ${originator}, ${out} hops out${turned}`;
  },
};
