/**
 * The sender's scoreboard (RFC 6675 sections 3 and 4): which octets the peer has selectively
 * acknowledged, which of the others count as lost, how many are still on their way, and which are
 * to be sent next.
 */
import { seqGt, seqLeq, seqLt, seqMax, seqMin } from "./sequence.ts";
import { type Tcb, TF_RESCUED } from "./tcb.ts";

/** Duplicate ACKs, or ranges above, that make an octet lost (DupThresh). */
export const DUP_THRESH = 3;

/**
 * Takes in one SACK block; octets not known before. Blocks that make no sense (outside what is
 * unacknowledged, D-SACKs below `sndUna`) are passed over.
 */
export function addSacked(tcb: Tcb, from: number, to: number): number {
  if (!seqLt(from, to) || seqLt(from, tcb.sndUna) || seqGt(to, tcb.sndMax)) return 0;
  return tcb.sacked.add(from, to);
}

/** IsLost: enough was received above `at` to say that it will not arrive. */
export function isLost(tcb: Tcb, at: number): boolean {
  const pairs = tcb.sacked.pairs;
  let ranges = 0;
  let octets = 0;
  for (let i = pairs.length - 2; i >= 0 && seqGt(pairs[i], at); i -= 2) {
    ranges++;
    octets += (pairs[i + 1] - pairs[i]) | 0;
  }
  return ranges >= DUP_THRESH || octets > (DUP_THRESH - 1) * tcb.maxSeg;
}

/**
 * SetPipe: octets in the network. Of the gaps between ranges, those not lost count once, and what
 * was retransmitted of any of them once more.
 */
export function pipe(tcb: Tcb): number {
  const pairs = tcb.sacked.pairs;
  let sum = 0;
  let ranges = 0;
  let octets = 0;
  let gapEnd = tcb.sndMax;
  // From the highest gap down: what lies above decides whether it is lost.
  for (let i = pairs.length - 2; ; i -= 2) {
    const gapStart = i >= 0 ? pairs[i + 1] : tcb.sndUna;
    if (seqLt(gapStart, gapEnd)) {
      const lost = ranges >= DUP_THRESH || octets > (DUP_THRESH - 1) * tcb.maxSeg;
      if (!lost) sum += (gapEnd - gapStart) | 0;
      const resent = seqMin(gapEnd, tcb.highRxt);
      if (seqLt(gapStart, resent)) sum += (resent - gapStart) | 0;
    }
    if (i < 0) return sum;
    ranges++;
    octets += (pairs[i + 1] - pairs[i]) | 0;
    gapEnd = pairs[i];
  }
}

/**
 * After a time-out, when everything is sent again: moves `sndNxt` past what the peer has by now said
 * it holds (RFC 6675 section 5.1, FreeBSD's `tcp_sack_adjust`). Octets from there to the next range
 * it holds, Infinity when there is none.
 */
export function skipSacked(tcb: Tcb): number {
  const pairs = tcb.sacked.pairs;
  for (let i = 0; i < pairs.length; i += 2) {
    if (seqGt(pairs[i], tcb.sndNxt)) return (pairs[i] - tcb.sndNxt) | 0;
    tcb.sndNxt = seqMax(tcb.sndNxt, pairs[i + 1]);
  }
  return Number.POSITIVE_INFINITY;
}

/** Octets below `at` that the peer holds: they are not in the network. */
export function sackedBelow(tcb: Tcb, at: number): number {
  const pairs = tcb.sacked.pairs;
  let octets = 0;
  for (let i = 0; i < pairs.length && seqLt(pairs[i], at); i += 2) {
    octets += (seqMin(pairs[i + 1], at) - pairs[i]) | 0;
  }
  return octets;
}

/** What `nextSegment` found: where to send from, and how far at most. */
export interface NextSegment {
  from: number;
  to: number;
  /** 1 to 4, the rule of RFC 6675 section 4 that applied; 0 for nothing to send. */
  rule: number;
}

/**
 * NextSeg. Rule 1: the lowest gap beyond what was retransmitted that is lost. Rule 2: new data,
 * which the caller knows of (`from` is then `sndMax`). Rule 3: such a gap though it is not lost.
 * Rule 4: once in a recovery, the last octets before the recovery point.
 */
export function nextSegment(tcb: Tcb, newData: boolean, into: NextSegment): void {
  const pairs = tcb.sacked.pairs;
  const start = seqMax(tcb.sndUna, tcb.highRxt);
  into.rule = 0;
  let from = start;
  for (let i = 0; i < pairs.length; i += 2) {
    if (seqLt(from, pairs[i])) {
      into.from = from;
      into.to = pairs[i];
      into.rule = isLost(tcb, from) ? 1 : 3;
      break;
    }
    from = seqMax(from, pairs[i + 1]);
  }
  if (into.rule === 1) return;
  if (newData) {
    into.from = tcb.sndMax;
    into.to = tcb.sndMax;
    into.rule = 2;
    return;
  }
  if (into.rule === 3 || tcb.flags & TF_RESCUED || seqLeq(tcb.recover, tcb.sndUna)) return;
  into.from = seqMax(tcb.sndUna, (tcb.recover - tcb.maxSeg) | 0);
  const last = pairs.length > 0 ? pairs[pairs.length - 1] : tcb.sndUna;
  if (seqGt(last, into.from)) into.from = last;
  into.to = tcb.recover;
  into.rule = seqLt(into.from, into.to) ? 4 : 0;
}
