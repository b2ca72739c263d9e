/**
 * `ip6_input`: a packet from the wire becomes a transport's segment, or goes on to someone else
 * (RFC 8200). The common packet has no extension header and costs a look-up of its destination.
 */
import { M_BROADCAST, type Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import type { DropReason } from "../stats.ts";
import { IPPROTO_FRAGMENT, IPPROTO_HOPOPTS, isLengthPrefixedExtension } from "../wire/ipv6.ts";
import { extensionHeaders } from "./extension-input.ts";
import { PARAMETER_PROBLEM, UNKNOWN_NEXT_HEADER } from "./icmp6.ts";
import { isMulticast6At } from "./in6-addr.ts";
import { ip6Forward } from "./ip6-forward.ts";

/** Takes the IPv6 packet at `m.off`, in by `m.rcvif`, and owns it. */
export function ip6Input(stack: Stack, m: Mbuf): void {
  stack.stats.ipReceived++;
  // 1. A whole header, the length it claims, a source that may be one.
  const wrong = verify(stack, m);
  if (wrong) {
    stack.drop(m, wrong);
    return;
  }
  const { view, off: at } = m;
  m.ipAt = at;
  m.family = 6;
  m.sourceAt = at + 8;
  m.destinationAt = at + 24;
  m.protocol = view.getUint8(at + 6);
  ip6Continue(stack, m);
}

/**
 * Steps 2 to 4, for a packet whose fixed header stands at `m.ipAt`; again for one that has been put
 * together from fragments. Owns `m`, whose `off` is still the fixed header.
 */
export function ip6Continue(stack: Stack, m: Mbuf): void {
  const { view, ipAt: at } = m;
  const next = view.getUint8(at + 6);
  // 2. Ours? Else forward, unless every node on the way is to look at its options.
  const ours = isOurs6(stack, m);
  if (!ours && next !== IPPROTO_HOPOPTS) {
    ip6Forward(stack, m);
    return;
  }
  // 3. Extension headers, in their order.
  m.protocol = next;
  let from = 40;
  if (isLengthPrefixedExtension(next) || next === IPPROTO_FRAGMENT) {
    from = extensionHeaders(stack, m);
    if (from < 0) return;
  }
  // 4. To the protocol.
  deliver6(stack, m, from);
}

function deliver6(stack: Stack, m: Mbuf, from: number): void {
  const protocol = stack.protosw[m.protocol];
  if (!protocol) {
    const pointer = stack.lastNextHeaderAt - m.ipAt;
    stack.icmp6.error(m, PARAMETER_PROBLEM, UNKNOWN_NEXT_HEADER, pointer, "noProtocol");
    return;
  }
  m.trimFront(from);
  stack.savedRoute.clear();
  stack.stats.delivered++;
  protocol.input(stack, m);
}

/** True when the packet ends here; multicast that every node listens to is marked. */
export function isOurs6(stack: Stack, m: Mbuf): boolean {
  const { view, ipAt } = m;
  stack.lastNextHeaderAt = ipAt + 6;
  const own = stack.addresses6.findAt(view, ipAt + 24);
  if (own) {
    if (stack.config.hostModel === "weak" || m.rcvif?.loopback) return true;
    return own.interface === m.rcvif || own.interface.loopback;
  }
  // ff02::1, all nodes (RFC 4291 section 2.7.1).
  if (view.getUint32(ipAt + 24) !== 0xff020000 || view.getUint32(ipAt + 36) !== 1) return false;
  m.flags |= M_BROADCAST;
  return true;
}

function verify(stack: Stack, m: Mbuf): DropReason | null {
  const { view, off, len } = m;
  if (stack.config.profile === "bsd44") return "badVersion";
  if (len < 40) return "tooShort";
  if (view.getUint8(off) >>> 4 !== 6) return "badVersion";
  const payload = view.getUint16(off + 4);
  if (payload + 40 > len) return "badLength";
  m.len = payload + 40;
  if (isMulticast6At(view, off + 8)) return "badSource";
  const loopback = view.getUint32(off + 8) === 0 && view.getUint32(off + 20) === 1;
  const isLoopback = loopback && view.getUint32(off + 12) === 0 && view.getUint32(off + 16) === 0;
  return isLoopback && !m.rcvif?.loopback ? "badSource" : null;
}
