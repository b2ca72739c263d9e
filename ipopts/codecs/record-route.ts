/**
 * Record route (RFC 791 section 3.1): every gateway stores its address at the pointer.
 *
 * ```
 * | 7 | length | pointer | address 1 | address 2 | … |     length = 3 + 4n, n at most 9
 * ```
 */
import { bytesOfHex, emptyOption, hexAt } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { error, warning } from "../fault.ts";
import { addressesOf, pointerOf, textField } from "../fields.ts";
import { OPT_RR } from "../option.ts";
import { routeText } from "../route-text.ts";

const RULE = "RFC 791 section 3.1";

export const recordRoute: OptionCodec = {
  type: OPT_RR,
  name: "rr",
  title: "record route",
  source: RULE,
  check(view, at, length) {
    if (length < 3) {
      return error("length-too-small", at + 1, `length ${length} leaves no pointer byte`, RULE);
    }
    const pointer = view.getUint8(at + 2);
    if (pointer < 4) {
      return error("pointer-below-minimum", at + 2, `pointer ${pointer} is below 4`, RULE);
    }
    if (pointer <= length && pointer + 3 > length) {
      const left = length - pointer + 1;
      return error("slot-cut", at + 2, `${left} bytes are left where an address takes 4`, RULE);
    }
    if ((length - 3) % 4 !== 0) {
      return warning("length-not-whole-slots", at + 1, `length ${length} is not 3 + 4n`, RULE);
    }
    if (pointer <= length && pointer % 4 !== 0) {
      return warning("pointer-not-on-slot", at + 2, `pointer ${pointer} is not 4, 8, 12…`, RULE);
    }
    return null;
  },
  decode(view, at, length) {
    const addresses: number[] = [];
    let i = at + 3;
    for (; i + 4 <= at + length; i += 4) addresses.push(view.getUint32(i));
    const rest = hexAt(view, i, at + length - i);
    const value = { type: OPT_RR, name: "rr", pointer: view.getUint8(at + 2), addresses };
    return rest === "" ? value : { ...value, value: { rest } };
  },
  encode(option) {
    const addresses = addressesOf(option);
    const rest = bytesOfHex(textField(option, "rest"));
    const { bytes, view } = emptyOption(OPT_RR, 3 + 4 * addresses.length + rest.length);
    view.setUint8(2, pointerOf(option));
    addresses.forEach((address, i) => {
      view.setUint32(3 + 4 * i, address);
    });
    bytes.set(rest, 3 + 4 * addresses.length);
    return bytes;
  },
  describe: (option) => `RR ${routeText(addressesOf(option), pointerOf(option))}`,
};
