/** TCP_INFO: a view of a connection for its user, with the field names of BSD and Linux. */
import { MICROSECOND } from "../clock.ts";
import { congestionName } from "./congestion.ts";
import { CLOSED, STATE_NAMES } from "./state.ts";
import {
  flightSize,
  has,
  type Tcb,
  TF_ECN,
  TF_FAST_RECOVERY,
  TF_SACK,
  TF_SCALE,
  TF_TIMEOUT_RECOVERY,
  TF_TIMESTAMPS,
} from "./tcb.ts";

export const TCPI_OPT_TIMESTAMPS = 1;
export const TCPI_OPT_SACK = 2;
export const TCPI_OPT_WSCALE = 4;
export const TCPI_OPT_ECN = 8;

export interface TcpInfo {
  /** Number of `state.ts`; `tcpi_state_name` is RFC 9293's. */
  tcpi_state: number;
  tcpi_state_name: string;
  /** TCPI_OPT_ bits agreed on. */
  tcpi_options: number;
  tcpi_snd_wscale: number;
  tcpi_rcv_wscale: number;
  /** Microseconds. */
  tcpi_rto: number;
  tcpi_rtt: number;
  tcpi_rttvar: number;
  /** Bytes. */
  tcpi_snd_mss: number;
  tcpi_rcv_mss: number;
  tcpi_snd_cwnd: number;
  tcpi_snd_ssthresh: number;
  tcpi_snd_wnd: number;
  tcpi_rcv_space: number;
  tcpi_unacked: number;
  tcpi_sacked: number;
  /** Sequence numbers, unsigned. */
  tcpi_snd_nxt: number;
  tcpi_rcv_nxt: number;
  /** Time-outs in a row; retransmitted segments in all; zero-window probes or keep-alives unanswered. */
  tcpi_backoff: number;
  tcpi_total_retrans: number;
  tcpi_probes: number;
  tcpi_bytes_acked: number;
  tcpi_bytes_received: number;
  /** 0 open, 3 fast recovery, 4 recovery from a time-out (Linux `tcpi_ca_state`). */
  tcpi_ca_state: number;
  tcpi_congestion: string;
}

/** What TCP_INFO answers about `tcb`. */
export function tcpInfo(tcb: Tcb): TcpInfo {
  const options =
    (has(tcb, TF_TIMESTAMPS) ? TCPI_OPT_TIMESTAMPS : 0) |
    (has(tcb, TF_SACK) ? TCPI_OPT_SACK : 0) |
    (has(tcb, TF_SCALE) ? TCPI_OPT_WSCALE : 0) |
    (has(tcb, TF_ECN) ? TCPI_OPT_ECN : 0);
  const caState = has(tcb, TF_FAST_RECOVERY) ? 3 : has(tcb, TF_TIMEOUT_RECOVERY) ? 4 : 0;
  return {
    tcpi_state: tcb.state,
    tcpi_state_name: STATE_NAMES[tcb.state] ?? STATE_NAMES[CLOSED],
    tcpi_options: options,
    tcpi_snd_wscale: tcb.sndScale,
    tcpi_rcv_wscale: tcb.rcvScale,
    tcpi_rto: Math.round(tcb.rto / MICROSECOND),
    tcpi_rtt: Math.round(tcb.srtt / MICROSECOND),
    tcpi_rttvar: Math.round(tcb.rttvar / MICROSECOND),
    tcpi_snd_mss: tcb.maxSeg,
    tcpi_rcv_mss: tcb.maxSeg,
    tcpi_snd_cwnd: tcb.cwnd,
    tcpi_snd_ssthresh: tcb.ssthresh,
    tcpi_snd_wnd: tcb.sndWnd,
    tcpi_rcv_space: tcb.rcvWnd,
    tcpi_unacked: flightSize(tcb),
    tcpi_sacked: tcb.sacked.octets,
    tcpi_snd_nxt: tcb.sndNxt >>> 0,
    tcpi_rcv_nxt: tcb.rcvNxt >>> 0,
    tcpi_backoff: tcb.backoff,
    tcpi_total_retrans: tcb.retransmits,
    tcpi_probes: tcb.keepProbes,
    tcpi_bytes_acked: tcb.bytesAcked,
    tcpi_bytes_received: tcb.bytesReceived,
    tcpi_ca_state: caState,
    tcpi_congestion: congestionName(tcb.congestion),
  };
}
