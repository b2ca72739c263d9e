/**
 * The pin: a loose source route that names this host's own unicast address, put into packets that
 * leave from a shared (anycast) address, so that replies come back to this very host (Engel et
 * al. 1998 section 3). It can be put in at two places.
 */
import { appendVisitedRoute, insertVisitedHop } from "./edit-route.ts";
import type { Refusal } from "./refusal.ts";
import type { SavedRoute } from "./saved-route.ts";
import {
  findSourceRoute,
  isSoundRoute,
  type OwnAddresses,
  routeHop,
  visitedHops,
} from "./source-route.ts";
import type { OptionWalk } from "./walk.ts";

/**
 * The transmit path (paper section 3.1; `ip_output`): called for a packet whose source is shared,
 * after own hops have been collapsed and the route is known. The hop just before the pointer of
 * its source route must be an own unicast address; if it is not, `unicast` is inserted there, and
 * without a route `{unicast>>}` is created, NOP first. Returns the area's new length, or why
 * nothing was done: `already-pinned` is the good one, `no-space` and `route-full` mean that the
 * packet goes out unpinned and is counted.
 *
 * The area is `length` bytes at `offset`, with room for 40.
 */
export function pinOnTransmit(
  walk: OptionWalk,
  view: DataView,
  offset: number,
  length: number,
  unicast: number,
  own: OwnAddresses,
): number | Refusal {
  const routeAt = findSourceRoute(walk, view, offset, length);
  if (routeAt < 0) {
    return walk.fault === null
      ? appendVisitedRoute(walk, view, offset, length, unicast)
      : "malformed";
  }
  if (!isSoundRoute(view, routeAt)) return "malformed";
  const visited = visitedHops(view, routeAt);
  if (visited > 0 && own.isOwnUnicast(routeHop(view, routeAt, visited - 1))) {
    return "already-pinned";
  }
  return insertVisitedHop(walk, view, offset, length, unicast);
}

/**
 * The receive path (paper section 3.2; `ipintr`): called for a packet to a shared address after
 * local delivery is decided. `saved` is the route saved from the packet (`save`), or an empty one
 * (`begin`) when it had none. `unicast`, the own address of the interface it came in by, becomes
 * its last hop, unless an own unicast address is that already. Only this side structure changes,
 * never the packet. Returns null when the hop was added, or why it was not.
 */
export function pinOnReceive(
  saved: SavedRoute,
  unicast: number,
  own: OwnAddresses,
): Refusal | null {
  if (saved.count > 0 && own.isOwnUnicast(saved.hops[saved.count - 1])) return "already-pinned";
  return saved.append(unicast);
}
