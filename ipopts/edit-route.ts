/**
 * Inserting into and taking out of an option area, in place.
 *
 * An area is `length` bytes at `offset`, a multiple of 4, with room for 40. Functions return the
 * area's new length, a multiple of 4 padded with EOL, or a refusal that left every byte alone.
 */
import { padArea } from "./builder.ts";
import { isSourceRoute, MAX_OPTIONS_LENGTH, OPT_EOL, OPT_LSRR, OPT_NOP } from "./option.ts";
import type { Refusal } from "./refusal.ts";
import { findSourceRoute, isSoundRoute, MAX_HOPS, routeHops } from "./source-route.ts";
import type { OptionWalk } from "./walk.ts";

/** Bytes in use before the EOL padding, or -1 when the area is malformed. */
function contentLength(walk: OptionWalk, view: DataView, offset: number, length: number): number {
  walk.start(view, offset, length);
  while (walk.next()) if (walk.type === OPT_EOL) return walk.at - offset;
  return walk.fault === null ? length : -1;
}

/** Moves `count` bytes at `from` by `by` bytes, overlapping or not. */
function move(view: DataView, from: number, count: number, by: number): void {
  if (by > 0) {
    for (let i = count - 1; i >= 0; i--) view.setUint8(from + by + i, view.getUint8(from + i));
  } else {
    for (let i = 0; i < count; i++) view.setUint8(from + by + i, view.getUint8(from + i));
  }
}

/**
 * Inserts `address` into the source route as a visited hop just before the pointer: length and
 * pointer grow by 4. `no-route` when there is none; see `appendRoute`.
 */
export function insertVisitedHop(
  walk: OptionWalk,
  view: DataView,
  offset: number,
  length: number,
  address: number,
): number | Refusal {
  const used = contentLength(walk, view, offset, length);
  if (used < 0) return "malformed";
  const routeAt = findSourceRoute(walk, view, offset, length);
  if (routeAt < 0) return "no-route";
  if (!isSoundRoute(view, routeAt)) return "malformed";
  if (routeHops(view, routeAt) >= MAX_HOPS) return "route-full";
  if (used + 4 > MAX_OPTIONS_LENGTH) return "no-space";
  const optionLength = view.getUint8(routeAt + 1);
  const pointer = Math.min(view.getUint8(routeAt + 2), optionLength + 1);
  const slot = routeAt + pointer - 1;
  move(view, slot, offset + used - slot, 4);
  view.setUint32(slot, address);
  view.setUint8(routeAt + 1, optionLength + 4);
  view.setUint8(routeAt + 2, pointer + 4);
  return padArea(view, offset, used + 4);
}

/**
 * Appends a completed loose source route of one hop, `{address>>}`, behind the options that are
 * there, NOP first so that its slot is aligned (`01 83 07 08 …` in an empty area).
 */
export function appendVisitedRoute(
  walk: OptionWalk,
  view: DataView,
  offset: number,
  length: number,
  address: number,
): number | Refusal {
  const used = contentLength(walk, view, offset, length);
  if (used < 0) return "malformed";
  const routeAt = used + ((1 - used) & 3);
  if (routeAt + 7 > MAX_OPTIONS_LENGTH) return "no-space";
  for (let i = used; i < routeAt; i++) view.setUint8(offset + i, OPT_NOP);
  view.setUint8(offset + routeAt, OPT_LSRR);
  view.setUint8(offset + routeAt + 1, 7);
  view.setUint8(offset + routeAt + 2, 8);
  view.setUint32(offset + routeAt + 3, address);
  return padArea(view, offset, routeAt + 7);
}

/** Takes the source route out, with the NOPs that aligned it; what follows moves up. */
export function stripSourceRoute(
  walk: OptionWalk,
  view: DataView,
  offset: number,
  length: number,
): number | Refusal {
  const used = contentLength(walk, view, offset, length);
  if (used < 0) return "malformed";
  walk.start(view, offset, length);
  let nops = 0;
  while (walk.next()) {
    if (walk.type === OPT_NOP) {
      nops++;
      continue;
    }
    if (isSourceRoute(walk.type)) {
      const behind = walk.at + walk.length;
      const gone = walk.length + nops;
      move(view, behind, offset + used - behind, -gone);
      return padArea(view, offset, used - gone);
    }
    nops = 0;
  }
  return "no-route";
}
