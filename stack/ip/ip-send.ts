/**
 * The last steps that locally made and forwarded packets share: which next hop, checksum, hand to
 * the interface.
 */
import type { Mbuf } from "../mbuf.ts";
import type { NextHop, Route } from "../route-table.ts";
import type { Stack } from "../stack.ts";
import * as ipv4 from "../wire/ipv4.ts";

/**
 * The next hop for the packet at `m.ipAt` along `route`, or null when its chooser refuses. Next hops
 * whose interface is down are not offered.
 */
export function chooseHop(stack: Stack, route: Route, m: Mbuf): NextHop | null {
  const { hops } = route;
  if (hops.length === 1) return hops[0];
  const usable = allUp(hops) ? hops : hops.filter((hop) => hop.interface.up);
  if (usable.length === 1) return usable[0];
  return usable[(route.chooser ?? stack.flowHash).choose(stack, usable, m)] ?? null;
}

/** A loop: for every packet that has a choice, a call for each hop would be much. */
function allUp(hops: readonly NextHop[]): boolean {
  for (let i = 0; i < hops.length; i++) if (!hops[i].interface.up) return false;
  return true;
}

/** Writes total length and checksum of the header of `header` bytes at `m.ipAt`; the packet is `m`. */
export function sealHeader(m: Mbuf, header: number): void {
  const { view, ipAt } = m;
  view.setUint16(ipAt + 2, m.len);
  view.setUint16(ipAt + 10, 0);
  // Two 16-bit words at a time, of at most 60 bytes: the sum stays far below 2^31.
  let sum = 0;
  for (let at = ipAt; at < ipAt + header; at += 4) {
    const words = view.getInt32(at);
    sum += (words >>> 16) + (words & 0xffff);
  }
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(ipAt + 10, ~sum & 0xffff);
}

/** Hands the finished packet to the interface of `hop`, its neighbour named. */
export function sendTo(stack: Stack, m: Mbuf, hop: NextHop): void {
  stack.stats.sent++;
  m.nextHop = typeof hop.gateway === "number" ? hop.gateway : ipv4.destination(m.view, m.ipAt);
  hop.interface.output(m);
}
