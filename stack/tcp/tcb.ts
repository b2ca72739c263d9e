/**
 * The transmission control block (RFC 9293 section 3.3.1): everything TCP knows of a connection.
 *
 * Plain data: numbers, and the bytes of its buffers. What it does stands in the other files of this
 * room; so it can be printed, copied, and handed to another host in mid-connection (`handoff.ts`).
 * Sequence numbers are signed 32-bit (`sequence.ts`), times nanoseconds, windows and sizes bytes.
 */
import { ByteRing } from "../byte-ring.ts";
import type { Timer } from "../clock.ts";
import type { ErrorCode } from "../errors.ts";
import { Endpoint } from "../in-pcb.ts";
import type { Socket } from "../socket.ts";
import type { ListenQueue } from "./listen-queue.ts";
import { SeqRanges } from "./ranges.ts";
import { CLOSED } from "./state.ts";

/** `Tcb.flags`. An ACK is to be sent at once, or when the delayed-ACK timer says so. */
export const TF_ACK_NOW = 1 << 0;
export const TF_DELAYED_ACK = 1 << 1;
/** TCP_NODELAY; TCP_NOOPT; TCP_CORK (BSD's TCP_NOPUSH): hold partial segments. */
export const TF_NODELAY = 1 << 2;
export const TF_NOOPT = 1 << 3;
export const TF_CORK = 1 << 4;
/** Options this side offered, and those agreed on. */
export const TF_OFFER_SCALE = 1 << 5;
export const TF_OFFER_TIMESTAMPS = 1 << 6;
export const TF_OFFER_SACK = 1 << 7;
export const TF_SCALE = 1 << 8;
export const TF_TIMESTAMPS = 1 << 9;
export const TF_SACK = 1 << 10;
/** The FIN was sent, and the user will send nothing more. */
export const TF_FIN_SENT = 1 << 11;
export const TF_FIN_QUEUED = 1 << 12;
/** In fast recovery (RFC 6675 or 6582); in recovery from a time-out. */
export const TF_FAST_RECOVERY = 1 << 13;
export const TF_TIMEOUT_RECOVERY = 1 << 14;
/** The rescue retransmission of this recovery was made (RFC 6675 section 4, rule 4). */
export const TF_RESCUED = 1 << 15;
/** The timer that `retransmitAt` is for probes a zero window. */
export const TF_PERSIST = 1 << 16;
/** One segment whatever the window and Nagle say: a zero-window probe. */
export const TF_FORCE = 1 << 17;
/** Came by a listening socket; accepted by the peer through a SYN cookie. */
export const TF_PASSIVE = 1 << 18;
export const TF_COOKIE = 1 << 19;
/** Its options are a route that the user set (RFC 1122 section 4.2.3.8: it wins). */
export const TF_USER_ROUTE = 1 << 20;
/** Explicit congestion notification: offered, agreed, an echo owed, a reduction to be announced. */
export const TF_OFFER_ECN = 1 << 22;
export const TF_ECN = 1 << 23;
export const TF_ECN_ECHO = 1 << 24;
export const TF_ECN_REDUCED = 1 << 25;
/** The last window offered was zero: its reopening is announced at once. */
export const TF_ZERO_WINDOW_SENT = 1 << 26;
/** Waits in its listener's queue for `accept`. */
export const TF_QUEUED = 1 << 27;
/** SO_KEEPALIVE. */
export const TF_KEEPALIVE = 1 << 28;
/** The peer has acknowledged our SYN: `sndUna` is the first byte of the send buffer. */
export const TF_SYN_ACKED = 1 << 29;

/** Marks are counted for the peer and by it (RFC 9768); TF_ECN is set beside it. */
export const TF_ACCURATE_ECN = 1 << 30;

/** Deadlines are compared as numbers: this one never comes. */
export const NEVER = Number.POSITIVE_INFINITY;

export class Tcb extends Endpoint {
  state = CLOSED;
  flags = 0;
  /** The socket it serves; null before `accept` and after the user has closed. */
  socket: Socket | null = null;
  /** Of a listening endpoint: its connections in waiting. Of such a connection: the listener. */
  queue: ListenQueue | null = null;
  listener: Tcb | null = null;
  /** Its one wake-up call; fires at the earliest of the deadlines below, or before. */
  timer: Timer | null = null;

  // Send sequence space: first unacknowledged, next, highest sent, initial, and what a loss recovery
  // must reach.
  sndUna = 0;
  sndNxt = 0;
  sndMax = 0;
  iss = 0;
  recover = 0;
  /** Window the peer offers, the largest it ever did, and the segment that last updated it. */
  sndWnd = 0;
  maxSndWnd = 0;
  sndWl1 = 0;
  sndWl2 = 0;
  /** First octet after urgent data sent. */
  sndUp = 0;

  // Receive sequence space: next expected, initial, right edge offered, last ACK sent.
  rcvNxt = 0;
  irs = 0;
  rcvAdv = 0;
  lastAckSent = 0;
  rcvWnd = 0;
  /** First octet after urgent data received. */
  rcvUp = 0;

  // Options: shifts (RFC 7323), the peer's MSS option, what it comes to on this path.
  sndScale = 0;
  rcvScale = 0;
  /** MSS that the peer announced (or its default), IP and TCP options not taken off. */
  peerMss = 0;
  /** Path MTU known by this connection. */
  pathMtu = 0;
  /** TCP_MAXSEG set by the user; 0 for none. */
  userMss = 0;
  /** Payload of a full segment now: all options taken off. */
  maxSeg = 0;
  /** Timestamps: echo owed, when it was taken, our clock's offset in milliseconds. */
  tsRecent = 0;
  tsRecentAt = 0;
  tsOffset = 0;

  // Congestion control (bytes); `congestion` is an index into the algorithms.
  congestion = 0;
  cwnd = 0;
  ssthresh = 0;
  dupAcks = 0;
  /** Bytes acknowledged toward the next increase (RFC 3465). */
  acked = 0;
  cubicMax = 0;
  cubicOrigin = 0;
  cubicK = 0;
  cubicEpoch = -1;
  cubicReno = 0;

  // Round trip (RFC 6298).
  srtt = 0;
  rttvar = 0;
  rto = 0;
  /** The segment being timed and when it was sent; −1 when none is. */
  rttSeq = 0;
  rttStart = -1;

  // Deadlines, and how many times they came without an answer.
  retransmitAt = NEVER;
  delayedAckAt = NEVER;
  keepAt = NEVER;
  /** 2MSL in TIME-WAIT, the limit in FIN-WAIT-2. */
  waitAt = NEVER;
  backoff = 0;
  keepProbes = 0;
  /** When the peer was last heard; when the connection began. */
  heardAt = 0;
  openedAt = 0;
  /** When the last segment with data went out: slow start again after idleness. */
  sentAt = 0;
  keepIdle = 0;
  keepInterval = 0;
  keepCount = 0;
  keepInit = 0;

  // Selective acknowledgement: what the peer has, what arrived here early.
  readonly sacked = new SeqRanges();
  readonly early = new SeqRanges();
  /** A sequence number in the early range that grew last: reported first (RFC 2018 section 4). */
  earlyRecent = 0;
  /** A duplicate to report (RFC 2883); equal when there is none. */
  dsackFrom = 0;
  dsackTo = 0;
  /** Highest octet retransmitted in this recovery (RFC 6675 HighRxt). */
  highRxt = 0;
  /** The peer's FIN, received early; `finAt` is its sequence number. */
  finEarly = false;
  finAt = 0;

  /** Accurate ECN: marked packets that came, those the peer told of, what its SYN or SYN-ACK is told. */
  marksReceived = 0;
  marksTold = 0;
  handshakeAce = 0;

  /** The last ICMP error that was not believed at once: told if the connection times out. */
  softError: ErrorCode | null = null;
  /** Challenge ACKs sent in the second that began at `challengeAt` (RFC 5961 section 7). */
  challenges = 0;
  challengeAt = 0;

  // Buffers: limits, and the bytes.
  sndLimit = 0;
  rcvLimit = 0;
  readonly sendBuffer = new ByteRing();
  readonly receiveBuffer = new ByteRing();
  /** User bytes sent and acknowledged, received and delivered in order; retransmissions counted. */
  bytesAcked = 0;
  bytesReceived = 0;
  retransmits = 0;
}

/** Octets queued that lie beyond the highest sent, the FIN not counted. */
export const unsent = (tcb: Tcb): number =>
  tcb.sendBuffer.length - Math.min(tcb.sendBuffer.length, (tcb.sndMax - tcb.sndUna) | 0);

/** Octets sent and not acknowledged: RFC 5681's FlightSize. */
export const flightSize = (tcb: Tcb): number => (tcb.sndMax - tcb.sndUna) | 0;

/** True when all of `bits` are set. */
export const has = (tcb: Tcb, bits: number): boolean => (tcb.flags & bits) === bits;
