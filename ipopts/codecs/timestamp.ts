/**
 * Internet timestamp (RFC 791 section 3.1), in its three forms.
 *
 * ```
 * | 68 | length | pointer | overflow, flag | slots |      pointer is 5 at first
 * ```
 * Flag 0: slots are timestamps (milliseconds since midnight UT; the high bit marks any other
 * time). Flag 1: address and timestamp, both written on the way. Flag 3: the sender names the
 * addresses and only their owners write a timestamp.
 */
import { dottedQuad } from "../address.ts";
import { bytesOfHex, emptyOption, hexAt } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { error, warning } from "../fault.ts";
import { addressesOf, numberField, numbersField, pointerOf, textField } from "../fields.ts";
import { OPT_TS } from "../option.ts";

const RULE = "RFC 791 section 3.1";

/** What `value.form` says for each flag that RFC 791 defines. */
const FORMS = new Map([
  [0, "timestamps"],
  [1, "addresses"],
  [3, "prespecified"],
]);

export const timestamp: OptionCodec = {
  type: OPT_TS,
  name: "ts",
  title: "internet timestamp",
  source: RULE,
  check(view, at, length) {
    if (length < 4) {
      return error("length-too-small", at + 1, `length ${length} is below 4`, RULE);
    }
    const pointer = view.getUint8(at + 2);
    if (pointer < 5) {
      return error("pointer-below-minimum", at + 2, `pointer ${pointer} is below 5`, RULE);
    }
    const flag = view.getUint8(at + 3) & 15;
    const step = flag === 1 || flag === 3 ? 8 : 4;
    if (pointer <= length && pointer + step - 1 > length) {
      const left = length - pointer + 1;
      return error("slot-cut", at + 2, `${left} bytes are left where a slot takes ${step}`, RULE);
    }
    if (!FORMS.has(flag)) {
      return warning("timestamp-flag-unknown", at + 3, `flag ${flag} is not 0, 1 or 3`, RULE);
    }
    if ((length - 4) % step !== 0) {
      return warning(
        "length-not-whole-slots",
        at + 1,
        `length ${length} is not 4 + ${step}n`,
        RULE,
      );
    }
    if (pointer <= length && (pointer - 5) % step !== 0) {
      return warning("pointer-not-on-slot", at + 2, `pointer ${pointer} is not 5 + ${step}n`, RULE);
    }
    if (view.getUint8(at + 3) >>> 4 === 15) {
      return warning("overflow-exhausted", at + 3, "the overflow count is at its end, 15", RULE);
    }
    return null;
  },
  decode(view, at, length) {
    const flag = view.getUint8(at + 3) & 15;
    const withAddress = flag === 1 || flag === 3;
    const step = withAddress ? 8 : 4;
    const addresses: number[] = [];
    const timestamps: number[] = [];
    let i = at + 4;
    if (FORMS.has(flag)) {
      for (; i + step <= at + length; i += step) {
        if (withAddress) addresses.push(view.getUint32(i));
        timestamps.push(view.getUint32(i + step - 4));
      }
    }
    const rest = hexAt(view, i, at + length - i);
    return {
      type: OPT_TS,
      name: "ts",
      pointer: view.getUint8(at + 2),
      ...(withAddress ? { addresses } : {}),
      value: {
        form: FORMS.get(flag) ?? "unknown",
        flag,
        overflow: view.getUint8(at + 3) >>> 4,
        timestamps,
        ...(rest === "" ? {} : { rest }),
      },
    };
  },
  encode(option) {
    const flag = numberField(option, "flag", 15);
    const addresses = addressesOf(option);
    const timestamps = numbersField(option, "timestamps", 0xffffffff);
    const rest = bytesOfHex(textField(option, "rest"));
    const withAddress = flag === 1 || flag === 3;
    const step = withAddress ? 8 : 4;
    if (addresses.length !== (withAddress ? timestamps.length : 0)) {
      throw new RangeError(`ts: ${addresses.length} addresses for ${timestamps.length} timestamps`);
    }
    const { bytes, view } = emptyOption(OPT_TS, 4 + step * timestamps.length + rest.length);
    view.setUint8(2, pointerOf(option));
    view.setUint8(3, (numberField(option, "overflow", 15) << 4) | flag);
    timestamps.forEach((time, i) => {
      if (withAddress) view.setUint32(4 + step * i, addresses[i]);
      view.setUint32(step * (i + 1), time);
    });
    bytes.set(rest, 4 + step * timestamps.length);
    return bytes;
  },
  describe(option) {
    const flag = numberField(option, "flag", 15);
    const step = flag === 0 ? 4 : 8;
    const overflow = numberField(option, "overflow", 15);
    const addresses = addressesOf(option);
    const next = (pointerOf(option) - 5) / step;
    const slots = numbersField(option, "timestamps", 0xffffffff).map((time, i) => {
      const owner = i < addresses.length ? `${dottedQuad(addresses[i])} ` : "";
      const when = time >= 0x80000000 ? `nonstandard ${time - 0x80000000}` : `${time} ms`;
      return `${i === next ? ">>" : ""}${owner}${when}`;
    });
    const form = textField(option, "form");
    return `TS ${form} {${slots.join(", ")}}${overflow ? ` overflow ${overflow}` : ""}`;
  },
};
