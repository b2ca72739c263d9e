/** What the handshake settles: options agreed on, windows, and who is told. */
import { POLLOUT, SS_CONNECTED, SS_CONNECTING } from "../socket.ts";
import { TH_SYN } from "../wire/tcp.ts";
import { CONGESTION_CONTROLS, initialWindow } from "./congestion.ts";
import { learnPathMtu, takePeerMss } from "./mss.ts";
import { TCP_MAX_WINSHIFT } from "./options.ts";
import type { Segment } from "./segment.ts";
import { seqAdd } from "./sequence.ts";
import { ESTABLISHED, nextState, USER_CLOSE } from "./state.ts";
import {
  has,
  NEVER,
  type Tcb,
  TF_FIN_QUEUED,
  TF_NOOPT,
  TF_OFFER_SACK,
  TF_OFFER_SCALE,
  TF_OFFER_TIMESTAMPS,
  TF_QUEUED,
  TF_SACK,
  TF_SCALE,
  TF_TIMESTAMPS,
} from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { restartKeepAlive } from "./timers.ts";
import { windowShift } from "./window.ts";

/** Takes in the options and window of the peer's SYN: what both offer is agreed. */
export function takeSynOptions(tcp: Tcp, tcb: Tcb, seg: Segment): void {
  const { options } = tcp;
  const offers = has(tcb, TF_NOOPT) ? 0 : tcb.flags;
  if (offers & TF_OFFER_SCALE && options.windowScale >= 0) {
    tcb.flags |= TF_SCALE;
    tcb.sndScale = Math.min(options.windowScale, TCP_MAX_WINSHIFT);
    tcb.rcvScale = windowShift(tcp.config.maxBuffer);
  }
  if (offers & TF_OFFER_TIMESTAMPS && options.hasTimestamp) {
    tcb.flags |= TF_TIMESTAMPS;
    tcb.tsRecent = options.tsVal;
    tcb.tsRecentAt = tcp.now();
  }
  if (offers & TF_OFFER_SACK && options.sackPermitted) tcb.flags |= TF_SACK;
  learnPathMtu(tcp, tcb);
  takePeerMss(tcp, tcb, options.mss);
  // The window of a segment with SYN is never scaled.
  tcb.sndWnd = seg.window;
  tcb.maxSndWnd = seg.window;
  tcb.sndWl1 = seg.seq;
  tcb.sndWl2 = seg.ack;
}

/** The handshake is over: the window to begin with, keep-alive, and the user; POLL bits. */
export function becomeEstablished(tcp: Tcp, tcb: Tcb, seg: Segment): number {
  const { config, stats } = tcp;
  stats.established++;
  if (!(seg.flags & TH_SYN)) tcb.sndWl1 = seqAdd(seg.seq, -1);
  tcb.cwnd = initialWindow(tcb.maxSeg, config.initialWindow, tcb.backoff > 0);
  tcb.ssthresh = 0x3fffffff;
  CONGESTION_CONTROLS[tcb.congestion].reset(tcb);
  tcb.backoff = 0;
  tcb.recover = tcb.iss;
  tcb.sndUp = tcb.sndUna;
  tcb.keepAt = NEVER;
  tcb.sentAt = tcp.now();
  restartKeepAlive(tcp, tcb, tcp.now());
  if (has(tcb, TF_FIN_QUEUED)) tcb.state = nextState(ESTABLISHED, USER_CLOSE);
  const so = tcb.socket;
  if (so) {
    so.state &= ~SS_CONNECTING;
    so.state |= SS_CONNECTED;
    return POLLOUT;
  }
  const { listener } = tcb;
  if (listener?.queue) {
    stats.accepts++;
    listener.queue.halfOpen--;
    listener.queue.push(tcb);
    tcb.flags |= TF_QUEUED;
    tcp.wakeListener = listener;
  }
  return 0;
}
