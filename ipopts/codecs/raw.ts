/** Options known by their type byte alone, and options too broken to mean anything. */
import { bytesOfHex, emptyOption, hexAt } from "../bytes.ts";
import type { OptionCodec } from "../codec.ts";
import { note } from "../fault.ts";
import { textField } from "../fields.ts";
import { isCopied, optionClass, optionNumber } from "../option.ts";

/** Numbers that are assigned but whose contents nobody reads; RFC 6814 deprecated most of them. */
const ASSIGNED: ReadonlyMap<number, { title: string; source: string; deprecated?: string }> =
  new Map([
    [10, { title: "experimental measurement", source: "IANA ip-parameters" }],
    [15, { title: "ENCODE", source: "IANA ip-parameters", deprecated: "RFC 6814" }],
    [30, { title: "experiment", source: "RFC 4727 section 3" }],
    [94, { title: "experiment", source: "RFC 4727 section 3" }],
    [142, { title: "VISA", source: "IANA ip-parameters", deprecated: "RFC 6814" }],
    [144, { title: "IMI traffic descriptor", source: "IANA ip-parameters" }],
    [145, { title: "extended internet protocol", source: "RFC 1385", deprecated: "RFC 6814" }],
    [151, { title: "dynamic packet state", source: "IANA ip-parameters", deprecated: "RFC 6814" }],
    [158, { title: "experiment", source: "RFC 4727 section 3" }],
    [205, { title: "experimental flow control", source: "IANA ip-parameters" }],
    [222, { title: "experiment", source: "RFC 4727 section 3" }],
  ]);

const CLASSES = ["control", "reserved class 1", "measurement", "reserved class 3"];

/** `option 25, control, not copied` for a type that no codec knows. */
function typeText(type: number): string {
  const copied = isCopied(type) ? "copied" : "not copied";
  return `number ${optionNumber(type)}, ${CLASSES[optionClass(type)]}, ${copied}`;
}

/**
 * The codec of a type that is not in the registry: number, class and copied bit say all there is,
 * and a host that does not know an option skips it (RFC 1122 section 3.2.1.8).
 */
export function rawCodec(type: number): OptionCodec {
  const known = ASSIGNED.get(type);
  const name = `unknown-${type}`;
  return {
    type,
    name,
    title: known?.title ?? `unknown option (${typeText(type)})`,
    source: known?.source ?? "RFC 1122 section 3.2.1.8",
    ...(known?.deprecated ? { deprecated: known.deprecated } : {}),
    check: (_view, at) =>
      known ? null : note("option-unknown", at, typeText(type), "RFC 1122 section 3.2.1.8"),
    decode: (view, at, length) => ({
      type,
      name,
      value: {
        number: optionNumber(type),
        class: optionClass(type),
        copied: isCopied(type),
        data: hexAt(view, at + 2, length - 2),
      },
    }),
    encode(option) {
      const data = bytesOfHex(textField(option, "data"));
      const { bytes } = emptyOption(type, 2 + data.length);
      bytes.set(data, 2);
      return bytes;
    },
    describe: (option) =>
      `${known?.title ?? `option ${type}`} (${typeText(type)}) ${textField(option, "data")}`.trimEnd(),
  };
}
