/** Reno's additive increase and multiplicative decrease (RFC 5681), counting bytes (RFC 3465). */
import type { CongestionControl } from "./congestion.ts";

export const RENO: CongestionControl = {
  name: "reno",

  reset(tcb) {
    tcb.acked = 0;
  },

  avoid(tcb, acked) {
    tcb.acked += acked;
    if (tcb.acked < tcb.cwnd) return;
    tcb.acked -= tcb.cwnd;
    tcb.cwnd += tcb.maxSeg;
  },

  reduce(tcb, flight) {
    tcb.acked = 0;
    return Math.max(flight / 2, 2 * tcb.maxSeg) | 0;
  },
};
