/** The extension headers of an IPv6 packet: decoded, described, and what is wrong with them. */
import { inspectV6 } from "../../ipopts/v6/inspect.ts";
import type { V6Item } from "../../ipopts/v6/items.ts";
import { reencodesV6 } from "../../ipopts/v6/reencode.ts";
import { formatV6At } from "../../stack/wire/address.ts";
import { findingOf, type OptionsReport } from "./options-v4.ts";
import type { ReportedOption } from "./report.ts";

/** Reads the chain of the packet at `at`; see `inspectV6` for `end` and `claimed`. */
export function reportOptionsV6(
  view: DataView,
  at: number,
  end: number,
  claimed: number,
): OptionsReport {
  const { items, faults } = inspectV6(view, at, end, claimed, formatV6At);
  return {
    options: items.map((item) => reported(item, at)),
    pieces: items.map(describe),
    findings: faults.map((fault) => findingOf(fault, at)),
    reencodes: reencodesV6(view, at, end, claimed),
  };
}

function reported(item: V6Item, at: number): ReportedOption {
  const { type, name, offset, length, header, addresses, value } = item;
  return {
    type,
    name,
    offset: offset - at,
    length,
    header,
    ...(addresses === undefined ? {} : { addresses }),
    ...(value === undefined ? {} : { value }),
  };
}

/** `RH0 segmentsLeft=1 {2001:db8::1}`. */
function describe({ name, type, length, addresses, value = {} }: V6Item): string {
  if (type === 1 && name === "PadN") return `PadN(${length})`;
  const fields = Object.entries(value).map(([field, content]) => `${field}=${content}`);
  const route = addresses === undefined ? [] : [`{${addresses.join(", ")}}`];
  return [name, ...fields, ...route].join(" ");
}
