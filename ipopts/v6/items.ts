/** Extension headers and their options as flat items: one for each option, route and message. */

import { hexAt } from "../bytes.ts";
import { HEADER_OPTIONS } from "./header-options.ts";
import { type FormatAddress, type Layout, OPAQUE } from "./layout.ts";
import {
  MH_DATA_AT,
  MOBILITY_MESSAGES,
  mhChecksum,
  mhLength,
  mhType,
  mobilityName,
  mobilityOptionsAt,
} from "./mobility.ts";
import { MOBILITY_OPTIONS } from "./mobility-options.ts";
import {
  addressCount,
  ROUTING_RPL,
  ROUTING_SEGMENT,
  routingLength,
  routingName,
  routingType,
  segmentsLeft,
} from "./routing.ts";
import { decodeRpl, expandRpl } from "./routing-rpl.ts";
import { lastEntry, SEGMENT_TLVS, segmentTlvsAt } from "./routing-segment.ts";
import { layoutOf, PAD1, type TlvFamily, TlvWalk, tlvName } from "./tlv.ts";

/** Bytes as hex, addresses as text. */
export type ItemValue = Readonly<Record<string, number | string>>;

export interface V6Item {
  /** The extension header it stands in: `hop-by-hop options`, `routing header`… */
  readonly header: string;
  /** Option type, routing type or mobility message type. */
  readonly type: number;
  readonly name: string;
  /** Where it begins in the view, and its length in bytes. */
  readonly offset: number;
  readonly length: number;
  /** Addresses of a route in wire order, as text. */
  readonly addresses?: readonly string[];
  readonly value?: ItemValue;
}

function fieldValues(
  layout: Layout,
  view: DataView,
  at: number,
  end: number,
  format: FormatAddress,
): ItemValue {
  const value: Record<string, number | string> = {};
  for (const { name, kind, size } of layout) {
    const span = kind === "rest" ? end - at : Math.min(size, end - at);
    if (kind === "number" && span === size) {
      value[name] =
        size === 1 ? view.getUint8(at) : size === 2 ? view.getUint16(at) : view.getUint32(at);
    } else if (kind === "address" && span === 16) value[name] = format(view, at);
    else if (kind === "rest" || span > 0) value[name] = hexAt(view, at, span);
    at += span;
  }
  return value;
}

function tlvItems(
  header: string,
  family: TlvFamily,
  view: DataView,
  at: number,
  end: number,
  format: FormatAddress,
): V6Item[] {
  const items: V6Item[] = [];
  const walk = new TlvWalk();
  walk.start(view, at, end);
  while (walk.next()) {
    const { type, offset, length, dataAt, dataLength } = walk;
    const item = { header, type, name: tlvName(family, type), offset, length };
    if (type === PAD1) items.push(item);
    else {
      const layout = layoutOf(family, type, dataLength);
      items.push({
        ...item,
        value: fieldValues(layout, view, dataAt, dataAt + dataLength, format),
      });
    }
  }
  return items;
}

/** Options of a hop-by-hop or destination options header of `length` bytes. */
export function optionItems(
  view: DataView,
  at: number,
  length: number,
  hopByHop: boolean,
  format: FormatAddress,
): V6Item[] {
  const header = hopByHop ? "hop-by-hop options" : "destination options";
  return tlvItems(header, HEADER_OPTIONS, view, at + 2, at + length, format);
}

/** The route of a routing header, and the TLVs of a segment routing header behind it. */
export function routingItems(view: DataView, at: number, format: FormatAddress): V6Item[] {
  const type = routingType(view, at);
  const length = routingLength(view, at);
  const item: V6Item = {
    header: "routing header",
    type,
    name: routingName(type),
    offset: at,
    length,
    addresses: routeAddresses(view, at, format),
    value: routeValue(view, at),
  };
  if (type !== ROUTING_SEGMENT) return [item];
  const tlvsAt = at + segmentTlvsAt(view, at, length);
  return [item, ...tlvItems("routing header", SEGMENT_TLVS, view, tlvsAt, at + length, format)];
}

function routeValue(view: DataView, at: number): ItemValue {
  const left = { segmentsLeft: segmentsLeft(view, at) };
  const type = routingType(view, at);
  if (type === ROUTING_SEGMENT) {
    const tag = view.getUint16(at + 6);
    return { ...left, lastEntry: lastEntry(view, at), flags: view.getUint8(at + 5), tag };
  }
  if (type !== ROUTING_RPL) return left;
  const compression = view.getUint8(at + 4);
  return {
    ...left,
    compressInner: compression >>> 4,
    compressLast: compression & 15,
    pad: view.getUint8(at + 5) >>> 4,
  };
}

/** Compressed addresses are shown as they stand behind `::`: the destination is not known here. */
function routeAddresses(view: DataView, at: number, format: FormatAddress): string[] {
  if (routingType(view, at) === ROUTING_RPL) {
    const header = decodeRpl(view, at);
    if (header === null) return [];
    return expandRpl(header, new Uint8Array(16)).map((hop) => format(new DataView(hop.buffer), 0));
  }
  return Array.from({ length: addressCount(view, at) }, (_, i) => format(view, at + 8 + 16 * i));
}

/** The message of a mobility header and its options. */
export function mobilityItems(view: DataView, at: number, format: FormatAddress): V6Item[] {
  const type = mhType(view, at);
  const length = mhLength(view, at);
  const optionsAt = at + mobilityOptionsAt(type, length);
  const layout = MOBILITY_MESSAGES.get(type)?.layout ?? OPAQUE;
  const fields = fieldValues(layout, view, at + MH_DATA_AT, optionsAt, format);
  const message: V6Item = {
    header: "mobility header",
    type,
    name: mobilityName(type),
    offset: at,
    length,
    value: { checksum: mhChecksum(view, at), ...fields },
  };
  const options = tlvItems(
    "mobility header",
    MOBILITY_OPTIONS,
    view,
    optionsAt,
    at + length,
    format,
  );
  return [message, ...options];
}
