/**
 * `ip_forward`: a packet for someone else goes on (RFC 1812 section 5.2.1, Stevens volume 2 chapter
 * 8). Options have been dealt with; a next hop of a source route is the destination already.
 */
import { findSourceRoute } from "../../ipopts/source-route.ts";
import { isBsd } from "../config.ts";
import { M_BROADCAST, M_LINK_BROADCAST, type Mbuf } from "../mbuf.ts";
import type { NextHop } from "../route-table.ts";
import type { Stack } from "../stack.ts";
import { updateChecksum } from "../wire/checksum.ts";
import * as icmp from "../wire/icmp.ts";
import * as ipv4 from "../wire/ipv4.ts";
import { INADDR_BROADCAST, isClassE, isLoopback, isMulticast, maskOf } from "./addresses.ts";
import { fragment } from "./fragment.ts";
import { chooseHop, sendTo } from "./ip-send.ts";

/**
 * Forwards the packet at `m.ipAt` and owns it. `sourceRouted`: its destination is the next hop of a
 * source route, and options have been asked whether this host may pass it on.
 */
export function ipForward(stack: Stack, m: Mbuf, sourceRouted: boolean): void {
  const { view, ipAt: at } = m;
  const destination = ipv4.destination(view, at);
  // 1. A host does not; nobody forwards what was broadcast, or what has no place to go.
  if (!stack.config.forwarding && !sourceRouted) {
    stack.drop(m, stack.addresses.isOwn(destination) ? "wrongInterface" : "notOurs");
    return;
  }
  if ((m.flags & (M_LINK_BROADCAST | M_BROADCAST)) !== 0 || !canForward(stack, m, destination)) {
    stack.drop(m, "cannotForward");
    return;
  }
  // 2. Time to live.
  if (ipv4.ttl(view, at) <= 1) {
    stack.icmp.error(m, icmp.ICMP_TIME_EXCEEDED, icmp.ICMP_TIME_EXCEEDED_TRANSIT, 0, "ttlExceeded");
    return;
  }
  // 3. Route.
  const hop = forwardHop(stack, m, destination);
  if (!hop) {
    // RFC 1812 section 5.2.7.1, and Linux: the network; the BSDs: the host.
    const bsd = isBsd(stack.config.profile);
    const code = bsd ? icmp.ICMP_UNREACHABLE_HOST : icmp.ICMP_UNREACHABLE_NET;
    stack.icmp.error(m, icmp.ICMP_UNREACHABLE, code, 0, "noRoute");
    return;
  }
  // 4. Too long and not to be cut: tell the sender how long it may be.
  const { mtu } = hop.interface;
  if (m.len > mtu && (ipv4.fragmentWord(view, at) & ipv4.IP_DF) !== 0) {
    const code = icmp.ICMP_UNREACHABLE_NEEDFRAG;
    stack.icmp.error(m, icmp.ICMP_UNREACHABLE, code, mtu, "needsFragmentation");
    return;
  }
  // 5. A neighbour of the sender's would have been the better first hop; a source route's is as asked.
  if (stack.config.sendRedirects && hop.interface === m.rcvif) redirect(stack, m, hop);
  // 6. Decrement, and on.
  const word = view.getUint16(at + 8);
  view.setUint16(at + 8, word - 0x100);
  ipv4.setHeaderChecksum(
    view,
    at,
    updateChecksum(ipv4.headerChecksum(view, at), word, word - 0x100),
  );
  if (m.len <= mtu) sendTo(stack, m, hop);
  else if (fragment(stack, m, hop, mtu) !== null) {
    stack.stats.drop("noBuffers");
    return;
  }
  stack.stats.forwarded++;
}

function forwardHop(stack: Stack, m: Mbuf, destination: number): NextHop | null {
  if (stack.addresses.isOwn(destination)) return stack.loopback.onLink;
  const route = stack.routes.lookup(destination);
  return route && chooseHop(stack, route, m);
}

/** BSD's `in_canforward`, and the sources that must not travel (RFC 1812 section 5.3.7). */
function canForward(stack: Stack, m: Mbuf, destination: number): boolean {
  const source = ipv4.source(m.view, m.ipAt);
  if (source === 0 || isLoopback(source)) return false;
  return isForwardable(destination) && !stack.addresses.isBroadcast(destination);
}

/** False for 0/8, 127/8, multicast, class E and the limited broadcast. */
export const isForwardable = (destination: number): boolean =>
  destination !== INADDR_BROADCAST &&
  destination >>> 24 !== 0 &&
  !isLoopback(destination) &&
  !isMulticast(destination) &&
  !isClassE(destination);

/**
 * Tells a sender on the network that the packet goes out to again which router to use (RFC 1812
 * section 5.2.7.2): never for source-routed packets.
 */
function redirect(stack: Stack, m: Mbuf, hop: NextHop): void {
  if (hop.interface.loopback) return;
  const header = ipv4.headerLength(m.view, m.ipAt);
  if (findSourceRoute(stack.scratch.walk, m.view, m.ipAt + 20, header - 20) >= 0) return;
  const source = ipv4.source(m.view, m.ipAt);
  const onNetwork = hop.interface.networks.some(
    ({ address, prefixLength }) => (((address as number) ^ source) & maskOf(prefixLength)) === 0,
  );
  if (!onNetwork) return;
  const better = typeof hop.gateway === "number" ? hop.gateway : ipv4.destination(m.view, m.ipAt);
  const { ICMP_REDIRECT, ICMP_REDIRECT_HOST } = icmp;
  if (stack.icmp.sendError(m, ICMP_REDIRECT, ICMP_REDIRECT_HOST, better)) {
    stack.stats.redirectsSent++;
  }
}
