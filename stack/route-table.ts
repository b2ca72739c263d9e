/** Routes and next hops. See `ip/routes.ts` for the IPv4 table, `ip6/routes6.ts` for IPv6. */
import type { Interface } from "./interface.ts";
import type { Address } from "./ip6/in6-addr.ts";
import type { Mbuf } from "./mbuf.ts";
import type { Stack } from "./stack.ts";

/** One way towards a destination. */
export interface NextHop {
  readonly interface: Interface;
  /** The router to hand packets to; null when destinations are neighbours themselves. */
  readonly gateway: Address | null;
}

/**
 * Chooses among several next hops for one packet: a dispatch policy, or the hash that routers use
 * for equal-cost paths. On a LAN whose hosts share an anycast address, a route to that address with
 * one next hop per host is the paper's ARP enhancement (section 2), its chooser the policy.
 */
export interface NextHopChooser {
  /**
   * Index into `hops` (at least two) for `m`, whose IP header is at `m.ipAt`. `hops` lists what is
   * usable now; -1 refuses the packet (no route). Called once for every packet, forwarded or local.
   */
  choose(stack: Stack, hops: readonly NextHop[], m: Mbuf): number;
}

/** A prefix and its equal-cost next hops. */
export interface Route {
  readonly prefix: Address;
  readonly prefixLength: number;
  readonly hops: NextHop[];
  /** Null: the stack's own chooser (a hash of the flow). */
  chooser: NextHopChooser | null;
}
