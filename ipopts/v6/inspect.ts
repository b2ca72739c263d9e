/**
 * An IPv6 packet's extension headers as items for people and JSON, with everything found wrong.
 * For printing: what counts packets by the million uses the walks instead.
 */
import { error, type Fault, note, warning } from "../fault.ts";
import {
  EXTENSION_NAMES,
  ExtensionChain,
  NEXT_AH,
  NEXT_DESTINATION,
  NEXT_FRAGMENT,
  NEXT_HOP_BY_HOP,
  NEXT_MOBILITY,
  NEXT_ROUTING,
} from "./chain.ts";
import { checkMobility } from "./check-mobility.ts";
import { checkOptionsHeader } from "./check-options.ts";
import { checkRouting } from "./check-routing.ts";
import { mobilityItems, optionItems, routingItems, type V6Item } from "./items.ts";
import type { FormatAddress } from "./layout.ts";
import { mhLength } from "./mobility.ts";

export interface Inspection {
  readonly items: readonly V6Item[];
  readonly faults: readonly Fault[];
}

/** Recommended places in the chain (RFC 8200 section 4.1); destination options have two. */
const ORDER = [NEXT_HOP_BY_HOP, NEXT_DESTINATION, NEXT_ROUTING, NEXT_FRAGMENT, NEXT_AH];
const ORDER_RULE = "RFC 8200 section 4.1";

/**
 * Reads the chain of the packet whose fixed header stands at `at`; bytes up to `end` are in the
 * view and the packet claims to reach `claimed`. `format` writes an address as text.
 */
export function inspectV6(
  view: DataView,
  at: number,
  end: number,
  claimed: number,
  format: FormatAddress,
): Inspection {
  const items: V6Item[] = [];
  const faults: Fault[] = [];
  const seen: number[] = [];
  const chain = new ExtensionChain();
  chain.start(view, at, end, claimed);
  const payload = view.getUint16(at + 4);
  let namedAt = chain.namedAt;
  while (chain.next()) {
    const { header, offset, length } = chain;
    checkPlace(header, offset, namedAt, seen, faults);
    seen.push(header);
    namedAt = offset;
    if (header === NEXT_HOP_BY_HOP || header === NEXT_DESTINATION) {
      const hopByHop = header === NEXT_HOP_BY_HOP;
      items.push(...optionItems(view, offset, length, hopByHop, format));
      checkOptionsHeader(view, offset, length, hopByHop, payload, faults);
    } else if (header === NEXT_ROUTING) {
      items.push(...routingItems(view, offset, format));
      checkRouting(view, offset, faults);
    } else if (header === NEXT_MOBILITY) {
      items.push(...mobilityItems(view, offset, format));
      checkMobility(view, offset, faults);
      checkTail(offset + mhLength(view, offset), claimed, faults);
      return { items, faults };
    } else {
      items.push(plainItem(view, header, offset, length));
      if (header === NEXT_AH) checkAuthentication(view, offset, length, faults);
    }
  }
  if (chain.fault === "overrun") {
    const name = EXTENSION_NAMES.get(chain.header) ?? "extension header";
    const message = `the ${name} at byte ${chain.offset - at} runs past the payload`;
    faults.push(error("header-overrun", chain.offset, message, "RFC 8200 section 4"));
  }
  if (chain.fault === "cut") {
    const name = EXTENSION_NAMES.get(chain.header) ?? "extension header";
    const message = `the capture ends in the ${name}`;
    faults.push(note("header-cut", end, message, "snapshot length of the capture"));
  }
  return { items, faults };
}

function checkPlace(
  header: number,
  offset: number,
  namedAt: number,
  seen: readonly number[],
  faults: Fault[],
): void {
  const name = EXTENSION_NAMES.get(header) ?? `header ${header}`;
  if (header === NEXT_HOP_BY_HOP && seen.length > 0) {
    const message = "hop-by-hop options anywhere but behind the fixed header";
    faults.push(error("hop-by-hop-not-first", namedAt, message, ORDER_RULE));
    return;
  }
  const times = seen.filter((other) => other === header).length;
  if (times >= (header === NEXT_DESTINATION ? 2 : 1)) {
    faults.push(warning("header-repeated", offset, `a further ${name}`, ORDER_RULE));
    return;
  }
  const place = ORDER.indexOf(header);
  const last = seen.at(-1);
  if (place < 0 || header === NEXT_DESTINATION || last === undefined) return;
  if (last !== NEXT_DESTINATION && ORDER.indexOf(last) > place) {
    const before = EXTENSION_NAMES.get(last) ?? `header ${last}`;
    faults.push(note("header-order", offset, `the ${name} follows the ${before}`, ORDER_RULE));
  }
}

function checkTail(end: number, claimed: number, faults: Fault[]): void {
  if (end >= claimed) return;
  const message = `${claimed - end} bytes follow the mobility header`;
  faults.push(note("bytes-behind-mobility", end, message, "RFC 6275 section 6.1.1"));
}

function checkAuthentication(view: DataView, at: number, length: number, faults: Fault[]): void {
  // Twelve bytes are fixed; what follows is the integrity check value, to a multiple of 8.
  if (length >= 16 && length % 8 === 0) return;
  const message = `length ${view.getUint8(at + 1)} makes a header of ${length} bytes`;
  faults.push(warning("authentication-length", at + 1, message, "RFC 4302 section 2.2"));
}

/** A header about whose inside the option tables say nothing. */
function plainItem(view: DataView, header: number, offset: number, length: number): V6Item {
  const name = EXTENSION_NAMES.get(header) ?? `header ${header}`;
  const item = { header: name, type: header, name: name.replaceAll(" ", "-"), offset, length };
  if (header !== NEXT_FRAGMENT) return item;
  const word = view.getUint16(offset + 2);
  return {
    ...item,
    value: {
      offset: word & 0xfff8,
      moreFragments: word & 1,
      identification: view.getUint32(offset + 4),
    },
  };
}
