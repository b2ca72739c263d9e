/**
 * `ipintr`: a packet from the wire becomes a transport's segment, or goes on to someone else.
 *
 * The steps are 4.4BSD's (Stevens volume 2 chapter 8), with the receive-path half of the patch last:
 * after options, reassembly and the decision that the packet is ours.
 */
import { M_BROADCAST, type Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import type { DropReason } from "../stats.ts";
import { ICMP_UNREACHABLE, ICMP_UNREACHABLE_PROTOCOL } from "../wire/icmp.ts";
import * as ipv4 from "../wire/ipv4.ts";
import { isLoopback } from "./addresses.ts";
import { sourceRouteAt } from "./header-scratch.ts";
import { ipForward } from "./ip-forward.ts";
import { pinReceive } from "./pin-receive.ts";

/** Takes the IPv4 packet at `m.off`, in by `m.rcvif`, and owns it. */
export function ipInput(stack: Stack, m: Mbuf): void {
  stack.stats.ipReceived++;
  // 1. A whole, undamaged header, and the length it claims. 2. Link padding goes.
  const wrong = verify(m) ?? checkSource(m);
  if (wrong) {
    stack.drop(m, wrong);
    return;
  }
  const { view, off: at } = m;
  m.ipAt = at;
  m.family = 4;

  // 3. Options. What is source-routed through us to another host has left from there.
  const header = ipv4.headerLength(view, at);
  if (header > 20 && !stack.options.input(m, header)) return;

  // 4. Ours? Else forward.
  if (!isOurs(stack, m)) {
    ipForward(stack, m, false);
    return;
  }

  // 5. The whole datagram, from fragments.
  let whole: Mbuf | null = m;
  if ((ipv4.fragmentWord(view, at) & (ipv4.IP_MF | ipv4.IP_OFFSET_MASK)) !== 0) {
    whole = stack.reassembly.add(m);
    if (!whole) return;
  }
  deliver(stack, whole);
}

/** 6. The receive-path pin; 7. the protocol. */
function deliver(stack: Stack, m: Mbuf): void {
  const { view, ipAt: at } = m;
  const number = ipv4.protocol(view, at);
  const protocol = stack.protosw[number];
  if (!protocol) {
    stack.icmp.error(m, ICMP_UNREACHABLE, ICMP_UNREACHABLE_PROTOCOL, 0, "noProtocol");
    return;
  }
  const header = ipv4.headerLength(view, at);
  saveRoute(stack, m, header, number);
  m.protocol = number;
  m.sourceAt = at + 12;
  m.destinationAt = at + 16;
  m.trimFront(header);
  stack.stats.delivered++;
  protocol.input(stack, m);
}

/**
 * Keeps the packet's source route for its protocol, and lets the patch see it where the packet came
 * to an anycast address.
 */
function saveRoute(stack: Stack, m: Mbuf, header: number, protocol: number): void {
  const { view, ipAt: at } = m;
  const saved = stack.savedRoute;
  saved.forget();
  if (header > 20) {
    const { walk } = stack.scratch;
    const { profile } = stack.config;
    const routeAt = sourceRouteAt(walk, view, at + 20, header - 20);
    if (routeAt >= 0) saved.saveAs(profile, view, routeAt, ipv4.source(view, at));
    if (profile === "linux") saved.keepOthers(walk, view, at + 20, header - 20);
  }
  if (stack.config.pinRx && m.local?.anycast && stack.pins[protocol]) {
    pinReceive(stack, m, ipv4.source(view, at));
  }
}

/** The checks that RFC 1812 section 5.2.2 wants silent; trims link padding. */
function verify(m: Mbuf): DropReason | null {
  const { view, off, len } = m;
  if (len < 20) return "tooShort";
  const first = view.getUint8(off);
  if (first >>> 4 !== 4) return "badVersion";
  const header = (first & 15) << 2;
  if (header < 20 || header > len) return "badHeaderLength";
  let sum = 0;
  for (let at = off; at < off + header; at += 4) {
    const words = view.getInt32(at);
    sum += (words >>> 16) + (words & 0xffff);
  }
  sum = (sum & 0xffff) + (sum >>> 16);
  if ((sum & 0xffff) + (sum >>> 16) !== 0xffff) return "badHeaderChecksum";
  const total = view.getUint16(off + 2);
  if (total < header || total > len) return "badLength";
  m.len = total;
  return null;
}

/** Sources that no host has (RFC 1122 section 3.2.1.3): multicast, class E, loopback from outside. */
function checkSource(m: Mbuf): DropReason | null {
  const source = ipv4.source(m.view, m.off);
  if (source >= 0xe0000000) return "badSource";
  if (isLoopback(source) && !m.rcvif?.loopback) return "badSource";
  return null;
}

/**
 * Whether the packet ends here. The strong host model takes an address only by the interface that
 * has it (RFC 1122 section 3.3.4.2), the weak one by any.
 */
function isOurs(stack: Stack, m: Mbuf): boolean {
  const destination = ipv4.destination(m.view, m.ipAt);
  const own = stack.addresses.find(destination);
  m.local = own ?? null;
  if (own) {
    if (stack.config.hostModel === "weak" || m.rcvif?.loopback) return true;
    return own.interface === m.rcvif || own.interface.loopback;
  }
  if (isLoopback(destination)) return m.rcvif?.loopback === true;
  if (!stack.addresses.isBroadcast(destination) && destination >>> 28 !== 14) return false;
  m.flags |= M_BROADCAST;
  return true;
}
