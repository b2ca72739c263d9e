/**
 * Loose and strict source and record route (RFC 791 section 3.1, RFC 1812 section 5.2.4).
 *
 * ```
 * | 131 or 137 | length | pointer | address 1 | address 2 | … |     length = 3 + 4n, n at most 9
 * ```
 * Slots before the pointer are recorded, those from it on are still to be visited. Both are
 * refused or ignored by most of today's hosts (RFC 7126 section 4.3, RFC 6274 section 3.13.2.3).
 */
import { emptyOption } from "../bytes.ts";
import type { OptionCodec, OptionValue } from "../codec.ts";
import { error, type Fault, note } from "../fault.ts";
import { addressesOf, pointerOf } from "../fields.ts";
import { OPT_LSRR, OPT_SSRR } from "../option.ts";
import { routeText } from "../route-text.ts";

const RULE = "RFC 791 section 3.1";

function check(view: DataView, at: number, length: number): Fault | null {
  if (length < 3) {
    return error("length-too-small", at + 1, `length ${length} leaves no pointer byte`, RULE);
  }
  const pointer = view.getUint8(at + 2);
  if (pointer < 4) {
    return error("pointer-below-minimum", at + 2, `pointer ${pointer} is below 4`, RULE);
  }
  if (pointer <= length) {
    if (pointer % 4 !== 0) {
      return error("pointer-not-on-slot", at + 2, `pointer ${pointer} is not 4, 8, 12…`, RULE);
    }
    if (pointer + 3 > length) {
      const left = length - pointer + 1;
      return error("slot-cut", at + 2, `${left} bytes are left where an address takes 4`, RULE);
    }
  }
  if ((length - 3) % 4 !== 0) {
    return error("length-not-whole-slots", at + 1, `length ${length} is not 3 + 4n`, RULE);
  }
  if (length === 3) return note("route-empty", at + 1, "the route names no address", RULE);
  return null;
}

const codec = (type: number, name: string, kind: string): OptionCodec => ({
  type,
  name,
  title: `${kind} source route`,
  source: RULE,
  check,
  decode(view, at, length): OptionValue {
    const addresses: number[] = [];
    for (let i = at + 3; i + 4 <= at + length; i += 4) addresses.push(view.getUint32(i));
    return { type, name, pointer: view.getUint8(at + 2), addresses };
  },
  encode(option) {
    const addresses = addressesOf(option);
    const { bytes, view } = emptyOption(type, 3 + 4 * addresses.length);
    view.setUint8(2, pointerOf(option));
    addresses.forEach((address, i) => {
      view.setUint32(3 + 4 * i, address);
    });
    return bytes;
  },
  describe: (option) =>
    `${name.toUpperCase()} ${routeText(addressesOf(option), pointerOf(option))}`,
});

export const lsrr: OptionCodec = codec(OPT_LSRR, "lsrr", "loose");
export const ssrr: OptionCodec = codec(OPT_SSRR, "ssrr", "strict");
