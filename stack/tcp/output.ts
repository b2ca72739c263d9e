/**
 * What to send now (4.4BSD `tcp_output`, Stevens volume 2 chapter 26): called whenever something
 * may have changed, it sends as many segments as may be sent and stops.
 */

import { TH_ACK, TH_ECE, TH_FIN, TH_PUSH, TH_SYN } from "../wire/tcp.ts";
import { ecnSynFlags } from "./ecn.ts";
import { learnPathMtu, segmentRoom, setMaxSegment } from "./mss.ts";
import { fastRetransmitting, sendRecovery } from "./recovery.ts";
import { sackedBelow, skipSacked } from "./sack.ts";
import { sendSegment } from "./send-segment.ts";
import { seqAdd, seqDiff, seqGt, seqLt } from "./sequence.ts";
import {
  CLOSED,
  finIsUnacknowledged,
  isSynchronized,
  LISTEN,
  SYN_RECEIVED,
  SYN_SENT,
  TIME_WAIT,
} from "./state.ts";
import {
  has,
  NEVER,
  type Tcb,
  TF_ACK_NOW,
  TF_CORK,
  TF_ECN,
  TF_ECN_ECHO,
  TF_FIN_QUEUED,
  TF_FIN_SENT,
  TF_FORCE,
  TF_NODELAY,
  TF_PERSIST,
  TF_ZERO_WINDOW_SENT,
} from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { startPersist, startRetransmit, stopRetransmit } from "./timers.ts";
import { receiveRoom, TCP_MAXWIN } from "./window.ts";

/** Sends everything that may be sent now. */
export function tcpOutput(tcp: Tcp, tcb: Tcb): void {
  const { state } = tcb;
  if (state === CLOSED || state === LISTEN) return;
  if (state === SYN_SENT || state === SYN_RECEIVED) {
    sendSyn(tcp, tcb);
    return;
  }
  if (fastRetransmitting(tcb)) sendRecovery(tcp, tcb);
  while (sendNext(tcp, tcb)) {}
  // Data waits and nothing will make it move: a shut window, a small one, a cork.
  if (tcb.retransmitAt === NEVER && tcb.sendBuffer.length > 0) {
    tcb.backoff = 0;
    startPersist(tcp, tcb, tcp.now());
  }
}

/** The SYN, or SYN-ACK: the first one, a retransmission, or the answer to a duplicate. */
function sendSyn(tcp: Tcp, tcb: Tcb): void {
  if (tcb.sndNxt !== tcb.iss && !has(tcb, TF_ACK_NOW)) return;
  const answer = tcb.state === SYN_RECEIVED;
  const flags = (answer ? TH_SYN | TH_ACK : TH_SYN) | ecnSynFlags(tcp, tcb, answer);
  const now = tcp.now();
  if (tcb.sndMax === tcb.iss) {
    tcb.rttSeq = tcb.iss;
    tcb.rttStart = now;
  }
  tcb.sndNxt = seqAdd(tcb.iss, 1);
  tcb.sndMax = tcb.sndNxt;
  if (tcb.retransmitAt === NEVER) startRetransmit(tcp, tcb, now);
  sendSegment(tcp, tcb, tcb.iss, 0, 0, flags);
}

/** Sends one segment if one may be sent; true when another may be. */
function sendNext(tcp: Tcp, tcb: Tcb): boolean {
  const queued = tcb.sendBuffer.length;
  const resending = tcb.sacked.count > 0 && seqLt(tcb.sndNxt, tcb.sndMax);
  const gap = resending ? skipSacked(tcb) : Number.POSITIVE_INFINITY;
  const held = resending ? sackedBelow(tcb, tcb.sndNxt) : 0;
  let offset = seqDiff(tcb.sndNxt, tcb.sndUna);
  let window = Math.min(tcb.sndWnd, tcb.cwnd + held);
  if (has(tcb, TF_FORCE) && window === 0) window = 1;
  let length = Math.min(queued, window) - offset;
  if (length < 0) {
    // Everything is sent, or the window has shrunk; shut altogether, what is out counts as not sent.
    length = 0;
    if (tcb.sndWnd === 0 && queued > 0 && !has(tcb, TF_FORCE)) {
      stopRetransmit(tcb);
      tcb.sndNxt = tcb.sndUna;
      offset = 0;
    }
  }
  let more = false;
  const room = Math.min(segmentRoom(tcb), gap);
  if (length > room) {
    length = room;
    more = true;
  }
  const fin = finIsDue(tcb, offset, length);
  if (!mustSend(tcb, offset, length, fin)) return false;
  const error = transmit(tcp, tcb, tcb.sndNxt, offset, length, fin);
  return error === null && more && length > 0;
}

/** Whether the FIN goes with a segment that ends at `offset + length`. */
export function finIsDue(tcb: Tcb, offset: number, length: number): boolean {
  return (
    has(tcb, TF_FIN_QUEUED) &&
    finIsUnacknowledged(tcb.state) &&
    offset + length === tcb.sendBuffer.length
  );
}

/** Sender's silly window avoidance, Nagle, and everything that cannot wait. */
function mustSend(tcb: Tcb, offset: number, length: number, fin: boolean): boolean {
  const { flags } = tcb;
  if (length > 0) {
    if (length >= segmentRoom(tcb) || flags & TF_FORCE) return true;
    const idle = tcb.sndMax === tcb.sndUna;
    const last = offset + length >= tcb.sendBuffer.length;
    if (last && (idle || flags & TF_NODELAY) && !(flags & TF_CORK)) return true;
    if (tcb.maxSndWnd > 0 && length >= tcb.maxSndWnd / 2) return true;
    if (seqLt(tcb.sndNxt, tcb.sndMax)) return true;
  }
  if (flags & TF_ACK_NOW) return true;
  if (fin && (!(flags & TF_FIN_SENT) || seqLt(tcb.sndNxt, tcb.sndMax))) return true;
  if (seqGt(tcb.sndUp, tcb.sndUna) && seqGt(tcb.sndUp, tcb.sndNxt) && length > 0) return true;
  return windowUpdateIsDue(tcb);
}

/** Receiver's silly window avoidance: tell of room when it is two segments, or half of all. */
function windowUpdateIsDue(tcb: Tcb): boolean {
  if (!isSynchronized(tcb.state) || tcb.state === TIME_WAIT) return false;
  const room = Math.min(receiveRoom(tcb), TCP_MAXWIN << tcb.rcvScale);
  const gain = room - seqDiff(tcb.rcvAdv, tcb.rcvNxt);
  if (gain < 1 << tcb.rcvScale) return false;
  if (tcb.flags & TF_ZERO_WINDOW_SENT && gain >= tcb.maxSeg) return true;
  if (2 * gain >= tcb.rcvLimit) return true;
  return (
    gain >= 2 * tcb.maxSeg &&
    (gain >= tcb.rcvLimit / 4 || room <= tcb.rcvLimit / 8 || tcb.rcvLimit <= 8 * tcb.maxSeg)
  );
}

/**
 * Sends `length` octets at `seq` (`offset` into the buffer) and keeps the accounts: what was sent
 * how far, which segment is timed, that the retransmission timer runs.
 */
export function transmit(
  tcp: Tcp,
  tcb: Tcb,
  seq: number,
  offset: number,
  length: number,
  fin: boolean,
): string | null {
  const now = tcp.now();
  let flags = TH_ACK;
  if (length > 0 && offset + length === tcb.sendBuffer.length) flags |= TH_PUSH;
  if (fin) flags |= TH_FIN;
  if (has(tcb, TF_ECN) && has(tcb, TF_ECN_ECHO)) flags |= TH_ECE;
  // With nothing to send, the number of the next new octet: it cannot be taken for a duplicate.
  const at = length === 0 && !fin ? (has(tcb, TF_PERSIST) ? tcb.sndNxt : tcb.sndMax) : seq;
  if (length === 0 && !fin) {
    if (tcp.config.repeatFin && finIsOut(tcb)) {
      return sendSegment(tcp, tcb, seqAdd(tcb.sndMax, -1), offset, 0, flags | TH_FIN);
    }
    return sendSegment(tcp, tcb, at, offset, 0, flags);
  }
  const end = seqAdd(seq, length + (fin ? 1 : 0));
  const fresh = seqGt(end, tcb.sndMax);
  if (fin) tcb.flags |= TF_FIN_SENT;
  // A zero-window probe leaves `sndNxt` where it is: the octet is sent again until it is taken.
  if (!has(tcb, TF_FORCE) || tcb.sndWnd > 0) {
    if (seqLt(seq, tcb.sndMax)) {
      tcb.retransmits++;
      tcp.stats.retransmittedSegments++;
      tcb.rttStart = -1;
    } else if (tcb.rttStart < 0) {
      tcb.rttSeq = seq;
      tcb.rttStart = now;
    }
    if (seq === tcb.sndNxt) tcb.sndNxt = end;
    if (has(tcb, TF_PERSIST)) tcb.backoff = 0;
    if (tcb.retransmitAt === NEVER || has(tcb, TF_PERSIST)) startRetransmit(tcp, tcb, now);
  }
  tcb.sentAt = now;
  const error = sendSegment(tcp, tcb, at, offset, length, flags);
  if (fresh) tcb.sndMax = end;
  if (error === "EMSGSIZE") onTooLong(tcp, tcb);
  return error;
}

/** The interface's MTU has become smaller than what we go by: smaller segments, from the start. */
function onTooLong(tcp: Tcp, tcb: Tcb): void {
  const before = tcb.maxSeg;
  learnPathMtu(tcp, tcb);
  setMaxSegment(tcp, tcb);
  if (tcb.maxSeg < before) tcb.sndNxt = tcb.sndUna;
}

/** The FIN is the last that was sent, and not acknowledged. */
const finIsOut = (tcb: Tcb): boolean =>
  has(tcb, TF_FIN_SENT) && finIsUnacknowledged(tcb.state) && tcb.sndNxt === tcb.sndMax;
