/**
 * Loss recovery: fast retransmit and fast recovery with SACK (RFC 6675) or without (NewReno,
 * RFC 6582), limited transmit (RFC 3042), and the retransmission time-out (RFC 6298, RFC 5681).
 */
import { CONGESTION_CONTROLS } from "./congestion.ts";
import { segmentRoom } from "./mss.ts";
import { finIsDue, tcpOutput, transmit } from "./output.ts";
import { addSacked, DUP_THRESH, isLost, nextSegment, pipe } from "./sack.ts";
import { seqDiff, seqGeq, seqGt, seqLt, seqMax } from "./sequence.ts";
import { isSynchronized } from "./state.ts";
import {
  flightSize,
  has,
  type Tcb,
  TF_ECN,
  TF_ECN_REDUCED,
  TF_FAST_RECOVERY,
  TF_RESCUED,
  TF_SACK,
  TF_TIMEOUT_RECOVERY,
  unsent,
} from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { startRetransmit } from "./timers.ts";

/** In a recovery that SACK steers. */
export const fastRetransmitting = (tcb: Tcb): boolean => has(tcb, TF_FAST_RECOVERY | TF_SACK);

/** The window after a loss, and the point that ends this recovery. */
function reduce(tcb: Tcb): void {
  tcb.ssthresh = CONGESTION_CONTROLS[tcb.congestion].reduce(tcb, flightSize(tcb));
  tcb.recover = tcb.sndMax;
  // The peer is told of every reduction, whatever it is for (RFC 3168 section 6.1.2).
  if (has(tcb, TF_ECN)) tcb.flags |= TF_ECN_REDUCED;
}

/** Takes in the SACK blocks of the segment being looked at; octets that are new. */
export function takeSackBlocks(tcp: Tcp, tcb: Tcb, view: DataView): number {
  const { options } = tcp;
  let fresh = 0;
  for (let i = 0, at = options.sackAt; i < options.sackCount; i++, at += 8) {
    fresh += addSacked(tcb, view.getInt32(at), view.getInt32(at + 4));
  }
  return fresh;
}

/** An ACK that acknowledges nothing new though data is out: RFC 5681's duplicate. */
export function onDuplicateAck(tcp: Tcp, tcb: Tcb): void {
  tcb.dupAcks++;
  tcp.stats.duplicateAcksIn++;
  const sack = has(tcb, TF_SACK);
  if (has(tcb, TF_FAST_RECOVERY)) {
    // Without SACK each duplicate says that a segment has left the network.
    if (!sack) tcb.cwnd += tcb.maxSeg;
    tcpOutput(tcp, tcb);
    return;
  }
  const enough = tcb.dupAcks >= DUP_THRESH || (sack && isLost(tcb, tcb.sndUna));
  // Not for duplicates of what was sent before a time-out or the end of the last recovery. SACK
  // tells the two apart; without it, what was resent for nothing is answered by duplicates of
  // `recover` itself (RFC 6675 section 5.1, RFC 6582 section 3.2 step 2: "covers more").
  const past = sack ? seqGeq(tcb.sndUna, tcb.recover) : seqGt(tcb.sndUna, tcb.recover);
  if (enough && past) enterFastRecovery(tcp, tcb);
  else if (tcb.dupAcks < DUP_THRESH) limitedTransmit(tcp, tcb);
}

function enterFastRecovery(tcp: Tcp, tcb: Tcb): void {
  tcp.stats.fastRecoveries++;
  reduce(tcb);
  tcb.flags = (tcb.flags | TF_FAST_RECOVERY) & ~(TF_RESCUED | TF_TIMEOUT_RECOVERY);
  tcb.rttStart = -1;
  tcb.highRxt = tcb.sndUna;
  const firstGap = tcb.sacked.pairs[0] ?? tcb.sndMax;
  retransmitAt(tcp, tcb, tcb.sndUna, seqDiff(firstGap, tcb.sndUna));
  startRetransmit(tcp, tcb, tcp.now());
  tcb.cwnd = has(tcb, TF_SACK) ? tcb.ssthresh : tcb.ssthresh + DUP_THRESH * tcb.maxSeg;
  tcpOutput(tcp, tcb);
}

/** One new segment for each of the first two duplicates. */
function limitedTransmit(tcp: Tcp, tcb: Tcb): void {
  const { cwnd } = tcb;
  if (unsent(tcb) === 0 || tcb.sndNxt !== tcb.sndMax) return;
  tcb.cwnd = flightSize(tcb) + tcb.maxSeg;
  if (tcb.cwnd <= cwnd + 2 * tcb.maxSeg) tcpOutput(tcp, tcb);
  tcb.cwnd = cwnd;
}

/** Sends one segment again: at most `most` octets from `seq`. Returns how many. */
function retransmitAt(tcp: Tcp, tcb: Tcb, seq: number, most: number): number {
  const offset = seqDiff(seq, tcb.sndUna);
  const length = Math.min(most, segmentRoom(tcb), tcb.sendBuffer.length - offset);
  const { sndNxt } = tcb;
  transmit(tcp, tcb, seq, offset, Math.max(length, 0), finIsDue(tcb, offset, Math.max(length, 0)));
  tcb.sndNxt = seqMax(sndNxt, tcb.sndNxt);
  tcb.highRxt = seqMax(tcb.highRxt, (seq + Math.max(length, 1)) | 0);
  return Math.max(length, 1);
}

/** RFC 6675 section 5 step C: as many segments as fit between `pipe` and the window. */
export function sendRecovery(tcp: Tcp, tcb: Tcb): void {
  const { next } = tcp;
  let room = tcb.cwnd - pipe(tcb);
  while (room >= tcb.maxSeg) {
    const offset = seqDiff(tcb.sndMax, tcb.sndUna);
    const fresh = Math.min(tcb.sendBuffer.length, tcb.sndWnd) - offset;
    nextSegment(tcb, fresh > 0, next);
    if (next.rule === 0 || (next.rule === 4 && !tcp.config.rescueRetransmission)) return;
    if (next.rule === 2) {
      const length = Math.min(fresh, segmentRoom(tcb));
      tcb.sndNxt = tcb.sndMax;
      if (transmit(tcp, tcb, tcb.sndMax, offset, length, finIsDue(tcb, offset, length))) return;
      room -= length;
      continue;
    }
    if (next.rule === 4) tcb.flags |= TF_RESCUED;
    const { highRxt } = tcb;
    room -= retransmitAt(tcp, tcb, next.from, seqDiff(next.to, next.from));
    // The rescue is not a report of what is lost (rule 4).
    if (next.rule === 4) tcb.highRxt = highRxt;
  }
}

/** `acked` octets are newly acknowledged while in fast recovery; false once it is over. */
export function onRecoveryAck(tcp: Tcp, tcb: Tcb, acked: number): boolean {
  if (seqGeq(tcb.sndUna, tcb.recover)) {
    // All that was out is there: go on from the reduced window, without a burst.
    tcb.flags &= ~(TF_FAST_RECOVERY | TF_RESCUED);
    tcb.cwnd = Math.min(tcb.ssthresh, Math.max(flightSize(tcb), tcb.maxSeg) + tcb.maxSeg);
    tcb.dupAcks = 0;
    return false;
  }
  if (has(tcb, TF_SACK)) {
    tcb.highRxt = seqMax(tcb.highRxt, tcb.sndUna);
    return true;
  }
  // A partial ACK: the next segment is lost too (RFC 6582 section 3.2 step 3).
  retransmitAt(tcp, tcb, tcb.sndUna, tcb.maxSeg);
  tcb.cwnd = Math.max(tcb.cwnd - acked, 0) + (acked >= tcb.maxSeg ? tcb.maxSeg : 0);
  tcb.cwnd = Math.max(tcb.cwnd, tcb.maxSeg);
  return true;
}

/** The retransmission timer has expired: everything is sent again, from one segment up. */
export function onRetransmitTimeout(tcp: Tcp, tcb: Tcb): void {
  tcp.stats.retransmitTimeouts++;
  tcb.rttStart = -1;
  if (isSynchronized(tcb.state)) {
    if (tcb.backoff === 1) reduce(tcb);
    else tcb.recover = tcb.sndMax;
    tcb.cwnd = tcb.maxSeg;
  }
  tcb.dupAcks = 0;
  tcb.flags = (tcb.flags & ~(TF_FAST_RECOVERY | TF_RESCUED)) | TF_TIMEOUT_RECOVERY;
  // What was SACKed may have been thrown away since (RFC 2018 section 8).
  tcb.sacked.clear();
  tcb.sndNxt = tcb.sndUna;
}

/** An ACK with an ECN echo: one reduction for each window (RFC 3168 section 6.1.2). */
export function onEcnEcho(tcp: Tcp, tcb: Tcb): void {
  if (has(tcb, TF_FAST_RECOVERY) || seqLt(tcb.sndUna, tcb.recover)) return;
  tcp.stats.ecnReductions++;
  reduce(tcb);
  tcb.cwnd = tcb.ssthresh;
}
