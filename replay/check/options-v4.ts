/** The option area of an IPv4 header: decoded, described, and everything found wrong with it. */
import { isClassE, isLoopback, isMulticast, isZeroNet } from "../../ipopts/address.ts";
import { hexAt, viewOf } from "../../ipopts/bytes.ts";
import type { DecodedOption } from "../../ipopts/codec.ts";
import { codecOf } from "../../ipopts/codecs.ts";
import { decodeOptions, describeOption, encodeOptions } from "../../ipopts/decode.ts";
import { type Fault, note, warning } from "../../ipopts/fault.ts";
import { isSourceRoute, OPT_EOL, OPT_NOP, OPT_RR } from "../../ipopts/option.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import { formatV4 } from "../../stack/wire/address.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";
import type { Finding, ReportedOption } from "./report.ts";

export interface OptionsReport {
  readonly options: readonly ReportedOption[];
  /** One piece for each option, padding included. */
  readonly pieces: readonly string[];
  readonly findings: readonly Finding[];
  readonly reencodes: boolean;
}

/** A fault of the view as a finding counted from the IP header at `at`. */
export const findingOf = (
  { code, at, severity, message, source }: Fault,
  from: number,
): Finding => ({
  code,
  offset: at - from,
  message,
  severity,
  source,
});

/**
 * Reads the options of the header at `at`, `captured` bytes of which are in the view; `whole` is
 * how many the header has.
 */
export function reportOptionsV4(
  view: DataView,
  at: number,
  captured: number,
  whole: number,
): OptionsReport {
  const from = at + ip4.IPV4_HEADER_LENGTH;
  const length = Math.max(0, captured - ip4.IPV4_HEADER_LENGTH);
  const { options, faults, rest } = decodeOptions(view, from, length);
  const cut = captured < whole;
  const found = faults.filter((fault) => !(cut && isWalkFault(fault)));
  if (cut) found.push(cutNote(at + captured, captured, whole));
  const source = ip4.source(view, at);
  for (const option of options) {
    if (isSourceRoute(option.type)) found.push(...routeFaults(view, option, source));
    if (option.type === OPT_EOL) found.push(...hiddenFaults(view, option));
  }
  return {
    options: options.map((option) => reported(view, option, at)),
    pieces: [...options.map((option) => describeOption(option)), ...leftOver(rest, cut)],
    findings: found.map((fault) => findingOf(fault, at)),
    reencodes: sameBytes(encodeAgain(options, rest), view, from, length),
  };
}

/** What could not be delimited, as a piece of the line: `LSRR? 830c040a000001`. */
function leftOver(rest: Uint8Array, cut: boolean): string[] {
  if (rest.length === 0) return [];
  const name = codecOf(rest[0]).name.toUpperCase();
  return [`${name}${cut ? "…" : "?"} ${hexAt(viewOf(rest), 0, rest.length)}`];
}

/** Faults that a cut area has only because it is cut. */
const isWalkFault = ({ code }: Fault): boolean =>
  code === "length-too-large" || code === "no-length";

const cutNote = (at: number, captured: number, whole: number): Fault => {
  const message = `the capture ends here: ${captured} of ${whole} header bytes are there`;
  return note("header-cut", at, message, "snapshot length of the capture");
};

function reported(view: DataView, option: DecodedOption, at: number): ReportedOption {
  const { type, name, offset, length, value } = option;
  const place = { type, name, offset: offset - at, length };
  const addresses = option.addresses ?? brokenAddresses(view, option);
  const pointer = option.pointer ?? brokenPointer(view, option);
  return {
    ...place,
    ...(pointer === undefined ? {} : { pointer }),
    ...(addresses === undefined ? {} : { addresses: addresses.map((hop) => formatV4(hop >>> 0)) }),
    ...(value === undefined ? {} : { value }),
  };
}

const hasSlots = (type: number): boolean => isSourceRoute(type) || type === OPT_RR;

/** A malformed route still shows its pointer and the whole slots it holds. */
function brokenPointer(
  view: DataView,
  { type, offset, length }: DecodedOption,
): number | undefined {
  return hasSlots(type) && length >= 3 ? view.getUint8(offset + 2) : undefined;
}

function brokenAddresses(
  view: DataView,
  { type, offset, length }: DecodedOption,
): number[] | undefined {
  if (!hasSlots(type) || length < 3) return undefined;
  const count = Math.floor((length - 3) / 4);
  return Array.from({ length: count }, (_, i) => view.getUint32(offset + 3 + 4 * i));
}

function routeFaults(view: DataView, option: DecodedOption, source: number): Fault[] {
  const faults: Fault[] = [];
  const { pointer = 0, addresses = [], offset } = option;
  for (const [i, hop] of addresses.entries()) {
    const slotAt = offset + 3 + 4 * i;
    const ahead = 4 + 4 * i >= pointer;
    if (i === 0 && ahead && hop === source) {
      const message = "the route begins with the packet's own source";
      faults.push(warning("route-names-source", slotAt, message, "RFC 1122 section 3.2.1.8"));
    }
    const odd = isMulticast(hop) || isClassE(hop) || isZeroNet(hop) || isLoopback(hop);
    if (!ahead || !odd) continue;
    const message = `hop ${i + 1}, ${formatV4(view.getUint32(slotAt))}, is no host's address`;
    faults.push(warning("route-not-unicast", slotAt, message, "RFC 1812 section 5.2.4.3"));
  }
  return faults;
}

/** Options behind the end of the list: no kernel looks at them, other tools show them as live. */
function hiddenFaults(view: DataView, { offset, length }: DecodedOption): Fault[] {
  const faults: Fault[] = [];
  const walk = new OptionWalk();
  walk.start(view, offset + 1, length - 1);
  while (walk.next()) {
    if (walk.type === OPT_EOL || walk.type === OPT_NOP) continue;
    const message = `a ${codecOf(walk.type).title} behind the end of the list: it is not live`;
    faults.push(warning("option-hidden", walk.at, message, "RFC 791 section 3.1"));
  }
  return faults;
}

function encodeAgain(options: readonly DecodedOption[], rest: Uint8Array): Uint8Array | null {
  try {
    return encodeOptions(options, rest);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function sameBytes(bytes: Uint8Array | null, view: DataView, at: number, length: number): boolean {
  if (bytes === null || bytes.length !== length) return false;
  const again = viewOf(bytes);
  for (let i = 0; i < length; i++) if (again.getUint8(i) !== view.getUint8(at + i)) return false;
  return true;
}
