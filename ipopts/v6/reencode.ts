/** Whether extension headers that were decoded can be written again byte for byte. */
import {
  ExtensionChain,
  NEXT_DESTINATION,
  NEXT_HOP_BY_HOP,
  NEXT_MOBILITY,
  NEXT_ROUTING,
} from "./chain.ts";
import { encodeOptionsHeader, HEADER_OPTIONS } from "./header-options.ts";
import { decodeMobility, encodeMobility } from "./mobility.ts";
import { ROUTING_MOBILE, ROUTING_RPL, ROUTING_SEGMENT, ROUTING_SOURCE } from "./routing.ts";
import { decodeRpl, encodeRpl } from "./routing-rpl.ts";
import { decodeSegmentRouting, encodeSegmentRouting } from "./routing-segment.ts";
import { decodeSourceRouting, encodeSourceRouting } from "./routing-source.ts";
import { decodeTlvs } from "./tlv.ts";

function routing(view: DataView, at: number): Uint8Array | null {
  const type = view.getUint8(at + 2);
  if (type === ROUTING_SOURCE || type === ROUTING_MOBILE) {
    return encodeSourceRouting(decodeSourceRouting(view, at));
  }
  if (type === ROUTING_SEGMENT) return encodeSegmentRouting(decodeSegmentRouting(view, at));
  if (type !== ROUTING_RPL) return null;
  const header = decodeRpl(view, at);
  return header === null ? null : encodeRpl(header);
}

/** The header decoded and encoded; null when nothing here has a codec for it or it is malformed. */
function again(header: number, view: DataView, at: number, length: number): Uint8Array | null {
  if (header === NEXT_ROUTING) return routing(view, at);
  if (header === NEXT_MOBILITY) return encodeMobility(decodeMobility(view, at));
  if (header !== NEXT_HOP_BY_HOP && header !== NEXT_DESTINATION) return null;
  const { options, tail } = decodeTlvs(HEADER_OPTIONS, view, at + 2, at + length);
  return encodeOptionsHeader({ nextHeader: view.getUint8(at), options, tail });
}

/**
 * True when every extension header of the packet comes back as it was; headers of a type without a
 * codec are left out of it, as is what a cut hides. Bytes up to `end` are in the view.
 */
export function reencodesV6(view: DataView, at: number, end: number, claimed: number): boolean {
  const chain = new ExtensionChain();
  chain.start(view, at, end, claimed);
  while (chain.next()) {
    const { header, offset, length } = chain;
    const bytes = again(header, view, offset, length);
    if (bytes === null) continue;
    if (bytes.length !== length) return false;
    for (let i = 0; i < length; i++) if (bytes[i] !== view.getUint8(offset + i)) return false;
    if (header === NEXT_MOBILITY) break;
  }
  return chain.fault !== "overrun";
}
