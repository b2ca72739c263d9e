/** CUBIC (RFC 9438). Windows inside are in segments, times in seconds, as the RFC's are. */
import { SECOND } from "../clock.ts";
import type { CongestionControl } from "./congestion.ts";

/** Section 4.1: how steep the cubic is, and what is left after a loss. */
const C = 0.4;
const BETA = 0.7;
/** Section 4.3: additive increase with the same average as Reno's. */
const ALPHA = (3 * (1 - BETA)) / (1 + BETA);

export const CUBIC: CongestionControl = {
  name: "cubic",

  reset(tcb) {
    tcb.acked = 0;
    tcb.cubicMax = 0;
    tcb.cubicEpoch = -1;
  },

  avoid(tcb, acked, now) {
    const mss = tcb.maxSeg;
    const cwnd = tcb.cwnd / mss;
    if (tcb.cubicEpoch < 0) {
      tcb.cubicEpoch = now;
      tcb.cubicReno = cwnd;
      tcb.cubicOrigin = Math.max(cwnd, tcb.cubicMax);
      tcb.cubicK = Math.cbrt((tcb.cubicOrigin - cwnd) / C);
    }
    const t = (now - tcb.cubicEpoch) / SECOND;
    const ahead = t + tcb.srtt / SECOND - tcb.cubicK;
    const target = Math.min(Math.max(tcb.cubicOrigin + C * ahead ** 3, cwnd), 1.5 * cwnd);
    const alpha = tcb.cubicReno >= tcb.cubicMax ? 1 : ALPHA;
    tcb.cubicReno += (alpha * acked) / tcb.cwnd;
    const here = tcb.cubicOrigin + C * (t - tcb.cubicK) ** 3;
    const grown =
      here < tcb.cubicReno ? tcb.cubicReno : cwnd + ((target - cwnd) * acked) / tcb.cwnd;
    tcb.cwnd = Math.max(tcb.cwnd, Math.floor(grown * mss));
  },

  reduce(tcb, flight) {
    const cwnd = tcb.cwnd / tcb.maxSeg;
    // Fast convergence (section 4.7): a flow that fell before it was back leaves room for others.
    tcb.cubicMax = cwnd < tcb.cubicMax ? (cwnd * (1 + BETA)) / 2 : cwnd;
    tcb.cubicEpoch = -1;
    return Math.max(flight * BETA, 2 * tcb.maxSeg) | 0;
  },
};
