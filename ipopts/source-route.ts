/**
 * What a host on the way does with a source route, on the bytes in place (RFC 791 section 3.1,
 * RFC 1812 section 5.2.4). Nothing here allocates.
 *
 * `routeAt` is where the LSRR or SSRR option begins in the view, as `OptionWalk` or
 * `findSourceRoute` gave it; `headerAt` is where the IPv4 header begins. The IP header checksum is
 * left to the caller, who writes it once after everything else.
 */
import { isSourceRoute } from "./option.ts";
import type { Refusal } from "./refusal.ts";
import type { OptionWalk } from "./walk.ts";

/** Where the destination address stands in an IPv4 header (RFC 791 section 3.1). */
const DESTINATION = 16;
/** Type, length and pointer stand before the first slot. */
const SLOTS = 3;

/** Nine addresses are all that 40 option bytes hold. */
export const MAX_HOPS = 9;

/** What an operation must know of the host it runs on. */
export interface OwnAddresses {
  /** Whether the address is one of this host's, shared (anycast) ones included. */
  isOwn(address: number): boolean;
  /** Whether it is own and not shared with other hosts. */
  isOwnUnicast(address: number): boolean;
}

/**
 * Where the first source route begins among `length` option bytes at `offset`, or -1 when there is
 * none before the end, an EOL, or a byte that delimits no option. `walk` is scratch.
 */
export function findSourceRoute(
  walk: OptionWalk,
  view: DataView,
  offset: number,
  length: number,
): number {
  walk.start(view, offset, length);
  while (walk.next()) if (isSourceRoute(walk.type)) return walk.at;
  return -1;
}

/** The pointer byte: 1-based from the type byte. */
const routePointer = (view: DataView, routeAt: number): number => view.getUint8(routeAt + 2);

/** Whole address slots, visited and to come. */
export const routeHops = (view: DataView, routeAt: number): number =>
  (view.getUint8(routeAt + 1) - SLOTS) >> 2;

/** The address in slot `index`, counted from 0. */
export const routeHop = (view: DataView, routeAt: number, index: number): number =>
  view.getUint32(routeAt + SLOTS + 4 * index);

/** How many hops have been visited: the slots before the pointer, all of them when it is past. */
export function visitedHops(view: DataView, routeAt: number): number {
  const hops = routeHops(view, routeAt);
  return Math.min(hops, (routePointer(view, routeAt) - 4) >> 2);
}

/**
 * Whether the option can be acted on: length 3 + 4n, pointer at least 4 and on a slot while it is
 * inside. A pointer past the end, however far, is a completed route.
 */
export function isSoundRoute(view: DataView, routeAt: number): boolean {
  const length = view.getUint8(routeAt + 1);
  if (length < SLOTS || (length - SLOTS) % 4 !== 0) return false;
  const pointer = view.getUint8(routeAt + 2);
  return pointer >= 4 && (pointer > length || pointer % 4 === 0);
}

/** Whether every hop has been visited. A route without slots is complete. */
export const isCompleted = (view: DataView, routeAt: number): boolean =>
  view.getUint8(routeAt + 2) > view.getUint8(routeAt + 1);

/** The address at the pointer, where the packet goes next. */
export function nextHop(view: DataView, routeAt: number): number | Refusal {
  if (!isSoundRoute(view, routeAt)) return "malformed";
  if (isCompleted(view, routeAt)) return "route-complete";
  return view.getUint32(routeAt + routePointer(view, routeAt) - 1);
}

/**
 * The final destination of a packet: the last address of a route that is not completed, else the
 * IP destination. This is the one of the transport pseudo-header (RFC 9293 section 3.9.2.1).
 * `routeAt` is -1 for a packet without a source route.
 */
export function finalDestination(view: DataView, headerAt: number, routeAt: number): number {
  const destination = view.getUint32(headerAt + DESTINATION);
  if (routeAt < 0 || !isSoundRoute(view, routeAt) || isCompleted(view, routeAt)) return destination;
  return routeHop(view, routeAt, routeHops(view, routeAt) - 1);
}

/** Writes `recorded` into the slot at the pointer, where the next hop stood until now. */
export function recordHop(view: DataView, routeAt: number, recorded: number): Refusal | null {
  if (!isSoundRoute(view, routeAt)) return "malformed";
  if (isCompleted(view, routeAt)) return "route-complete";
  view.setUint32(routeAt + routePointer(view, routeAt) - 1, recorded);
  return null;
}

/**
 * One hop: the next address becomes the IP destination, its slot takes `recorded` (this host's
 * address on the way out, RFC 1812 section 4.2.2.2), the pointer moves on by 4.
 */
export function advanceRoute(
  view: DataView,
  headerAt: number,
  routeAt: number,
  recorded: number,
): Refusal | null {
  const next = nextHop(view, routeAt);
  if (typeof next !== "number") return next;
  const pointer = routePointer(view, routeAt);
  view.setUint32(routeAt + pointer - 1, recorded);
  view.setUint8(routeAt + 2, pointer + 4);
  view.setUint32(headerAt + DESTINATION, next);
  return null;
}

/**
 * Self-collapse (RFC 1812 section 5.2.3): while the destination and the next address are both own,
 * advance without leaving the host, TTL untouched. The address being left is recorded; `standIn`
 * takes its place when that one is shared, so that nobody is routed *through* a shared address.
 * Returns how many hops were collapsed, or why not even one was.
 */
export function collapseOwnHops(
  view: DataView,
  headerAt: number,
  routeAt: number,
  own: OwnAddresses,
  standIn: number,
): number | Refusal {
  let collapsed = 0;
  for (;;) {
    const leaving = view.getUint32(headerAt + DESTINATION);
    if (!own.isOwn(leaving)) return collapsed || "not-ours";
    const next = nextHop(view, routeAt);
    if (typeof next !== "number") return collapsed || next;
    if (!own.isOwn(next)) return collapsed || "next-not-ours";
    advanceRoute(view, headerAt, routeAt, own.isOwnUnicast(leaving) ? leaving : standIn);
    collapsed++;
  }
}

/**
 * Whether every hop still to come is an own address, so that the packet ends here although its
 * route says otherwise. True for a completed route.
 */
export function remainingHopsOwn(view: DataView, routeAt: number, own: OwnAddresses): boolean {
  const hops = routeHops(view, routeAt);
  for (let i = visitedHops(view, routeAt); i < hops; i++) {
    if (!own.isOwn(routeHop(view, routeAt, i))) return false;
  }
  return true;
}
