/** A segment arrives in TIME-WAIT (RFC 9293 section 3.10.7.4, RFC 6191, RFC 1337). */
import { TH_ACK, TH_FIN, TH_RST, TH_SYN } from "../wire/tcp.ts";
import { enterClosed } from "./close.ts";
import { transmit } from "./output.ts";
import type { Segment } from "./segment.ts";
import { seqAdd, seqGt, seqLt } from "./sequence.ts";
import { has, type Tcb, TF_TIMESTAMPS } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { startWait } from "./timers.ts";

/**
 * Deals with `seg`. Returns null when the old connection was ended for a SYN that may begin a new
 * one on its addresses and ports, the block in TIME-WAIT otherwise.
 */
export function timeWaitInput(tcp: Tcp, tcb: Tcb, seg: Segment): Tcb | null {
  if (seg.flags & TH_RST) return tcb;
  if (seg.flags & TH_SYN && !(seg.flags & TH_ACK)) {
    if (mayReuse(tcp, tcb, seg)) {
      tcp.stats.timeWaitReused++;
      tcp.lastUsed = tcb.sndMax;
      enterClosed(tcp, tcb, null);
      return null;
    }
    if (!tcp.config.answerSynInTimeWait) return tcb;
  }
  const { options } = tcp;
  if (has(tcb, TF_TIMESTAMPS) && !options.hasTimestamp && !tcp.config.tolerateMissingTimestamps) {
    tcp.stats.missingTimestamps++;
    return tcb;
  }
  if (!(seg.flags & (TH_ACK | TH_SYN))) return tcb;
  // The last ACK was lost: the peer sends its FIN again, and the wait begins again.
  if (seg.flags & TH_FIN && seqAdd(seg.seq, seg.length + 1) === tcb.rcvNxt) {
    startWait(tcp, tcb, tcp.now(), 2 * tcp.config.msl);
  }
  const expected = seg.seq === tcb.rcvNxt && seg.space === 0 && seg.ack === tcb.sndMax;
  if (expected) return tcb;
  if (tcp.routes.timeWaitByCause) {
    const { savedRoute, config } = tcp.stack;
    tcb.ip.options = savedRoute.reply(config.profile);
    tcb.ip.routeGeneration = -1;
  }
  transmit(tcp, tcb, tcb.sndMax, 0, 0, false);
  return tcb;
}

/**
 * True when the SYN cannot be an old duplicate: its timestamp is later than the last one received,
 * or without timestamps its number is beyond all that was (RFC 6191 section 2, RFC 1122 4.2.2.13).
 */
function mayReuse(tcp: Tcp, tcb: Tcb, seg: Segment): boolean {
  const { options } = tcp;
  if (has(tcb, TF_TIMESTAMPS) && options.hasTimestamp) {
    if (seqLt(tcb.tsRecent, options.tsVal)) return true;
    if (options.tsVal !== tcb.tsRecent) return false;
  }
  return seqGt(seg.seq, tcb.rcvNxt);
}
