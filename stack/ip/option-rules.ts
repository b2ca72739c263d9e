/**
 * Which byte of an option area is wrong, by the rules of profile `engel`: RFC 791 and RFC 1812
 * section 5.2.4 where they speak, Linux where they are silent (specification section 2).
 */
import { isSourceRoute, OPT_EOL, OPT_NOP, OPT_RR, OPT_TS } from "../../ipopts/option.ts";
import type { OptionWalk } from "../../ipopts/walk.ts";

/**
 * Offset of the first offending byte among `length` option bytes at `begin`, -1 when none offends.
 * Nothing is changed, so that an error quotes the packet as it came.
 */
export function offendingByte(
  walk: OptionWalk,
  view: DataView,
  begin: number,
  length: number,
): number {
  let routes = 0;
  let records = 0;
  let stamps = 0;
  walk.start(view, begin, length);
  while (walk.next()) {
    const { at, type } = walk;
    if (type === OPT_EOL) break;
    if (type === OPT_NOP) continue;
    let wrong = -1;
    if (isSourceRoute(type)) wrong = routes++ > 0 ? at : routeFault(view, at, walk.length);
    else if (type === OPT_RR) wrong = records++ > 0 ? at : slotFault(view, at, walk.length);
    else if (type === OPT_TS) wrong = stamps++ > 0 ? at : stampFault(view, at, walk.length);
    if (wrong >= 0) return wrong;
  }
  if (walk.fault === null) return -1;
  return walk.fault === "no-length" ? walk.faultAt : walk.faultAt + 1;
}

/** Pointer below 4, or inside the option with less than an address left; a missing pointer byte. */
function slotFault(view: DataView, at: number, length: number): number {
  if (length < 3) return at + 1;
  const pointer = view.getUint8(at + 2);
  if (pointer < 4) return at + 2;
  return pointer <= length && pointer + 3 > length ? at + 2 : -1;
}

function routeFault(view: DataView, at: number, length: number): number {
  const wrong = slotFault(view, at, length);
  if (wrong >= 0) return wrong;
  const pointer = view.getUint8(at + 2);
  if (pointer <= length && pointer % 4 !== 0) return at + 2;
  return (length - 3) % 4 !== 0 ? at + 1 : -1;
}

function stampFault(view: DataView, at: number, length: number): number {
  if (length < 4) return at + 1;
  const pointer = view.getUint8(at + 2);
  if (pointer < 5) return at + 2;
  const flags = view.getUint8(at + 3);
  if (pointer > length) return flags >>> 4 === 15 && (flags & 15) !== 3 ? at + 3 : -1;
  const slot = (flags & 15) === 0 ? 4 : 8;
  return pointer + slot - 1 > length ? at + 2 : -1;
}
