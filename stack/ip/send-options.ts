/**
 * What a protocol control block lends each packet it sends: IP options, and the values of socket
 * options that concern IP (BSD's inp_options, inp_ip, inp_route).
 */
import type { In6Addr } from "../ip6/in6-addr.ts";
import type { NextHop } from "../route-table.ts";

/** IP options in the form of BSD's `ip_srcroute` and IP_OPTIONS: the first hop apart. */
export interface SendOptions {
  /** Where the packet goes first, 0 for no source route. */
  readonly firstHop: number;
  /** Option bytes as they go into the header, padded to four: 0 to 40 of them. */
  readonly bytes: Uint8Array;
}

/** IPv6 extension headers that a control block puts in front of each segment. */
export interface Extension6 {
  /** Where the packet goes first (a routing header's first hop), null for the destination. */
  readonly firstHop: In6Addr | null;
  /** The source in the fixed header where a home address option carries the real one, else null. */
  readonly source: In6Addr | null;
  /** Next-header number of the first of them. */
  readonly first: number;
  /** The headers, a multiple of eight bytes. */
  readonly bytes: Uint8Array;
  /** Offset in `bytes` of the last one's next-header byte, which the protocol goes into. */
  readonly nextAt: number;
}

/**
 * One per control block, made with it; plain data except for the cached route. A value that is
 * left alone says: stack's default.
 */
export interface SendState {
  options: SendOptions | null;
  extension: Extension6 | null;
  /** TTL or hop limit; 0 takes the stack's default. */
  ttl: number;
  /** Type of service or traffic class. */
  tos: number;
  dontFragment: boolean;
  /** May send to broadcast addresses (SO_BROADCAST). */
  broadcast: boolean;
  /** The unicast address that the sticky pin chose at its first packet, 0 before. */
  sticky: number;
  /** Next hop found for `routeTo` at the routing table's `routeGeneration`. */
  routeTo: number;
  routeGeneration: number;
  nextHop: NextHop | null;
  /** What `ipOutput` pins with, for packets from `pinSource` along `nextHop`; 0: not pinned. */
  pinSource: number;
  pin: number;
}

/** A fresh one. */
export function makeSendState(): SendState {
  return {
    options: null,
    extension: null,
    ttl: 0,
    tos: 0,
    dontFragment: false,
    broadcast: false,
    sticky: 0,
    routeTo: 0,
    routeGeneration: -1,
    nextHop: null,
    pinSource: 0,
    pin: 0,
  };
}
