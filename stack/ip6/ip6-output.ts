/** `ip6_output`: a transport's segment becomes an IPv6 packet on an interface (RFC 8200). */
import type { ErrorCode } from "../errors.ts";
import type { SendState } from "../ip/send-options.ts";
import type { Mbuf } from "../mbuf.ts";
import type { NextHop, Route } from "../route-table.ts";
import type { Stack } from "../stack.ts";
import type { DropReason } from "../stats.ts";
import { setVersionClassFlow } from "../wire/ipv6.ts";
import { fragment6 } from "./fragment6.ts";
import { In6Addr, isMulticast6At } from "./in6-addr.ts";

/** The next hop for the packet at `m.ipAt` along `route`, null when its chooser refuses. */
export function chooseHop6(stack: Stack, route: Route, m: Mbuf): NextHop | null {
  const usable = route.hops.filter((hop) => hop.interface.up);
  if (usable.length < 2) return usable[0] ?? null;
  return usable[(route.chooser ?? stack.flowHash).choose(stack, usable, m)] ?? null;
}

/** Hands the finished packet to the interface of `hop`, its neighbour named. */
export function sendTo6(stack: Stack, m: Mbuf, hop: NextHop): void {
  stack.stats.sent++;
  m.nextHop6 = hop.gateway instanceof In6Addr ? hop.gateway : null;
  hop.interface.output(m);
}

/**
 * Sends the transport segment at `m.off`, checksummed over its source and the final destination, and
 * owns `m`. Extension headers of `state` go between: their first hop is where the packet goes.
 * Returns why nothing was sent, null when the packet left.
 */
export function ip6Output(
  stack: Stack,
  m: Mbuf,
  source: In6Addr,
  destination: In6Addr,
  protocol: number,
  state: SendState | null,
): ErrorCode | null {
  stack.stats.localOut++;
  // 1. Extension headers.
  let next = protocol;
  const extension = state?.extension ?? null;
  const length = extension?.bytes.length ?? 0;
  if (extension) {
    if (!m.prepend(length)) return refuse(stack, m, "tooLong", "EMSGSIZE");
    m.bytes.set(extension.bytes, m.off);
    m.bytes[m.off + extension.nextAt] = protocol;
    next = extension.first;
  }
  // 2. Header.
  if (m.len > 0xffff || !m.prepend(40)) return refuse(stack, m, "tooLong", "EMSGSIZE");
  const { view, off: at } = m;
  m.ipAt = at;
  m.family = 6;
  setVersionClassFlow(view, at, state?.tos ?? 0, 0);
  view.setUint16(at + 4, m.len - 40);
  view.setUint8(at + 6, next);
  view.setUint8(at + 7, state?.ttl || stack.config.ttl);
  (extension?.source ?? source).write(view, at + 8);
  (extension?.firstHop ?? destination).write(view, at + 24);
  // 3. Route.
  const hop = route(stack, m);
  if (!hop) return refuse(stack, m, "noRoute", "EHOSTUNREACH");
  // 4. Fits: send. Else in pieces, unless told not to.
  const mtu = stack.pathMtu.get(destination, hop.interface.mtu);
  if (m.len <= mtu) {
    sendTo6(stack, m, hop);
    return null;
  }
  if (state?.dontFragment) return refuse(stack, m, "packetTooBig", "EMSGSIZE");
  const failed = fragment6(stack, m, hop, mtu, length);
  if (failed) stack.stats.refuse("noBuffers");
  return failed;
}

function route(stack: Stack, m: Mbuf): NextHop | null {
  const at = m.ipAt + 24;
  if (stack.addresses6.findAt(m.view, at)) return stack.loopback.onLink;
  const found = stack.routes6.lookupAt(m.view, at);
  if (found) return chooseHop6(stack, found, m);
  if (!isMulticast6At(m.view, at)) return null;
  return stack.interfaces.find((each) => !each.loopback && each.up)?.onLink ?? null;
}

function refuse(stack: Stack, m: Mbuf, reason: DropReason, error: ErrorCode): ErrorCode {
  stack.stats.refuse(reason);
  m.free();
  return error;
}
