/** `ip6_forward`: a packet for someone else goes on; IPv6 routers never cut one up (RFC 8200). */
import { M_BROADCAST, M_LINK_BROADCAST, type Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import { hopLimit, setHopLimit } from "../wire/ipv6.ts";
import { NO_ROUTE, PACKET_TOO_BIG, TIME_EXCEEDED, UNREACHABLE } from "./icmp6.ts";
import { isMulticast6At } from "./in6-addr.ts";
import { chooseHop6, sendTo6 } from "./ip6-output.ts";

/** True for an address that no packet travels with: unspecified, or of one link only. */
function staysOnLink(view: DataView, at: number): boolean {
  const w0 = view.getUint32(at);
  if (w0 >>> 22 === 0x3fa) return true;
  return w0 === 0 && view.getUint32(at + 4) === 0 && view.getUint32(at + 8) === 0;
}

/** Forwards the packet at `m.ipAt` and owns it. */
export function ip6Forward(stack: Stack, m: Mbuf): void {
  const { view, ipAt: at } = m;
  // 1. A host does not; nor does what belongs to one link travel.
  if (!stack.config.forwarding) {
    stack.drop(m, "notOurs");
    return;
  }
  const bound =
    (m.flags & (M_LINK_BROADCAST | M_BROADCAST)) !== 0 ||
    isMulticast6At(view, at + 24) ||
    staysOnLink(view, at + 8) ||
    staysOnLink(view, at + 24);
  if (bound) {
    stack.drop(m, "cannotForward");
    return;
  }
  // 2. Hop limit. 3. Route.
  if (hopLimit(view, at) <= 1) {
    stack.icmp6.error(m, TIME_EXCEEDED, 0, 0, "ttlExceeded");
    return;
  }
  const route = stack.routes6.lookupAt(view, at + 24);
  const hop = stack.addresses6.findAt(view, at + 24)
    ? stack.loopback.onLink
    : route && chooseHop6(stack, route, m);
  if (!hop) {
    stack.icmp6.error(m, UNREACHABLE, NO_ROUTE, 0, "noRoute");
    return;
  }
  // 4. Too long: the sender has to know.
  if (m.len > hop.interface.mtu) {
    stack.icmp6.error(m, PACKET_TOO_BIG, 0, hop.interface.mtu, "packetTooBig");
    return;
  }
  setHopLimit(view, at, hopLimit(view, at) - 1);
  stack.stats.forwarded++;
  sendTo6(stack, m, hop);
}
