/** The acknowledgement of an acceptable segment (RFC 9293 section 3.10.7.4, fifth; RFC 5681). */
import type { Mbuf } from "../mbuf.ts";
import { POLLOUT } from "../socket.ts";
import { TH_ECE, TH_FIN } from "../wire/tcp.ts";
import { enterClosed, enterTimeWait, waitForPeer } from "./close.ts";
import { onAck } from "./congestion.ts";
import { becomeEstablished } from "./establish.ts";
import { OUTPUT } from "./input.ts";
import { takeSynText } from "./input-data.ts";
import { onDuplicateAck, onEcnEcho, onRecoveryAck, takeSackBlocks } from "./recovery.ts";
import { sendChallengeAck } from "./respond.ts";
import { sampleRtt } from "./rtt.ts";
import type { Segment } from "./segment.ts";
import { seqAdd, seqDiff, seqGeq, seqGt, seqLeq, seqLt, seqMax } from "./sequence.ts";
import {
  CLOSED,
  CLOSING,
  FIN_WAIT_1,
  LAST_ACK,
  nextState,
  RECEIVE_ACK_OF_FIN,
  RECEIVE_ACK_OF_SYN,
  TIME_WAIT,
} from "./state.ts";
import {
  flightSize,
  has,
  type Tcb,
  TF_ECN,
  TF_FAST_RECOVERY,
  TF_FIN_SENT,
  TF_PERSIST,
  TF_SACK,
  TF_SYN_ACKED,
  TF_TIMEOUT_RECOVERY,
  TF_TIMESTAMPS,
} from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { startRetransmit, stopRetransmit } from "./timers.ts";
import { timestampAge } from "./timestamps.ts";

/** The ACK is not one of ours: nothing more of the segment is used. */
export const REFUSED = -1;

/** The ACK of our SYN in SYN-RECEIVED; the connection is established. POLL bits or REFUSED. */
export function ackHandshake(tcp: Tcp, tcb: Tcb, seg: Segment): number {
  const { listener } = tcb;
  // No room to be accepted: the peer's next segment, or our SYN-ACK again, finds some (or gives up).
  if (listener?.queue?.full) {
    tcp.stats.listenOverflows++;
    return REFUSED;
  }
  if (tcb.rttStart >= 0) sampleRtt(tcb, tcp.now() - tcb.rttStart, tcp.config);
  tcb.rttStart = -1;
  tcb.sndUna = seqAdd(tcb.iss, 1);
  tcb.sndNxt = seqMax(tcb.sndNxt, tcb.sndUna);
  tcb.flags |= TF_SYN_ACKED;
  stopRetransmit(tcb);
  tcb.state = nextState(tcb.state, RECEIVE_ACK_OF_SYN);
  const events = becomeEstablished(tcp, tcb, seg) | takeSynText(tcp, tcb);
  tcb.sndWnd = seg.window << tcb.sndScale;
  tcb.maxSndWnd = Math.max(tcb.maxSndWnd, tcb.sndWnd);
  return events;
}

/** Takes in `seg`'s ACK and window. POLL bits, or REFUSED. */
export function ackSegment(tcp: Tcp, tcb: Tcb, seg: Segment, m: Mbuf): number {
  const early = seqGt(seg.ack, tcb.sndMax);
  if (early || seqLt(seg.ack, (tcb.sndUna - tcb.maxSndWnd) | 0)) {
    // Of what was never sent, or long ago (RFC 5961 section 5.2).
    tcp.stats.badAcks++;
    sendChallengeAck(tcp, tcb);
    return REFUSED;
  }
  const fresh =
    has(tcb, TF_SACK) && tcp.options.sackCount > 0 ? takeSackBlocks(tcp, tcb, m.view) : 0;
  if (has(tcb, TF_ECN) && seg.flags & TH_ECE) onEcnEcho(tcp, tcb);
  const events = seqGt(seg.ack, tcb.sndUna) ? newAck(tcp, tcb, seg) : oldAck(tcp, tcb, seg, fresh);
  if (tcb.state !== CLOSED && tcb.state !== TIME_WAIT) updateSendWindow(tcp, tcb, seg);
  return events;
}

/** Nothing newly acknowledged: a duplicate in RFC 5681's sense, or only an old ACK. */
function oldAck(tcp: Tcp, tcb: Tcb, seg: Segment, fresh: number): number {
  const outstanding = tcb.sndMax !== tcb.sndUna;
  const window = seg.window << tcb.sndScale;
  const plain = seg.length === 0 && !(seg.flags & TH_FIN);
  const sameWindow = window === tcb.sndWnd || fresh > 0;
  if (!outstanding || seg.ack !== tcb.sndUna || has(tcb, TF_PERSIST)) {
    tcb.dupAcks = 0;
    return 0;
  }
  if (plain && sameWindow && (!has(tcb, TF_SACK) || fresh > 0 || tcb.sacked.count === 0)) {
    onDuplicateAck(tcp, tcb);
  }
  return 0;
}

function newAck(tcp: Tcp, tcb: Tcb, seg: Segment): number {
  const now = tcp.now();
  const flight = flightSize(tcb);
  const acked = seqDiff(seg.ack, tcb.sndUna);
  const queued = tcb.sendBuffer.length;
  const finAcked = has(tcb, TF_FIN_SENT) && acked > queued;
  measure(tcp, tcb, seg, now);
  tcb.sendBuffer.drop(Math.min(acked, queued));
  tcb.bytesAcked += Math.min(acked, queued);
  tcb.sndUna = seg.ack;
  if (seqLt(tcb.sndNxt, tcb.sndUna)) tcb.sndNxt = tcb.sndUna;
  if (seqLt(tcb.sndUp, tcb.sndUna)) tcb.sndUp = tcb.sndUna;
  tcb.sacked.trimBefore(tcb.sndUna);
  tcb.backoff = 0;
  if (has(tcb, TF_FAST_RECOVERY)) onRecoveryAck(tcp, tcb, acked);
  else {
    tcb.dupAcks = 0;
    if (has(tcb, TF_TIMEOUT_RECOVERY) && seqGeq(tcb.sndUna, tcb.recover)) {
      tcb.flags &= ~TF_TIMEOUT_RECOVERY;
    }
    // No growth by an ACK that says congestion (RFC 3168 section 6.1.2).
    if (!(has(tcb, TF_ECN) && seg.flags & TH_ECE)) onAck(tcb, acked, flight, now);
  }
  if (tcb.sndUna === tcb.sndMax) stopRetransmit(tcb);
  else if (!has(tcb, TF_PERSIST)) startRetransmit(tcp, tcb, now);
  if (tcb.sendBuffer.length === 0) tcb.sendBuffer.release(tcp.memory);
  if (finAcked) ackOfFin(tcp, tcb);
  const so = tcb.socket;
  return so && tcb.sndLimit - tcb.sendBuffer.length >= so.sendLow ? POLLOUT | OUTPUT : OUTPUT;
}

/** The round trip of the timed segment; with timestamps also of one that was sent twice. */
function measure(tcp: Tcp, tcb: Tcb, seg: Segment, now: number): void {
  if (tcb.rttStart >= 0 && seqGt(seg.ack, tcb.rttSeq)) {
    sampleRtt(tcb, now - tcb.rttStart, tcp.config);
    tcb.rttStart = -1;
  } else if (tcb.rttStart < 0 && has(tcb, TF_TIMESTAMPS) && tcp.options.tsEcr !== 0) {
    const age = timestampAge(tcp, tcb, tcp.options.tsEcr);
    if (age >= 0) sampleRtt(tcb, age, tcp.config);
  }
}

function ackOfFin(tcp: Tcp, tcb: Tcb): void {
  const before = tcb.state;
  const after = nextState(before, RECEIVE_ACK_OF_FIN);
  if (before === FIN_WAIT_1) {
    tcb.state = after;
    waitForPeer(tcp, tcb);
  } else if (before === CLOSING) enterTimeWait(tcp, tcb);
  else if (before === LAST_ACK) enterClosed(tcp, tcb, null);
}

/** The peer's window, if the segment is not older than what last told it (RFC 9293 3.10.7.4). */
function updateSendWindow(tcp: Tcp, tcb: Tcb, seg: Segment): void {
  const newer =
    seqLt(tcb.sndWl1, seg.seq) || (tcb.sndWl1 === seg.seq && seqLeq(tcb.sndWl2, seg.ack));
  if (!newer || seqLt(seg.ack, tcb.sndUna)) return;
  tcb.sndWnd = seg.window << tcb.sndScale;
  tcb.sndWl1 = seg.seq;
  tcb.sndWl2 = seg.ack;
  if (tcb.sndWnd > tcb.maxSndWnd) tcb.maxSndWnd = tcb.sndWnd;
  if (tcb.sndWnd > 0 && has(tcb, TF_PERSIST)) {
    tcb.backoff = 0;
    stopRetransmit(tcb);
    if (tcb.sndMax !== tcb.sndUna) startRetransmit(tcp, tcb, tcp.now());
  }
}
