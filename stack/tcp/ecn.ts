/**
 * Explicit congestion notification: who agrees to what with the handshake (RFC 3168 section 6.1.1),
 * and the counting kind, AccECN (RFC 9768), which tells a sender of every mark, not of one a round trip.
 *
 * An AccECN connection says in three header bits (AE, CWR, ECE: the ACE field) how many marked
 * packets have come, modulo 8. `readAce` turns what the peer says into the ECE of RFC 3168, so that
 * the rest of TCP knows only one kind.
 */
import { TH_ACK, TH_AE, TH_CWR, TH_ECE, TH_SYN } from "../wire/tcp.ts";
import type { Segment } from "./segment.ts";
import {
  has,
  type Tcb,
  TF_ACCURATE_ECN,
  TF_ECN,
  TF_ECN_REDUCED,
  TF_OFFER_ECN,
  TF_PASSIVE,
} from "./tcb.ts";
import type { Tcp } from "./tcp.ts";

const ACE = TH_AE | TH_CWR | TH_ECE;
/** Where both counters begin, so that a counter differs from the bits of a handshake (3.2.1). */
const FIRST_COUNT = 5;
/** How a SYN's or SYN-ACK's codepoint (not-ECT, ECT(1), ECT(0), CE) is told to its sender (table 2). */
const SEEN_AS: readonly number[] = [TH_CWR, TH_CWR | TH_ECE, TH_AE, TH_AE | TH_CWR];
const MARKED = 3;

/** The bits that a SYN asks with, or a SYN-ACK answers. */
export function ecnSynFlags(tcp: Tcp, tcb: Tcb, answer: boolean): number {
  if (answer) {
    if (has(tcb, TF_ACCURATE_ECN)) return tcb.handshakeAce;
    return has(tcb, TF_ECN) ? TH_ECE : 0;
  }
  if (!has(tcb, TF_OFFER_ECN) || tcb.backoff > tcp.config.ecnRetries) return 0;
  return tcp.config.ecn === "accurate" ? ACE : TH_ECE | TH_CWR;
}

/** Takes what the SYN in `seg` asks for. */
export function agreeOnSyn(tcp: Tcp, tcb: Tcb, seg: Segment): void {
  const { ecn } = tcp.config;
  if (ecn === "off") return;
  if (ecn === "accurate" && seg.flags & TH_AE) beginCounting(tcb, seg);
  else if ((seg.flags & (TH_ECE | TH_CWR)) === (TH_ECE | TH_CWR)) tcb.flags |= TF_ECN;
}

/** Takes what the SYN-ACK in `seg` answers to our offer. */
export function agreeOnSynAck(tcp: Tcp, tcb: Tcb, seg: Segment): void {
  if (!has(tcb, TF_OFFER_ECN)) return;
  const answer = seg.flags & ACE;
  if ((answer & ~TH_AE) === TH_ECE) {
    if (answer === TH_ECE || tcp.config.ecn === "accurate") tcb.flags |= TF_ECN;
  } else if (tcp.config.ecn === "accurate" && SEEN_AS.includes(answer)) {
    beginCounting(tcb, seg);
    if (seg.ecn === MARKED) tcb.marksReceived++;
    if (answer === SEEN_AS[MARKED]) tcb.marksTold++;
  }
}

function beginCounting(tcb: Tcb, seg: Segment): void {
  tcb.flags |= TF_ECN | TF_ACCURATE_ECN;
  tcb.handshakeAce = SEEN_AS[seg.ecn];
  tcb.marksReceived = FIRST_COUNT + (seg.flags & TH_ACK || seg.ecn !== MARKED ? 0 : 1);
  tcb.marksTold = FIRST_COUNT;
}

/** The ACK that ends a passive open says how our SYN-ACK was seen. */
export function ecnOfHandshakeAck(tcb: Tcb, seg: Segment): void {
  if (!has(tcb, TF_ACCURATE_ECN)) return;
  tcb.handshakeAce = 0;
  if ((seg.flags & ACE) === SEEN_AS[MARKED]) tcb.marksTold++;
  seg.flags &= ~ACE;
}

/** Counts the mark of `seg` and reads its ACE field: more marks than before become an ECE. */
export function readAce(tcb: Tcb, seg: Segment): void {
  if (seg.ecn === MARKED) tcb.marksReceived++;
  const { flags } = seg;
  const told = (flags & TH_AE ? 4 : 0) | (flags & TH_CWR ? 2 : 0) | (flags & TH_ECE ? 1 : 0);
  const more = (told - tcb.marksTold) & 7;
  tcb.marksTold += more;
  seg.congestion = false;
  seg.flags = (flags & ~ACE) | (more > 0 ? TH_ECE : 0);
}

/** `flags` with the ACE field of a segment without SYN. The client's first tells of the SYN-ACK. */
export function withAce(tcb: Tcb, flags: number): number {
  if (!has(tcb, TF_ACCURATE_ECN) || flags & TH_SYN) return flags;
  tcb.flags &= ~TF_ECN_REDUCED;
  const count = tcb.marksReceived;
  let ace = (count & 4 ? TH_AE : 0) | (count & 2 ? TH_CWR : 0) | (count & 1 ? TH_ECE : 0);
  if (tcb.handshakeAce !== 0 && !has(tcb, TF_PASSIVE)) {
    ace = tcb.handshakeAce;
    tcb.handshakeAce = 0;
  }
  return (flags & ~ACE) | ace;
}
