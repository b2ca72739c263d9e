/**
 * `ip_dooptions`: what the options of a received packet ask of this host (RFC 1812 section 5.2.4).
 *
 * First everything is judged, then bytes are changed: an ICMP error quotes the packet as it came.
 */
import { OPT_EOL, OPT_RR, OPT_SSRR, OPT_TS } from "../../ipopts/option.ts";
import { recordAddress, recordTime } from "../../ipopts/record.ts";
import {
  advanceRoute,
  collapseOwnHops,
  findSourceRoute,
  isCompleted,
  routeHop,
  routeHops,
  visitedHops,
} from "../../ipopts/source-route.ts";
import { MILLISECOND } from "../clock.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import * as ipv4 from "../wire/ipv4.ts";
import { isLoopback } from "./addresses.ts";
import { ipForward, isForwardable } from "./ip-forward.ts";
import { offendingByte } from "./option-rules.ts";
import { isAdjacent } from "./routes.ts";

/**
 * Deals with the options of the packet at `m.ipAt`, whose header has `header` bytes. True when the
 * packet goes on through `ipInput` (its destination may be another of our addresses now); false when
 * it ended here or went on to the next hop of its route.
 */
export function ipOptions(stack: Stack, m: Mbuf, header: number): boolean {
  const { view, ipAt } = m;
  const { walk } = stack.scratch;
  const begin = ipAt + 20;
  // 1. Every option's form, before any is obeyed.
  const wrong = offendingByte(walk, view, begin, header - 20);
  if (wrong >= 0) {
    stack.icmp.error(m, 12, 0, wrong - ipAt, "badOptions");
    return false;
  }
  // 2. The source route: ours to obey?
  const routeAt = findSourceRoute(walk, view, begin, header - 20);
  const onward = routeAt < 0 ? STAYS : judgeRoute(stack, m, routeAt);
  if (onward === REFUSED) return false;
  // 3. Own hops in one pass, then the next host's turn.
  if (routeAt >= 0) passHops(stack, m, routeAt, onward);
  // 4. What asks to be written down, knowing where the packet goes.
  record(stack, m, begin, header - 20);
  resum(m, header);
  if (onward === STAYS) return true;
  ipForward(stack, m, true);
  return false;
}

/** No other host is next: the packet ends here, or its route is not this host's business. */
const STAYS = -1;
/** The packet has been refused, and freed. */
const REFUSED = -2;

/** The host that the route at `routeAt` leads to next, `STAYS` or `REFUSED`. */
function judgeRoute(stack: Stack, m: Mbuf, routeAt: number): number {
  const { view, ipAt } = m;
  const { config, addresses, icmp } = stack;
  const strict = view.getUint8(routeAt) === OPT_SSRR;
  if (!addresses.isOwn(ipv4.destination(view, ipAt))) {
    if (!strict) return STAYS;
    // A strict route names each hop; that it came here says it was not followed.
    icmp.error(m, 12, 0, 16, "sourceRouteRefused");
    return REFUSED;
  }
  const next = firstForeignHop(stack, view, routeAt);
  if (next === STAYS) {
    if (config.acceptSourceRoute || routeHops(view, routeAt) === 0) return STAYS;
    stack.drop(m, "sourceRouteRefused");
    return REFUSED;
  }
  const mayForward = config.forwarding || m.rcvif?.loopback === true;
  if (!mayForward || !config.forwardSourceRoute) {
    icmp.error(m, 3, 5, 0, "sourceRouteRefused");
    return REFUSED;
  }
  if (!isForwardable(next) || addresses.isBroadcast(next)) {
    stack.drop(m, "cannotForward");
    return REFUSED;
  }
  const own = addresses.isOwn(next);
  if (!own && (strict ? !isAdjacent(stack.routes, next) : !stack.routes.lookup(next))) {
    icmp.error(m, 3, 5, 0, "noRoute");
    return REFUSED;
  }
  if (ipv4.ttl(view, ipAt) <= 1) {
    icmp.error(m, 11, 0, 0, "ttlExceeded");
    return REFUSED;
  }
  return next;
}

/** The first hop to come that is another host, `STAYS` when there is none; in two passes just the next. */
function firstForeignHop(stack: Stack, view: DataView, routeAt: number): number {
  if (isCompleted(view, routeAt)) return STAYS;
  const hops = routeHops(view, routeAt);
  for (let i = visitedHops(view, routeAt); i < hops; i++) {
    const hop = routeHop(view, routeAt, i);
    if (stack.config.twoPass || !stack.addresses.isOwn(hop) || isLoopback(hop)) return hop;
  }
  return STAYS;
}

/**
 * Moves the packet past the hops that are this host, and on to `onward` unless that is `STAYS`. The slot
 * of the hop that leaves takes the address of the interface it leaves by (RFC 1812 section
 * 4.2.2.2); going to ourselves in two passes, the address gone to, as the BSDs do.
 */
function passHops(stack: Stack, m: Mbuf, routeAt: number, onward: number): void {
  const { view, ipAt } = m;
  const { addresses, config } = stack;
  if (!config.twoPass) {
    const standIn = addresses.pick(m.rcvif, config.pinAddress);
    const passed = collapseOwnHops(view, ipAt, routeAt, addresses, standIn);
    if (typeof passed === "number") stack.stats.collapsed += passed;
  }
  if (onward === STAYS) return;
  const out = stack.routes.lookup(onward)?.hops[0].interface ?? null;
  const recorded = addresses.isOwn(onward) ? onward : addresses.pick(out, config.pinAddress);
  advanceRoute(view, ipAt, routeAt, recorded);
}

/** Fills record-route and timestamp slots, in the order of the options. */
function record(stack: Stack, m: Mbuf, begin: number, length: number): void {
  const { walk } = stack.scratch;
  const { view } = m;
  const { clock, config, addresses } = stack;
  walk.start(view, begin, length);
  while (walk.next()) {
    if (walk.type === OPT_EOL) return;
    if (walk.type !== OPT_RR && walk.type !== OPT_TS) continue;
    const own = ownAddressTowards(stack, ipv4.destination(view, m.ipAt));
    if (walk.type === OPT_RR) recordAddress(view, walk.at, own);
    else {
      const time = Math.floor((clock.now() + config.utcOffset) / MILLISECOND) % 86_400_000;
      recordTime(view, walk.at, own, time, (address) => addresses.isOwn(address));
    }
  }
}

/** Where the packet ends, that address; on the way, the one of the interface it leaves by. */
function ownAddressTowards(stack: Stack, destination: number): number {
  if (stack.addresses.isOwn(destination)) return destination;
  const out = stack.routes.lookup(destination)?.hops[0].interface ?? null;
  return stack.addresses.pick(out, stack.config.pinAddress);
}

/** Writes the header checksum anew. */
function resum(m: Mbuf, header: number): void {
  const { view, ipAt } = m;
  view.setUint16(ipAt + 10, 0);
  let sum = 0;
  for (let at = ipAt; at < ipAt + header; at += 2) sum += view.getUint16(at);
  sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(ipAt + 10, ~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
}
