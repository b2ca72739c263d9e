/**
 * Sender directed multi-destination delivery (RFC 1770; historic by RFC 6814): a packet sent to
 * each address of a list, which is the option itself.
 *
 * ```
 * | 149 | 2 + 4n | address 1 | … |     n from 1 to 9
 * ```
 */
import { dottedQuad } from "../address.ts";
import { emptyOption } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { error } from "../fault.ts";
import { addressesOf } from "../fields.ts";
import { OPT_SDB } from "../option.ts";

export const sdb: OptionCodec = {
  type: OPT_SDB,
  name: "sdb",
  title: "sender directed multi-destination delivery",
  source: "RFC 1770 section 2",
  deprecated: "RFC 6814",
  check: (_view, at, length) =>
    length >= 6 && (length - 2) % 4 === 0
      ? null
      : error(
          "length-not-whole-slots",
          at + 1,
          `length ${length} is not 2 + 4n with an address at least`,
          "RFC 1770 section 2",
        ),
  decode(view, at, length) {
    const addresses: number[] = [];
    for (let i = at + 2; i + 4 <= at + length; i += 4) addresses.push(view.getUint32(i));
    return { type: OPT_SDB, name: "sdb", addresses };
  },
  encode(option) {
    const addresses = addressesOf(option);
    const { bytes, view } = emptyOption(OPT_SDB, 2 + 4 * addresses.length);
    addresses.forEach((address, i) => {
      view.setUint32(2 + 4 * i, address);
    });
    return bytes;
  },
  describe: (option) => `SDB {${addressesOf(option).map(dottedQuad).join(", ")}}`,
};
