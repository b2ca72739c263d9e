/**
 * ICMP redirects as a host takes them (RFC 1122 section 3.2.2.2): a host route through another
 * router on the same network, told by the router in use now. Routers ignore them.
 */
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import * as ipv4 from "../wire/ipv4.ts";
import { isAdjacent } from "./routes.ts";

/** Routes learned from redirects at most: what a neighbour may make this host remember. */
const CAPACITY = 256;

/** Takes the redirect at `m.off`; false when it is not to be believed. */
export function acceptRedirect(stack: Stack, m: Mbuf): boolean {
  const { view, off, ipAt, rcvif } = m;
  const quotedAt = off + 8;
  if (stack.config.forwarding || !rcvif || m.len < 28 || ipv4.version(view, quotedAt) !== 4) {
    return false;
  }
  const gateway = view.getUint32(off + 4);
  const destination = ipv4.destination(view, quotedAt);
  const route = stack.routes.lookup(destination);
  const teller = ipv4.source(view, ipAt);
  if (!route?.hops.some((hop) => hop.gateway === teller)) return false;
  if (!isAdjacent(stack.routes, gateway, rcvif) || stack.addresses.isOwn(gateway)) return false;
  if (!stack.addresses.isOwn(ipv4.source(view, quotedAt))) return false;
  if (route.prefixLength === 32 && route.hops.length === 1) stack.routes.remove(destination, 32);
  else if (stack.redirects >= CAPACITY) return false;
  else stack.redirects++;
  stack.routes.add(destination, 32, { interface: rcvif, gateway });
  return true;
}
