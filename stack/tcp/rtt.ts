/** Round-trip time and retransmission time-out (RFC 6298). All times in nanoseconds. */
import { MILLISECOND } from "../clock.ts";

/** The estimator's fields; part of a connection's control block. */
export interface RttState {
  /** Smoothed round-trip time; 0 until the first measurement. */
  srtt: number;
  rttvar: number;
  /** Time-out before any backoff. */
  rto: number;
}

/** Clock granularity G: round trips are measured in this grain, timestamps tick in it. */
const GRANULARITY = MILLISECOND;

/** Bounds of the time-out. */
export interface RtoLimits {
  rtoInitial: number;
  rtoMin: number;
  rtoMax: number;
  /** Added to every time-out but the first of a SYN (FreeBSD `tcp_rexmit_slop`). */
  rtoSlop: number;
}

/** Forgets every measurement: section 2.1. */
export function resetRtt(state: RttState, limits: RtoLimits): void {
  state.srtt = 0;
  state.rttvar = 0;
  state.rto = limits.rtoInitial;
}

/**
 * Takes in a measured round trip of a segment that was not retransmitted (Karn's rule is the
 * caller's, section 3). `weight` is how many measurements of this round trip one is: with
 * timestamps there is one for every ACK, and each counts for 1/weight (RFC 7323 appendix G).
 */
export function sampleRtt(state: RttState, measured: number, limits: RtoLimits, weight = 1): void {
  const rtt = Math.max(measured, 1);
  if (state.srtt === 0) {
    state.srtt = rtt;
    state.rttvar = rtt / 2;
  } else {
    const error = Math.abs(state.srtt - rtt);
    state.rttvar += (error - state.rttvar) / (4 * weight);
    state.srtt += (rtt - state.srtt) / (8 * weight);
  }
  const rto = state.srtt + Math.max(GRANULARITY, 4 * state.rttvar);
  state.rto = Math.min(Math.max(rto, limits.rtoMin), limits.rtoMax);
}

/** The time-out after `shift` expiries in a row: doubled each time, up to the maximum (5.5). */
export function backedOff(state: RttState, shift: number, limits: RtoLimits): number {
  const slop = state.srtt === 0 && shift === 0 ? 0 : limits.rtoSlop;
  const doubled = shift === 0 ? state.rto : state.rto * 2 ** shift;
  return Math.min(doubled + slop, limits.rtoMax);
}
