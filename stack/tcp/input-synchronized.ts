/**
 * A segment arrives in SYN-RECEIVED or a synchronized state (RFC 9293 section 3.10.7.4): is it in
 * the window, is it a reset or a SYN, what of it is new. What follows stands in `input-ack.ts` and
 * `input-data.ts`.
 */
import type { Mbuf } from "../mbuf.ts";
import { TH_ACK, TH_FIN, TH_PUSH, TH_RST, TH_SYN, TH_URG } from "../wire/tcp.ts";
import { drop, enterClosed } from "./close.ts";
import { ecnOfHandshakeAck, readAce } from "./ecn.ts";
import { OUTPUT } from "./input.ts";
import { ackHandshake, ackSegment, REFUSED } from "./input-ack.ts";
import { takeData } from "./input-data.ts";
import { resetStranger, sendChallengeAck, sendReset } from "./respond.ts";
import type { Segment } from "./segment.ts";
import { seqAdd, seqDiff, seqGeq, seqGt, seqLeq, seqLt } from "./sequence.ts";
import { saveRoute } from "./source-route.ts";
import { CLOSED, CLOSING, FIN_WAIT_1, isSynchronized, LAST_ACK, SYN_RECEIVED } from "./state.ts";
import { has, type Tcb, TF_ACCURATE_ECN, TF_ACK_NOW, TF_PASSIVE, TF_TIMESTAMPS } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { isOldDuplicate, keepTimestamp } from "./timestamps.ts";
import { updateReceiveWindow } from "./window.ts";

/** Processes `seg`; POLL bits, and OUTPUT when something is to be sent. */
export function synchronizedInput(tcp: Tcp, tcb: Tcb, seg: Segment, m: Mbuf): number {
  updateReceiveWindow(tcb);
  if (seg.flags & TH_RST) return resetArrives(tcp, tcb, seg);
  if (seg.flags & TH_SYN) {
    const verdict = synArrives(tcp, tcb, seg);
    if (verdict !== null) return verdict;
  }
  if (has(tcb, TF_TIMESTAMPS)) {
    if (!tcp.options.hasTimestamp && !tcp.config.tolerateMissingTimestamps) {
      tcp.stats.missingTimestamps++;
      return 0;
    }
    if (isOldDuplicate(tcp, tcb)) {
      tcp.stats.pawsDrops++;
      return acknowledgeAgain(tcb);
    }
  }
  // In SYN-RECEIVED an ACK that is not of our SYN decides before anything of the segment is used.
  if (tcb.state === SYN_RECEIVED && seg.flags & TH_ACK) {
    if (seqLeq(seg.ack, tcb.sndUna) || seqGt(seg.ack, tcb.sndMax)) {
      tcp.stats.badAcks++;
      resetStranger(tcp, m, seg);
      return 0;
    }
  }
  trimFront(tcp, tcb, seg);
  if (!tcb.socket && !tcb.listener && tcb.state >= FIN_WAIT_1 && seg.length > 0) {
    // The user is gone: nobody will read this, and the peer has to know (RFC 9293 section 3.6.1).
    tcp.stats.afterCloseIn++;
    sendReset(tcp, tcb);
    enterClosed(tcp, tcb, null);
    return 0;
  }
  if (!trimBack(tcp, tcb, seg)) return acknowledgeAgain(tcb);
  if (has(tcb, TF_TIMESTAMPS)) keepTimestamp(tcp, tcb, seg);
  if (!(seg.flags & TH_ACK)) return tcb.flags & TF_ACK_NOW ? OUTPUT : 0;
  return acceptable(tcp, tcb, seg, m);
}

/** The segment is in the window: its ACK, its route, its data, its FIN. */
function acceptable(tcp: Tcp, tcb: Tcb, seg: Segment, m: Mbuf): number {
  const handshake = tcb.state === SYN_RECEIVED;
  const routes = handshake && has(tcb, TF_PASSIVE) ? tcp.routes.finalAck : tcp.routes.later;
  if (routes) saveRoute(tcp, tcb);
  let events = 0;
  if (handshake) {
    events = ackHandshake(tcp, tcb, seg);
    if (events === REFUSED) return 0;
    ecnOfHandshakeAck(tcb, seg);
  } else if (has(tcb, TF_ACCURATE_ECN)) readAce(tcb, seg);
  const acked = ackSegment(tcp, tcb, seg, m);
  if (acked === REFUSED) return OUTPUT;
  if (tcb.state === CLOSED) return 0;
  events |= acked | takeData(tcp, tcb, seg, m);
  return events | OUTPUT;
}

/** A reset is believed only with exactly the number expected (RFC 5961 section 3.2). */
function resetArrives(tcp: Tcp, tcb: Tcb, seg: Segment): number {
  const exact = seg.seq === tcb.rcvNxt || seg.seq === tcb.lastAckSent;
  const edge = seqAdd(tcb.rcvNxt, tcb.rcvWnd);
  const inside = seqGeq(seg.seq, tcb.lastAckSent) && seqLt(seg.seq, edge);
  if (!exact && !inside) {
    tcp.stats.resetsRefused++;
    return 0;
  }
  if (!exact && !tcp.config.insecureReset) {
    tcp.stats.resetsRefused++;
    sendChallengeAck(tcp, tcb);
    return 0;
  }
  tcp.stats.resetsIn++;
  const { state } = tcb;
  const over = (state === CLOSING || state === LAST_ACK) && !tcp.config.tellLateReset;
  enterClosed(tcp, tcb, over ? null : state === SYN_RECEIVED ? "ECONNREFUSED" : "ECONNRESET");
  return 0;
}

/**
 * A SYN for a connection that there is (RFC 5961 section 4.2). Null when the segment goes on without
 * it, as the SYN-ACK of a simultaneous open does.
 */
function synArrives(tcp: Tcp, tcb: Tcb, seg: Segment): number | null {
  if (tcb.state === SYN_RECEIVED && seg.seq === tcb.irs) {
    if (seg.flags & TH_ACK) {
      seg.flags &= ~TH_SYN;
      seg.seq = seqAdd(seg.seq, 1);
      return null;
    }
    // The peer has not seen our SYN-ACK: the same again, back the way this one came.
    if (tcp.routes.duplicateSyn) saveRoute(tcp, tcb);
    tcb.flags |= TF_ACK_NOW;
    return OUTPUT;
  }
  if (tcp.config.insecureSyn && isSynchronized(tcb.state)) {
    const inside = seqGeq(seg.seq, tcb.rcvNxt) && seqLt(seg.seq, seqAdd(tcb.rcvNxt, tcb.rcvWnd));
    if (inside) {
      drop(tcp, tcb, "ECONNRESET");
      return 0;
    }
  }
  sendChallengeAck(tcp, tcb);
  return 0;
}

/** Nothing of the segment is taken; the peer is told what is expected. */
function acknowledgeAgain(tcb: Tcb): number {
  tcb.flags |= TF_ACK_NOW;
  return OUTPUT;
}

/** Cuts off what was received before; a segment all old still has an ACK to look at. */
function trimFront(tcp: Tcp, tcb: Tcb, seg: Segment): void {
  let old = seqDiff(tcb.rcvNxt, seg.seq);
  if (old <= 0) return;
  if (old > seg.length || (old === seg.length && !(seg.flags & TH_FIN))) {
    // All of it is old, a FIN too unless it comes right behind: it was acknowledged, say so again.
    seg.flags &= ~TH_FIN;
    old = seg.length;
    tcb.flags |= TF_ACK_NOW;
  }
  if (old > 0) {
    tcp.stats.duplicateBytesIn += old;
    tcb.dsackFrom = seg.seq;
    tcb.dsackTo = seqAdd(seg.seq, old);
  }
  if (seg.urgent > old) seg.urgent -= old;
  else {
    seg.flags &= ~TH_URG;
    seg.urgent = 0;
  }
  seg.seq = seqAdd(seg.seq, old);
  seg.dataAt += old;
  seg.length -= old;
}

/** Cuts off what lies beyond the window; false when nothing of the segment is acceptable. */
function trimBack(tcp: Tcp, tcb: Tcb, seg: Segment): boolean {
  const beyond = seqDiff(seqAdd(seg.seq, seg.length), seqAdd(tcb.rcvNxt, tcb.rcvWnd));
  if (beyond <= 0) return true;
  tcp.stats.afterWindowIn++;
  if (beyond >= seg.length) {
    if (tcb.rcvWnd > 0 || seg.seq !== tcb.rcvNxt) return false;
    // A probe of a shut window: its ACK counts, its data does not, and it is answered.
    tcb.flags |= TF_ACK_NOW;
  }
  seg.length -= beyond;
  seg.flags &= ~(TH_FIN | TH_PUSH);
  return true;
}
