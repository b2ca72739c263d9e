/** The timestamp clock and PAWS (RFC 7323 sections 3 to 5). */
import { MILLISECOND, SECOND } from "../clock.ts";
import type { Segment } from "./segment.ts";
import { seqAdd, seqGeq, seqGt, seqLeq, seqLt } from "./sequence.ts";
import type { Tcb } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";

/** A timestamp not renewed for so long proves nothing (section 5.5). */
const PAWS_IDLE = 24 * 24 * 3600 * SECOND;

/** Our timestamp clock for this connection: milliseconds, as a signed 32-bit number. */
export const timestampNow = (tcp: Tcp, tcb: Tcb): number =>
  (Math.floor(tcp.now() / MILLISECOND) + tcb.tsOffset) | 0;

/** Nanoseconds since this connection sent timestamp `echo`, in whole milliseconds. */
export const timestampAge = (tcp: Tcp, tcb: Tcb, echo: number): number =>
  ((timestampNow(tcp, tcb) - echo) | 0) * MILLISECOND;

/** True when PAWS says that the segment is an old duplicate: its timestamp went back. */
export function isOldDuplicate(tcp: Tcp, tcb: Tcb): boolean {
  const { options } = tcp;
  if (!options.hasTimestamp || tcb.tsRecent === 0 || !seqLt(options.tsVal, tcb.tsRecent)) {
    return false;
  }
  if (tcp.now() - tcb.tsRecentAt <= PAWS_IDLE) return true;
  tcb.tsRecent = 0;
  return false;
}

/** Keeps the timestamp to echo: of the segment that spans the last ACK sent (section 4.3). */
export function keepTimestamp(tcp: Tcp, tcb: Tcb, seg: Segment): void {
  const { options } = tcp;
  if (!options.hasTimestamp || seqGt(seg.seq, tcb.lastAckSent)) return;
  if (!seqLeq(tcb.lastAckSent, seqAdd(seg.seq, seg.space))) return;
  if (!seqGeq(options.tsVal, tcb.tsRecent) && tcb.tsRecent !== 0) return;
  tcb.tsRecent = options.tsVal;
  tcb.tsRecentAt = tcp.now();
}
