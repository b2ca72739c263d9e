/** A segment arrives in SYN-SENT (RFC 9293 section 3.10.7.3). */
import type { Mbuf } from "../mbuf.ts";
import { TH_ACK, TH_FIN, TH_RST, TH_SYN } from "../wire/tcp.ts";
import { enterClosed } from "./close.ts";
import { agreeOnSyn, agreeOnSynAck } from "./ecn.ts";
import { becomeEstablished, takeSynOptions } from "./establish.ts";
import { OUTPUT } from "./input.ts";
import { keepSynText, takeData } from "./input-data.ts";
import { resetStranger } from "./respond.ts";
import { sampleRtt } from "./rtt.ts";
import type { Segment } from "./segment.ts";
import { seqAdd, seqDiff, seqGt, seqLeq } from "./sequence.ts";
import { saveRoute } from "./source-route.ts";
import { nextState, RECEIVE_SYN, RECEIVE_SYN_ACK } from "./state.ts";
import { type Tcb, TF_ACK_NOW, TF_SYN_ACKED } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { startRetransmit, stopRetransmit } from "./timers.ts";
import { updateReceiveWindow } from "./window.ts";

/** Processes `seg`; POLL bits, and OUTPUT when something is to be sent. */
export function synSentInput(tcp: Tcp, tcb: Tcb, seg: Segment, m: Mbuf): number {
  const acked = (seg.flags & TH_ACK) !== 0;
  // First, the ACK: of our SYN and nothing else.
  if (acked && (seqLeq(seg.ack, tcb.iss) || seqGt(seg.ack, tcb.sndMax))) {
    tcp.stats.badAcks++;
    resetStranger(tcp, m, seg);
    return 0;
  }
  // Second, the reset: only with an acceptable ACK.
  if (seg.flags & TH_RST) {
    if (!acked) {
      tcp.stats.resetsRefused++;
      return 0;
    }
    tcp.stats.resetsIn++;
    enterClosed(tcp, tcb, "ECONNREFUSED");
    return 0;
  }
  if (!(seg.flags & TH_SYN)) return 0;

  // Fourth, the SYN. Its route is taken only here, when the segment is acceptable (Q12, Q13).
  tcb.irs = seg.seq;
  tcb.rcvNxt = seqAdd(seg.seq, 1);
  tcb.rcvAdv = tcb.rcvNxt;
  tcb.lastAckSent = tcb.rcvNxt;
  tcb.rcvUp = tcb.rcvNxt;
  updateReceiveWindow(tcb);
  if (tcp.routes.synAck) saveRoute(tcp, tcb);
  takeSynOptions(tcp, tcb, seg);
  tcb.flags |= TF_ACK_NOW;
  if (!acked) {
    // Simultaneous open.
    agreeOnSyn(tcp, tcb, seg);
    tcb.state = nextState(tcb.state, RECEIVE_SYN);
    keepSynText(tcp, tcb, seg, m);
    startRetransmit(tcp, tcb, tcp.now());
    return OUTPUT;
  }
  agreeOnSynAck(tcp, tcb, seg);
  if (tcb.rttStart >= 0) sampleRtt(tcb, tcp.now() - tcb.rttStart, tcp.config);
  tcb.rttStart = -1;
  tcb.sndUna = seg.ack;
  tcb.sndNxt = seqDiff(tcb.sndNxt, seg.ack) < 0 ? seg.ack : tcb.sndNxt;
  tcb.flags |= TF_SYN_ACKED;
  stopRetransmit(tcb);
  tcb.state = nextState(tcb.state, RECEIVE_SYN_ACK);
  const events = becomeEstablished(tcp, tcb, seg);
  seg.seq = tcb.rcvNxt;
  if (seg.length > tcb.rcvWnd) {
    seg.length = tcb.rcvWnd;
    seg.flags &= ~TH_FIN;
  }
  return events | takeData(tcp, tcb, seg, m) | OUTPUT;
}
