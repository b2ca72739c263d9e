/**
 * Commercial IP security option (CIPSO, FIPS 188; draft-ietf-cipso-ipsecurity-01).
 *
 * ```
 * | 134 | length | domain of interpretation (32) | tag type, tag length, tag data | … |
 * ```
 * Tag 1 is a bit map of categories behind an alignment byte and a level, 2 an enumeration, 5
 * ranges; 128 and above are local.
 */
import { bytesOfHex, emptyOption, hexAt } from "../bytes.ts";
import type { FieldValue, OptionCodec } from "../codec.ts";
import { error } from "../fault.ts";
import { numberField } from "../fields.ts";
import { OPT_CIPSO } from "../option.ts";

const RULE = "FIPS 188 section 3.2";
/** Type, length and domain of interpretation. */
const HEADER = 6;

/** Tags whose data begin with an alignment byte and a level. */
const LEVELLED: ReadonlySet<number> = new Set([1, 2, 5]);

/** A field of tag `tag`, as JSON gave it. */
function tagField(tag: FieldValue, field: string): FieldValue | undefined {
  if (typeof tag !== "object" || Array.isArray(tag)) return undefined;
  return (tag as { readonly [name: string]: FieldValue })[field];
}

export const cipso: OptionCodec = {
  type: OPT_CIPSO,
  name: "cipso",
  title: "commercial security",
  source: RULE,
  check(view, at, length) {
    if (length < HEADER + 2) {
      return error("length-too-small", at + 1, `length ${length} leaves no tag`, RULE);
    }
    if (view.getUint32(at + 2) === 0) {
      return error("cipso-domain-zero", at + 2, "domain of interpretation 0 is reserved", RULE);
    }
    const end = at + length;
    for (let tag = at + HEADER; tag < end; ) {
      if (tag + 1 === end) {
        return error("cipso-tag-cut", tag, "a tag has no length byte", RULE);
      }
      const tagLength = view.getUint8(tag + 1);
      if (tagLength < 2 || tag + tagLength > end) {
        const message = `tag length ${tagLength} does not fit the ${end - tag} bytes left`;
        return error("cipso-tag-length", tag + 1, message, RULE);
      }
      tag += tagLength;
    }
    return null;
  },
  decode(view, at, length) {
    const tags: FieldValue[] = [];
    for (let tag = at + HEADER; tag < at + length; tag += view.getUint8(tag + 1)) {
      const type = view.getUint8(tag);
      const tagLength = view.getUint8(tag + 1);
      const data = hexAt(view, tag + 2, tagLength - 2);
      const levelled = LEVELLED.has(type) && tagLength >= 4;
      tags.push({ type, ...(levelled ? { level: view.getUint8(tag + 3) } : {}), data });
    }
    return {
      type: OPT_CIPSO,
      name: "cipso",
      value: { domain: view.getUint32(at + 2), tags },
    };
  },
  encode(option) {
    const list = option.value?.tags;
    if (!Array.isArray(list)) throw new RangeError("cipso: field tags is not a list");
    const tags = list.map((tag: FieldValue) => {
      const data = bytesOfHex(String(tagField(tag, "data") ?? ""));
      return [Number(tagField(tag, "type")), data.length + 2, ...data];
    });
    const body = tags.flat();
    const { bytes, view } = emptyOption(OPT_CIPSO, HEADER + body.length);
    view.setUint32(2, numberField(option, "domain", 0xffffffff));
    bytes.set(body, HEADER);
    return bytes;
  },
  describe(option) {
    const list = option.value?.tags;
    const tags = (Array.isArray(list) ? list : []).map((tag: FieldValue) => {
      const level = tagField(tag, "level");
      const said = level === undefined ? "" : ` level ${level}`;
      return `tag ${tagField(tag, "type")}${said} ${tagField(tag, "data")}`;
    });
    return `CIPSO domain ${numberField(option, "domain", 0xffffffff)} ${tags.join(", ")}`;
  },
};
