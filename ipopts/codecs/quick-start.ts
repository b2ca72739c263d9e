/**
 * Quick-start rate request or report (RFC 4782 section 3.1).
 *
 * ```
 * | 25 | 8 | function (4) rate (4) | QS TTL, or unused | QS nonce (30) | R (2) |
 * ```
 * Function 0 asks for a rate, 8 reports the approved one. Rate r stands for 40 000 · 2^r bit/s, 0
 * for none.
 */
import { emptyOption } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { error, warning } from "../fault.ts";
import { numberField } from "../fields.ts";
import { OPT_QUICK_START } from "../option.ts";

const RULE = "RFC 4782 section 3.1";

export const quickStart: OptionCodec = {
  type: OPT_QUICK_START,
  name: "quick-start",
  title: "quick-start",
  source: RULE,
  check(view, at, length) {
    if (length !== 8) {
      return error("length-not-fixed", at + 1, `length ${length} is not 8`, RULE);
    }
    const job = view.getUint8(at + 2) >>> 4;
    if (job !== 0 && job !== 8) {
      return warning("quick-start-function", at + 2, `function ${job} is neither 0 nor 8`, RULE);
    }
    return null;
  },
  decode: (view, at) => ({
    type: OPT_QUICK_START,
    name: "quick-start",
    value: {
      function: view.getUint8(at + 2) >>> 4,
      rate: view.getUint8(at + 2) & 15,
      ttl: view.getUint8(at + 3),
      nonce: view.getUint32(at + 4) >>> 2,
      reserved: view.getUint8(at + 7) & 3,
    },
  }),
  encode(option) {
    const { bytes, view } = emptyOption(OPT_QUICK_START, 8);
    view.setUint8(2, (numberField(option, "function", 15) << 4) | numberField(option, "rate", 15));
    view.setUint8(3, numberField(option, "ttl", 255));
    const nonce = numberField(option, "nonce", 0x3fffffff);
    view.setUint32(4, nonce * 4 + numberField(option, "reserved", 3));
    return bytes;
  },
  describe(option) {
    const job = numberField(option, "function", 15);
    const word = job === 0 ? "request" : job === 8 ? "report" : `function ${job}`;
    const rate = numberField(option, "rate", 15);
    const speed = rate === 0 ? "no rate" : `${40 * 2 ** rate} kbit/s`;
    return `quick-start ${word} ${speed}, TTL ${numberField(option, "ttl", 255)}`;
  },
};
