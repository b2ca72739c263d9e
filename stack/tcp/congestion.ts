/**
 * Congestion control: what decides how the window grows and how far it falls. When a loss has
 * happened and what is sent again is not decided here (`recovery.ts`). Windows are bytes.
 */
import { CUBIC } from "./congestion-cubic.ts";
import { RENO } from "./congestion-reno.ts";
import type { Tcb } from "./tcb.ts";

export interface CongestionControl {
  readonly name: CongestionName;
  /** A connection begins, or begins again after idleness: forget what the window was. */
  reset(tcb: Tcb): void;
  /**
   * `acked` octets were acknowledged for the first time, outside recovery and while the window was
   * the limit, in congestion avoidance: raise `cwnd`.
   */
  avoid(tcb: Tcb, acked: number, now: number): void;
  /** A loss, or an ECN echo, with `flight` octets outstanding: the new `ssthresh`. */
  reduce(tcb: Tcb, flight: number): number;
}

export type CongestionName = "reno" | "cubic";

/** Every algorithm; `Tcb.congestion` is an index into it. */
export const CONGESTION_CONTROLS: readonly CongestionControl[] = [RENO, CUBIC];

export const congestionName = (index: number): CongestionName => CONGESTION_CONTROLS[index].name;

/** Index of the algorithm called `name`, −1 for none. */
export const congestionIndex = (name: string): number =>
  CONGESTION_CONTROLS.findIndex((each) => each.name === name);

/** Octets that one ACK may open the window by in slow start, in segments (RFC 3465's L). */
const SLOW_START_LIMIT = 2;

/**
 * New data was acknowledged outside recovery. Grows the window only when it was what held sending
 * back: `flight` octets were out before the ACK.
 */
export function onAck(tcb: Tcb, acked: number, flight: number, now: number): void {
  if (tcb.cwnd < tcb.ssthresh) {
    if (tcb.cwnd < 2 * flight + tcb.maxSeg) {
      tcb.cwnd += Math.min(acked, SLOW_START_LIMIT * tcb.maxSeg);
    }
  } else if (flight + tcb.maxSeg > tcb.cwnd) {
    CONGESTION_CONTROLS[tcb.congestion].avoid(tcb, acked, now);
  }
}

/**
 * The initial window of RFC 6928 for ten segments or more, for fewer RFC 5681's (2 to 4 segments by
 * their size); `lostSyn` makes it one segment (RFC 5681 section 3.1).
 */
export function initialWindow(mss: number, segments: number, lostSyn: boolean): number {
  if (lostSyn) return mss;
  if (segments >= 10) return Math.min(segments * mss, Math.max(2 * mss, (segments * 14600) / 10));
  const classic = mss > 2190 ? 2 : mss > 1095 ? 3 : 4;
  return Math.min(segments, classic) * mss;
}
