/** Urgent pointer, text and FIN of an acceptable segment (RFC 9293 section 3.10.7.4, 6th to 8th). */
import type { Mbuf } from "../mbuf.ts";
import { POLLIN, POLLPRI, SS_CANT_RECEIVE } from "../socket.ts";
import { TH_CWR, TH_FIN, TH_URG } from "../wire/tcp.ts";
import { enterTimeWait } from "./close.ts";
import type { Segment } from "./segment.ts";
import { seqAdd, seqDiff, seqGt, seqLeq } from "./sequence.ts";
import { canReceive, nextState, RECEIVE_FIN, TIME_WAIT } from "./state.ts";
import {
  has,
  NEVER,
  type Tcb,
  TF_ACK_NOW,
  TF_DELAYED_ACK,
  TF_ECN,
  TF_ECN_ECHO,
  TF_ZERO_WINDOW_SENT,
} from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { armFor } from "./timers.ts";

/** Takes what the segment carries; POLL bits. */
export function takeData(tcp: Tcp, tcb: Tcb, seg: Segment, m: Mbuf): number {
  if (!canReceive(tcb.state)) return 0;
  let events = 0;
  if (seg.flags & TH_URG && seg.urgent > 0) events |= takeUrgent(tcb, seg);
  if (has(tcb, TF_ECN)) {
    if (seg.flags & TH_CWR) tcb.flags &= ~TF_ECN_ECHO;
    if (seg.congestion && seg.length > 0) tcb.flags |= TF_ECN_ECHO | TF_ACK_NOW;
  }
  if (seg.flags & TH_FIN) {
    // Kept until all before it is there; a FIN elsewhere than the first one said is not the FIN.
    const at = seqAdd(seg.seq, seg.length);
    if (!tcb.finEarly) {
      tcb.finEarly = true;
      tcb.finAt = at;
    }
    tcb.flags |= TF_ACK_NOW;
  }
  if (seg.length > 0) {
    events |= seg.seq === tcb.rcvNxt ? inOrder(tcp, tcb, seg, m) : outOfOrder(tcp, tcb, seg, m);
  }
  if (tcb.finEarly && tcb.finAt === tcb.rcvNxt) events |= finArrives(tcp, tcb);
  return events;
}

function takeUrgent(tcb: Tcb, seg: Segment): number {
  const up = seqAdd(seg.seq, seg.urgent);
  if (!seqGt(up, tcb.rcvUp)) return 0;
  tcb.rcvUp = up;
  return POLLPRI;
}

/** The next octets: straight into the buffer, with whatever had come early behind them. */
function inOrder(tcp: Tcp, tcb: Tcb, seg: Segment, m: Mbuf): number {
  const { receiveBuffer, early } = tcb;
  tcp.stats.bytesIn += seg.length;
  const delayed = has(tcb, TF_DELAYED_ACK) || early.count > 0 || has(tcb, TF_ZERO_WINDOW_SENT);
  if (delayed || tcp.config.delayedAck === 0 || seg.length > tcb.maxSeg) tcb.flags |= TF_ACK_NOW;
  else if (!has(tcb, TF_ACK_NOW)) acknowledgeLater(tcp, tcb);
  let taken = seg.length;
  const discard = tcb.socket !== null && (tcb.socket.state & SS_CANT_RECEIVE) !== 0;
  if (!discard) receiveBuffer.append(tcp.memory, m.bytes, seg.dataAt, seg.length);
  tcb.rcvNxt = seqAdd(tcb.rcvNxt, seg.length);
  if (early.count > 0 && seqLeq(early.pairs[0], tcb.rcvNxt)) taken += joinEarly(tcb, discard);
  tcb.bytesReceived += taken;
  tcb.rcvWnd = Math.max(tcb.rcvWnd - taken, 0);
  const low = tcb.socket?.receiveLow ?? 1;
  return !discard && receiveBuffer.length >= low ? POLLIN : 0;
}

/** An ACK is owed, within the delayed-ACK time. */
function acknowledgeLater(tcp: Tcp, tcb: Tcb): void {
  tcb.flags |= TF_DELAYED_ACK;
  if (tcb.delayedAckAt !== NEVER) return;
  tcb.delayedAckAt = tcp.now() + tcp.config.delayedAck;
  armFor(tcp, tcb, tcb.delayedAckAt);
}

/** What came early and is next now goes behind what can be read; octets. */
function joinEarly(tcb: Tcb, discard: boolean): number {
  const { early, receiveBuffer } = tcb;
  early.trimBefore(tcb.rcvNxt);
  if (early.count === 0 || early.pairs[0] !== tcb.rcvNxt) return 0;
  const more = seqDiff(early.pairs[1], early.pairs[0]);
  if (!discard) receiveBuffer.extend(more);
  tcb.rcvNxt = early.pairs[1];
  early.trimBefore(tcb.rcvNxt);
  return more;
}

/**
 * Keeps the text of the SYN of a simultaneous open until the connection is established (RFC 9293
 * section 3.10.7.3, fourth). Its FIN is left for the peer to send again.
 */
export function keepSynText(tcp: Tcp, tcb: Tcb, seg: Segment, m: Mbuf): void {
  if (seg.length === 0 || seg.length > tcb.rcvWnd) return;
  tcb.early.add(tcb.rcvNxt, seqAdd(tcb.rcvNxt, seg.length));
  tcb.receiveBuffer.put(tcp.memory, 0, m.bytes, seg.dataAt, seg.length);
  tcp.stats.bytesIn += seg.length;
}

/** The connection is established: the text of the SYN can be read. POLL bits. */
export function takeSynText(tcp: Tcp, tcb: Tcb): number {
  const taken = tcb.early.count > 0 ? joinEarly(tcb, false) : 0;
  if (taken === 0) return 0;
  tcb.bytesReceived += taken;
  tcb.rcvWnd = Math.max(tcb.rcvWnd - taken, 0);
  acknowledgeLater(tcp, tcb);
  return POLLIN;
}

/** Octets beyond the next: kept at their place behind the buffer's end, and reported by SACK. */
function outOfOrder(tcp: Tcp, tcb: Tcb, seg: Segment, m: Mbuf): number {
  const { early, receiveBuffer } = tcb;
  tcp.stats.outOfOrderIn++;
  tcb.flags |= TF_ACK_NOW;
  const end = seqAdd(seg.seq, seg.length);
  if (early.covers(seg.seq, end)) {
    tcp.stats.duplicateBytesIn += seg.length;
    tcb.dsackFrom = seg.seq;
    tcb.dsackTo = end;
    tcb.earlyRecent = seg.seq;
    return 0;
  }
  if (early.add(seg.seq, end) === 0) return 0;
  tcp.stats.bytesIn += seg.length;
  tcb.earlyRecent = seg.seq;
  const offset = receiveBuffer.length + seqDiff(seg.seq, tcb.rcvNxt);
  receiveBuffer.put(tcp.memory, offset, m.bytes, seg.dataAt, seg.length);
  return 0;
}

/** The peer sends no more. */
function finArrives(tcp: Tcp, tcb: Tcb): number {
  tcb.rcvNxt = seqAdd(tcb.rcvNxt, 1);
  tcb.flags |= TF_ACK_NOW;
  const so = tcb.socket;
  if (so) so.state |= SS_CANT_RECEIVE;
  const after = nextState(tcb.state, RECEIVE_FIN);
  if (after === TIME_WAIT) enterTimeWait(tcp, tcb);
  else tcb.state = after;
  return POLLIN;
}
