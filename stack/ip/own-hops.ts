/**
 * Hops of an outgoing route that are this host itself ("the ultimate destination is itself",
 * RFC 1812 section 5.2.3). Passing them inside `ipOutput` keeps the recorded address: a second pass
 * through loopback would overwrite it with that of the outgoing interface, and lose what the
 * receive path pinned (specification, finding 2).
 */
import { advanceRoute, nextHop, routeHop, visitedHops } from "../../ipopts/source-route.ts";
import type { Interface } from "../interface.ts";
import type { Stack } from "../stack.ts";

/** Stands in a slot until the outgoing interface is known; no host has this address. */
const UNNAMED = 0;

/**
 * Passes own hops of the route in the stack's header scratch: each slot keeps the address being
 * left, the TTL stays. Returns where the packet goes then.
 */
export function collapseOwnHops(stack: Stack): number {
  const { scratch, addresses, stats } = stack;
  const { routeAt } = scratch;
  while (routeAt >= 0 && addresses.isOwn(scratch.destination)) {
    if (typeof nextHop(scratch.view, routeAt) !== "number") break;
    const left = scratch.destination;
    advanceRoute(scratch.view, 0, routeAt, addresses.isOwnUnicast(left) ? left : UNNAMED);
    stats.collapsed++;
  }
  return scratch.destination;
}

/** Names `out`'s unicast address where an anycast one was left: none may stand in a passed slot. */
export function nameStandIns(stack: Stack, out: Interface): void {
  const { view, routeAt } = stack.scratch;
  if (routeAt < 0) return;
  const passed = visitedHops(view, routeAt);
  for (let i = 0; i < passed; i++) {
    if (routeHop(view, routeAt, i) !== UNNAMED) continue;
    view.setUint32(routeAt + 3 + 4 * i, stack.addresses.pick(out, stack.config.pinAddress));
  }
}
