/**
 * What can be set about TCP, for a whole stack: the knobs that real systems have as sysctls.
 * Times are nanoseconds, sizes bytes. How source routes are treated is `StackSwitches.client`'s.
 */
import { MILLISECOND, SECOND } from "../clock.ts";
import type { CongestionName } from "./congestion.ts";
import type { RtoLimits } from "./rtt.ts";

export interface TcpConfig extends RtoLimits {
  /** Options offered and accepted (RFC 7323, RFC 2018). */
  windowScale: boolean;
  timestamps: boolean;
  sack: boolean;
  /** ECN (RFC 3168): never, when the peer asks, or asked for by us too; accurate ECN (RFC 9768) asked for. */
  ecn: "off" | "accept" | "request" | "accurate";
  /**
   * Which packets beside new data may be marked: none (RFC 3168), SYN-ACKs (RFC 5562), or all
   * (draft-ietf-tcpm-generalized-ecn).
   */
  ecnControl: "none" | "synAck" | "all";
  /** Retransmissions of a SYN that still ask for it (RFC 3168 section 6.1.1.1). */
  ecnRetries: number;
  /** CWR goes with the next data, be it a retransmission (FreeBSD); RFC 3168 says new data. */
  cwrOnRetransmit: boolean;
  /** One segment more in a recovery with SACK when nothing else may go (RFC 6675 rule 4). */
  rescueRetransmission: boolean;
  /** Accept segments without the timestamp that was agreed on (RFC 7323 section 3.2 says drop). */
  tolerateMissingTimestamps: boolean;
  /** From the third retransmission of a SYN on, no options but MSS. */
  dropSynOptions: boolean;
  congestion: CongestionName;
  /** Initial window in segments (RFC 6928: 10), cut to what RFC 5681 allows when below 10. */
  initialWindow: number;
  /** Time-outs in a row until a connection is given up, and a SYN or SYN-ACK. */
  maxRetransmits: number;
  maxSynRetransmits: number;
  maxSynAckRetransmits: number;
  /** Longest time an ACK is held back; 0: every segment is acknowledged at once. */
  delayedAck: number;
  nagle: boolean;
  /** Maximum segment lifetime: TIME-WAIT lasts two. */
  msl: number;
  /** How long FIN-WAIT-2 lasts once the user has closed; 0 for ever. */
  finWait2Timeout: number;
  /** Longest time to establish a connection; keep-alive: idle before the first probe, between, count. */
  keepInit: number;
  keepIdle: number;
  keepInterval: number;
  keepCount: number;
  /** Bounds of the time between zero-window probes. */
  persistMin: number;
  persistMax: number;
  /** Largest backlog that `listen` takes; half-open connections a listener may have. */
  somaxconn: number;
  synBacklog: number;
  /** When a SYN is answered without keeping anything (RFC 4987 section 3.6). */
  synCookies: "never" | "overflow" | "always";
  sendBuffer: number;
  receiveBuffer: number;
  /** Largest SO_SNDBUF and SO_RCVBUF; the window scale offered is for this. */
  maxBuffer: number;
  /** After the MSS is known, buffers become a multiple of it (4.4BSD `tcp_mss`). */
  roundBuffers: boolean;
  /**
   * A scaled window is rounded up to the next unit, not down, where timestamps are agreed on
   * (seen of FreeBSD, whose suite expects both).
   */
  roundWindowUp: boolean;
  /** Smallest MSS believed of a peer, and what is taken when it announces none (RFC 9293 3.7.1). */
  minMss: number;
  defaultMss: number;
  defaultMss6: number;
  /** Challenge ACKs in a second and connection; 0 for no limit. */
  challengeLimit: number;
  /** Take any RST, or SYN, in the window (before RFC 5961). */
  insecureReset: boolean;
  insecureSyn: boolean;
  /** A reset in CLOSING or LAST-ACK is told to the user (FreeBSD); RFC 9293 has it end in silence. */
  tellLateReset: boolean;
  /** Until our FIN is acknowledged, every ACK carries it again (4.4BSD). */
  repeatFin: boolean;
  /** Drop segments with both SYN and FIN. */
  dropSynFin: boolean;
  /** Closing with data unread resets (RFC 2525 section 2.17), as does data after close. */
  resetOnUnreadClose: boolean;
  /** Segments for nobody are not answered. */
  blackhole: boolean;
  /** Hard ICMP errors end a connection attempt (RFC 5927 section 5.2: not an established one). */
  icmpMayReset: boolean;
  /** Which are hard: RFC 1122's two, or "prohibited" and "time exceeded" too, as FreeBSD has it. */
  icmpHard: "rfc1122" | "freebsd";
  /** A SYN that may not take over a connection in TIME-WAIT is acknowledged, else dropped. */
  answerSynInTimeWait: boolean;
  pathMtuDiscovery: boolean;
  /** Port range for connections that were not bound. */
  firstEphemeral: number;
  lastEphemeral: number;
}

export const TCP_DEFAULTS: Readonly<TcpConfig> = {
  windowScale: true,
  timestamps: true,
  sack: true,
  ecn: "accept",
  ecnControl: "none",
  ecnRetries: 1,
  cwrOnRetransmit: false,
  rescueRetransmission: true,
  tolerateMissingTimestamps: false,
  dropSynOptions: false,
  congestion: "cubic",
  initialWindow: 10,
  rtoInitial: SECOND,
  rtoMin: 200 * MILLISECOND,
  rtoMax: 60 * SECOND,
  rtoSlop: 0,
  maxRetransmits: 12,
  maxSynRetransmits: 6,
  maxSynAckRetransmits: 5,
  delayedAck: 40 * MILLISECOND,
  nagle: true,
  msl: 30 * SECOND,
  finWait2Timeout: 60 * SECOND,
  keepInit: 75 * SECOND,
  keepIdle: 7200 * SECOND,
  keepInterval: 75 * SECOND,
  keepCount: 8,
  persistMin: 200 * MILLISECOND,
  persistMax: 60 * SECOND,
  somaxconn: 4096,
  synBacklog: 1024,
  synCookies: "overflow",
  sendBuffer: 65536,
  receiveBuffer: 65536,
  maxBuffer: 2 * 1024 * 1024,
  roundBuffers: false,
  roundWindowUp: false,
  minMss: 88,
  defaultMss: 536,
  defaultMss6: 1220,
  challengeLimit: 10,
  insecureReset: false,
  insecureSyn: false,
  tellLateReset: false,
  repeatFin: false,
  dropSynFin: false,
  resetOnUnreadClose: true,
  blackhole: false,
  icmpMayReset: true,
  icmpHard: "rfc1122",
  answerSynInTimeWait: true,
  pathMtuDiscovery: true,
  firstEphemeral: 49152,
  lastEphemeral: 65535,
};

/** FreeBSD's defaults where they differ and can be seen from outside. */
export const TCP_FREEBSD: Readonly<Partial<TcpConfig>> = {
  rtoMin: 30 * MILLISECOND,
  rtoMax: 64 * SECOND,
  rtoSlop: 200 * MILLISECOND,
  maxSynRetransmits: 12,
  maxSynAckRetransmits: 3,
  persistMin: 5 * SECOND,
  sendBuffer: 32768,
  roundBuffers: true,
  roundWindowUp: true,
  minMss: 216,
  challengeLimit: 5,
  tellLateReset: true,
  cwrOnRetransmit: true,
  rescueRetransmission: false,
  repeatFin: true,
  resetOnUnreadClose: false,
  icmpHard: "freebsd",
  answerSynInTimeWait: false,
};
