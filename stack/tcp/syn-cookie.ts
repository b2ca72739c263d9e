/**
 * SYN cookies (RFC 4987 section 3.6): when a listener has too many half-open connections, its
 * SYN-ACK's sequence number says what must be known when the ACK comes back, and nothing is kept.
 *
 * Five bits count 64-second periods, three index an MSS, 24 prove that we made it. Window scale,
 * SACK and ECN travel in the low six bits of the timestamp, which the peer echoes.
 */
import { MILLISECOND, SECOND } from "../clock.ts";
import { TH_ACK, TH_ECE, TH_SYN } from "../wire/tcp.ts";
import type { ListenQueue } from "./listen-queue.ts";
import { learnPathMtu, takePeerMss } from "./mss.ts";
import type { Segment } from "./segment.ts";
import { sendSegment } from "./send-segment.ts";
import { seqAdd } from "./sequence.ts";
import { saveRoute } from "./source-route.ts";
import { SYN_RECEIVED } from "./state.ts";
import { has, type Tcb, TF_COOKIE, TF_ECN, TF_SACK, TF_SCALE, TF_TIMESTAMPS } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { receiveRoom, TCP_MAXWIN, updateReceiveWindow, windowShift } from "./window.ts";

const PERIOD = 64 * SECOND;
/** Periods that a cookie is good for. */
const LIFE = 2;
const MSS_TABLE = [216, 536, 1200, 1360, 1400, 1440, 1452, 1460];
const NO_SCALE = 15;
const SACK_BIT = 16;
const ECN_BIT = 32;
const OPTION_BITS = 63;

const period = (tcp: Tcp): number => Math.floor(tcp.now() / PERIOD) & 31;

const proof = (tcp: Tcp, tcb: Tcb, count: number, mss: number): number =>
  tcp.sequence.keyed(tcb, seqAdd(tcb.irs, (count << 3) | mss)) & 0xffffff;

/** True while ACKs to `queue`'s listener may be answers to cookies. */
export const cookiesAreOut = (tcp: Tcp, queue: ListenQueue): boolean =>
  tcp.config.synCookies === "always" || tcp.now() - queue.cookieAt < (LIFE + 1) * PERIOD;

/** Answers the SYN that `tcb` was made of; the block can be thrown away after. */
export function answerWithCookie(tcp: Tcp, tcb: Tcb): void {
  let mss = MSS_TABLE.length - 1;
  while (mss > 0 && MSS_TABLE[mss] > tcb.peerMss) mss--;
  const count = period(tcp);
  tcb.iss = (count << 27) | (mss << 24) | proof(tcp, tcb, count, mss);
  if (has(tcb, TF_TIMESTAMPS)) {
    const now = Math.floor(tcp.now() / MILLISECOND);
    const scale = has(tcb, TF_SCALE) ? tcb.sndScale : NO_SCALE;
    const code = scale | (has(tcb, TF_SACK) ? SACK_BIT : 0) | (has(tcb, TF_ECN) ? ECN_BIT : 0);
    // The latest time that is not in the future and ends in these bits.
    tcb.tsOffset = (now - ((now - code) & OPTION_BITS) - now) | 0;
  } else {
    // Without an echo there is nowhere to keep them.
    tcb.flags &= ~(TF_SCALE | TF_SACK | TF_ECN);
    tcb.rcvScale = 0;
  }
  tcp.stats.synCookiesSent++;
  const ecn = has(tcb, TF_ECN) ? TH_ECE : 0;
  sendSegment(tcp, tcb, tcb.iss, 0, 0, TH_SYN | TH_ACK | ecn);
}

/**
 * Makes `tcb`, which has addresses and ports only, the connection that `seg` acknowledges, if its
 * number is a cookie of ours. Null, the block being forgotten, when it is not.
 */
export function acceptCookie(tcp: Tcp, tcb: Tcb, seg: Segment): Tcb | null {
  const cookie = seqAdd(seg.ack, -1);
  tcb.irs = seqAdd(seg.seq, -1);
  const count = cookie >>> 27;
  const mss = (cookie >>> 24) & 7;
  const age = (period(tcp) - count) & 31;
  if (age >= LIFE || (cookie & 0xffffff) !== proof(tcp, tcb, count, mss)) {
    tcp.stats.synCookiesRefused++;
    tcp.forget(tcb);
    return null;
  }
  tcp.stats.synCookiesAccepted++;
  tcb.flags |= TF_COOKIE;
  tcb.state = SYN_RECEIVED;
  tcb.iss = cookie;
  tcb.sndUna = cookie;
  tcb.sndNxt = seg.ack;
  tcb.sndMax = seg.ack;
  tcb.rcvNxt = seg.seq;
  // What the SYN-ACK has promised already.
  tcb.rcvAdv = seqAdd(seg.seq, Math.min(receiveRoom(tcb), TCP_MAXWIN));
  tcb.rcvUp = seg.seq;
  tcb.lastAckSent = seg.seq;
  tcb.sndWl1 = seqAdd(seg.seq, -1);
  updateReceiveWindow(tcb);
  takeEcho(tcp, tcb);
  // Nothing was kept of the SYN: the route is this segment's (specification 4.5).
  saveRoute(tcp, tcb);
  learnPathMtu(tcp, tcb);
  takePeerMss(tcp, tcb, MSS_TABLE[mss]);
  return tcb;
}

/** The options agreed on, from the echoed timestamp. */
function takeEcho(tcp: Tcp, tcb: Tcb): void {
  const { options } = tcp;
  if (!options.hasTimestamp) return;
  tcb.flags |= TF_TIMESTAMPS;
  tcb.tsRecent = options.tsVal;
  tcb.tsRecentAt = tcp.now();
  const code = options.tsEcr & OPTION_BITS;
  if ((code & NO_SCALE) !== NO_SCALE) {
    tcb.flags |= TF_SCALE;
    tcb.sndScale = code & NO_SCALE;
    tcb.rcvScale = windowShift(tcp.config.maxBuffer);
  }
  if (code & SACK_BIT) tcb.flags |= TF_SACK;
  if (code & ECN_BIT) tcb.flags |= TF_ECN;
}
