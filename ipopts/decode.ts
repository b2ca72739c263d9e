/** A whole option area to decoded options and back, and as one line. */
import { bytesOfHex, hexAt } from "./bytes.ts";
import type { DecodedOption, OptionValue } from "./codec.ts";
import { codecOf } from "./codecs.ts";
import { error, type Fault, note, warning } from "./fault.ts";
import { isSourceRoute, MAX_OPTIONS_LENGTH, OPT_EOL, OPT_NOP, OPT_RR, OPT_TS } from "./option.ts";
import { OptionWalk } from "./walk.ts";

/** What stood in an option area. */
export interface DecodedOptions {
  readonly options: readonly DecodedOption[];
  /** Everything found wrong or worth saying, in byte order of the options. */
  readonly faults: readonly Fault[];
  /** Bytes behind the last option that could be delimited; empty when all were. */
  readonly rest: Uint8Array;
}

const WALK_MESSAGES = {
  "no-length": "the header ends behind the type byte",
  "length-too-small": "a length below 2 does not even hold type and length",
  "length-too-large": "the option runs past the end of the header",
} as const;

/** An option whose contents break its codec's rules keeps its bytes, so that nothing is lost. */
function broken(
  view: DataView,
  at: number,
  length: number,
  type: number,
  name: string,
): OptionValue {
  return { type, name, value: { raw: hexAt(view, at + 2, length - 2) } };
}

/**
 * Decodes `length` option bytes at `offset`. Damage ends the list where it is found and is
 * reported; every byte is kept, so `encodeOptions` gives the same area back.
 */
export function decodeOptions(view: DataView, offset: number, length: number): DecodedOptions {
  const walk = new OptionWalk();
  const options: DecodedOption[] = [];
  const faults: Fault[] = [];
  const seen = new Map<number, number>();
  walk.start(view, offset, length);
  while (walk.next()) {
    const codec = codecOf(walk.type);
    const fault = codec.check(view, walk.at, walk.length);
    const value =
      fault?.severity === "error"
        ? broken(view, walk.at, walk.length, walk.type, codec.name)
        : codec.decode(view, walk.at, walk.length);
    options.push({ ...value, offset: walk.at, length: walk.length });
    if (fault) faults.push(fault);
    if (codec.deprecated) {
      const message = `${codec.title} is deprecated`;
      faults.push(note("option-deprecated", walk.at, message, codec.deprecated));
    }
    const again = repeated(seen, walk.type, walk.at);
    if (again) faults.push(again);
  }
  if (walk.fault !== null) {
    const at = walk.fault === "no-length" ? walk.at : walk.at + 1;
    faults.push(error(walk.fault, at, WALK_MESSAGES[walk.fault], "RFC 1122 section 3.2.1.8"));
  }
  const end = walk.faultAt < 0 ? walk.end : walk.faultAt;
  const rest = bytesOfHex(hexAt(view, end, walk.end - end));
  return { options, faults, rest };
}

/** One source route a header, of either kind; route and time are recorded once, nothing is said twice. */
function repeated(seen: Map<number, number>, type: number, at: number): Fault | null {
  if (type === OPT_NOP || type === OPT_EOL) return null;
  const route = isSourceRoute(type);
  const kind = route ? -1 : type;
  const first = seen.get(kind);
  seen.set(kind, type);
  if (first === undefined) return null;
  if (route) {
    const message = first === type ? "a second source route" : "a loose and a strict source route";
    return error("source-route-twice", at, message, "RFC 1812 section 5.2.4.1");
  }
  const make = type === OPT_RR || type === OPT_TS ? error : warning;
  return make("option-twice", at, "may appear once in a header", "RFC 791 section 3.1");
}

/** The bytes of one option. Throws a RangeError when its fields cannot be one of its type. */
export function encodeOption(option: OptionValue): Uint8Array {
  const raw = option.value?.raw;
  if (typeof raw !== "string") return codecOf(option.type).encode(option);
  const data = bytesOfHex(raw);
  return Uint8Array.of(option.type, data.length + 2, ...data);
}

/**
 * The option area of a list, followed by `rest`; padding is an option of the list like any other.
 * Throws a RangeError beyond 40 bytes.
 */
export function encodeOptions(options: readonly OptionValue[], rest?: Uint8Array): Uint8Array {
  const parts = options.map(encodeOption);
  if (rest) parts.push(rest);
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  if (total > MAX_OPTIONS_LENGTH) throw new RangeError(`${total} option bytes, a header holds 40`);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** One option as a readable piece of a line; a deprecated one says so. */
export function describeOption(option: OptionValue): string {
  const raw = option.value?.raw;
  if (typeof raw === "string") return `${option.name} malformed ${raw}`.trimEnd();
  const { deprecated, describe } = codecOf(option.type);
  return deprecated ? `${describe(option)} [deprecated, ${deprecated}]` : describe(option);
}

/** A list as one line, its options separated by semicolons. */
export const describeOptions = (options: readonly OptionValue[]): string =>
  options.map(describeOption).join("; ");
