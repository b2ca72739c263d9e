/**
 * Router alert (RFC 2113, values in the registry of RFC 5350): routers should look closer.
 *
 * ```
 * | 148 | 4 | value (16 bits), 0 = every router examines the packet |
 * ```
 */
import { emptyOption } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { error, warning } from "../fault.ts";
import { numberField } from "../fields.ts";
import { OPT_ROUTER_ALERT } from "../option.ts";

export const routerAlert: OptionCodec = {
  type: OPT_ROUTER_ALERT,
  name: "router-alert",
  title: "router alert",
  source: "RFC 2113 section 2.1",
  check(view, at, length) {
    if (length !== 4) {
      return error("length-not-fixed", at + 1, `length ${length} is not 4`, "RFC 2113 section 2.1");
    }
    const value = view.getUint16(at + 2);
    if (value !== 0) {
      return warning(
        "router-alert-value",
        at + 2,
        `value ${value} is not 0, the only one routers examine by RFC 2113`,
        "RFC 5350 section 2",
      );
    }
    return null;
  },
  decode: (view, at) => ({
    type: OPT_ROUTER_ALERT,
    name: "router-alert",
    value: { value: view.getUint16(at + 2) },
  }),
  encode(option) {
    const { bytes, view } = emptyOption(OPT_ROUTER_ALERT, 4);
    view.setUint16(2, numberField(option, "value", 0xffff));
    return bytes;
  },
  describe: (option) => `router alert ${numberField(option, "value", 0xffff)}`,
};
