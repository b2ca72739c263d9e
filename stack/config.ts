/** The switches of a stack. Every one has a default; see `DEFAULTS`. */

/** Whose option rules IP follows. */
export type KernelProfile = "engel" | "linux" | "bsd44" | "freebsd";

/** What 4.4BSD and FreeBSD have in common, the others do otherwise. */
export const isBsd = (profile: KernelProfile): boolean =>
  profile === "bsd44" || profile === "freebsd";

/**
 * What TCP as a client does with the source route of a SYN-ACK: `engel` reverses it, `stock` (Linux)
 * and the BSDs ignore it, `filtering` never sees it, its packets with source routes being dropped
 * on arrival (accept_source_route=0). Server rules differ too: RFC 1122 section 4.2.3.8 as each reads it.
 */
export type ClientProfile = "engel" | "stock" | "bsd44" | "freebsd" | "filtering";

export interface StackSwitches {
  profile: KernelProfile;
  client: ClientProfile;
  /** Weak: takes own addresses on any interface. Strong: only on the one that has them. */
  hostModel: "weak" | "strong";
  /** Forwards packets for others: a router. */
  forwarding: boolean;
  /** Delivers packets that arrive here at the end of a source route. */
  acceptSourceRoute: boolean;
  /** Passes source-routed packets on to their next hop (needs `forwarding` too). */
  forwardSourceRoute: boolean;
  /** FreeBSD's `process_options`: 0 takes packets as if they had no options, 2 refuses those that have. */
  processOptions: number;
  /** The patch in `ip_output`: every packet from an anycast address carries the route to us. */
  pinTx: boolean;
  /** The patch in `ipintr`: routes saved from packets to an anycast address lead through us. */
  pinRx: boolean;
  /** IP protocol numbers that the patch is for. */
  pinProtocols: readonly number[];
  /** Each control block keeps the unicast address that its first packet was pinned with. */
  stickyPin: boolean;
  /** A hop that is ourselves costs a pass through `ip_output` of its own, as before the patch. */
  twoPass: boolean;
  /** TCP is not told of the option bytes, and its full segments fragment. */
  noMssFix: boolean;
  /** ICMP errors find their connection by the quoted header's destination, whatever its route. */
  stockIcmpDemux: boolean;
  /** IPv4 unicast address to pin with where the interface has none; 0: the lowest own one. */
  pinAddress: number;
  /** TTL and hop limit of packets whose sender names none. */
  ttl: number;
  /** Sends redirects, when forwarding. */
  sendRedirects: boolean;
  /** ICMP errors sent in one second, and in one burst, over all destinations. */
  icmpRate: number;
  icmpBurst: number;
  /** Bytes of the offending packet that an error quotes at most (RFC 1812 section 4.3.2.3: 576 in all). */
  icmpQuote: number;
  /** Answers timestamp requests (nanoseconds since midnight UTC at the clock's origin: `utcOffset`). */
  utcOffset: number;
  /** Reassembly, of each family: seconds, buffers held in all, buffers held for one source. */
  fragmentSeconds: number;
  fragmentLimit: number;
  fragmentLimitPerSource: number;
  /** Answers UDP checksum 0 and computes none on output (IPv4 only). */
  udpNoChecksum: boolean;
  /** IPv6 routing header 0 is obeyed (RFC 1883) or an unknown type (RFC 5095). */
  rfc1883: boolean;
  /** IPv6 segment routing headers are obeyed. */
  segmentRouting: boolean;
}

export const DEFAULTS: StackSwitches = {
  profile: "engel",
  client: "engel",
  hostModel: "weak",
  forwarding: false,
  acceptSourceRoute: true,
  forwardSourceRoute: true,
  processOptions: 1,
  pinTx: false,
  pinRx: false,
  pinProtocols: [6],
  stickyPin: false,
  twoPass: false,
  noMssFix: false,
  stockIcmpDemux: false,
  pinAddress: 0,
  ttl: 64,
  sendRedirects: true,
  icmpRate: 1000,
  icmpBurst: 50,
  icmpQuote: 548,
  utcOffset: 0,
  fragmentSeconds: 30,
  fragmentLimit: 1024,
  fragmentLimitPerSource: 64,
  udpNoChecksum: false,
  rfc1883: false,
  segmentRouting: false,
};
