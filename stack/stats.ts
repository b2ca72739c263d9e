/**
 * One counter for every way a packet can end (BSD's ipstat, icmpstat and udpstat in one).
 *
 * Whatever enters `ipInput` is counted in `ipReceived` and ends as `delivered`, `forwarded`, held by
 * or merged into a reassembly (`fragmentsHeld`, `reassembled`), or dropped for one named reason.
 */

/** Why a packet was thrown away. Never an exception: packets are what others sent. */
export type DropReason =
  // ip input
  | "tooShort"
  | "badVersion"
  | "badHeaderLength"
  | "badHeaderChecksum"
  | "badLength"
  | "badSource"
  | "badOptions"
  | "optionsRefused"
  | "sourceRouteRefused"
  | "notOurs"
  | "wrongInterface"
  | "noProtocol"
  | "interfaceDown"
  // forwarding
  | "cannotForward"
  | "ttlExceeded"
  | "noRoute"
  | "needsFragmentation"
  // reassembly
  | "badFragment"
  | "fragmentOverlap"
  | "fragmentTimeout"
  | "fragmentLimit"
  // ip output
  | "noBuffers"
  | "noSource"
  | "tooLong"
  | "broadcastRefused"
  // icmp
  | "icmpTooShort"
  | "icmpBadChecksum"
  | "icmpBadQuote"
  | "icmpUnknownType"
  | "icmpUnmatched"
  | "icmpIgnored"
  | "icmpRedirectRefused"
  // ip version 6
  | "badExtensionHeader"
  | "routingHeaderRefused"
  | "homeAddressUnknown"
  | "packetTooBig"
  // transport
  | "udpTooShort"
  | "udpBadLength"
  | "udpBadChecksum"
  | "udpNoPort"
  | "udpFullBuffer"
  | "tcpTooShort"
  | "tcpBadOffset"
  | "tcpBadChecksum"
  | "tcpNoPort"
  | "tcpDropped";

/** Counters of one stack; plain numbers, so that they print and compare as they are. */
export class StackStats {
  readonly drops: Partial<Record<DropReason, number>> = {};
  /** Packets of this host's own that `ipOutput` would not send. */
  readonly refusals: Partial<Record<DropReason, number>> = {};
  ipReceived = 0;
  delivered = 0;
  forwarded = 0;
  /** Datagrams that transports handed to `ipOutput`. */
  localOut = 0;
  /** Packets given to interfaces by `ipOutput`, fragments counted one by one. */
  sent = 0;
  fragmentsReceived = 0;
  /** Fragments waiting in reassembly queues now. */
  fragmentsHeld = 0;
  /** Fragments that became part of a datagram beyond the one buffer that carries it on. */
  fragmentsMerged = 0;
  reassembled = 0;
  /** Datagrams cut up, and the pieces made. */
  fragmented = 0;
  fragmentsMade = 0;
  /** Packets that carried the pin put in by the transmit path. */
  pinnedTransmit = 0;
  /** Saved routes that the receive path extended with the pin. */
  pinnedReceive = 0;
  /** Packets or routes without room for the pin: sent or delivered without it. */
  anycastNoSpace = 0;
  /** Times that a hop which is this host itself was passed without leaving it. */
  collapsed = 0;
  redirectsSent = 0;
  icmpSent = 0;
  icmpReceived = 0;
  /** Errors not sent because the rate limit was reached. */
  icmpLimited = 0;
  /** Errors not sent because the packet must not be answered (RFC 1122 section 3.2.2). */
  icmpSuppressed = 0;
  echoReplies = 0;
  udpReceived = 0;
  udpSent = 0;

  /** One more packet thrown away for `reason`. */
  drop(reason: DropReason): void {
    this.drops[reason] = (this.drops[reason] ?? 0) + 1;
  }

  /** One more of this host's own packets not sent for `reason`. */
  refuse(reason: DropReason): void {
    this.refusals[reason] = (this.refusals[reason] ?? 0) + 1;
  }

  /** Packets thrown away for `reason` so far. */
  dropped(reason: DropReason): number {
    return this.drops[reason] ?? 0;
  }

  /** All packets thrown away. */
  get droppedTotal(): number {
    let total = 0;
    for (const count of Object.values(this.drops)) total += count;
    return total;
  }
}
