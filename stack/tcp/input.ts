/**
 * A segment arrives (RFC 9293 section 3.10.7, in its order; 4.4BSD `tcp_input`).
 *
 * Nothing leaves and nobody is told before the segment is dealt with: output is the last but one
 * step, the user's callback the last, so neither can change a connection under our hands.
 */
import { M_BROADCAST, M_LINK_BROADCAST, type Mbuf } from "../mbuf.ts";
import { POLLIN } from "../socket.ts";
import type { Stack } from "../stack.ts";
import { foldSum, pseudoHeaderV4, pseudoHeaderV6, sumBytes } from "../wire/checksum.ts";
import { IPPROTO_TCP } from "../wire/ipv4.ts";
import { TCP_HEADER_LENGTH, TH_FIN, TH_SYN } from "../wire/tcp.ts";
import { synchronizedInput } from "./input-synchronized.ts";
import { listenInput } from "./listen.ts";
import { tcpOutput } from "./output.ts";
import { resetStranger } from "./respond.ts";
import { CLOSED, SYN_SENT, TIME_WAIT } from "./state.ts";
import { synSentInput } from "./syn-sent.ts";
import type { Tcb } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { timeWaitInput } from "./time-wait.ts";
import { restartKeepAlive } from "./timers.ts";

/** Beside the POLL bits, what processing a segment comes to: `tcpOutput` is to be called. */
export const OUTPUT = 1 << 16;

/** Takes the segment at `m.off` and owns `m`. */
export function tcpInput(tcp: Tcp, stack: Stack, m: Mbuf): void {
  const seg = tcp.segment;
  tcp.stats.segmentsIn++;
  if (m.len < TCP_HEADER_LENGTH) {
    stack.drop(m, "tcpTooShort");
    return;
  }
  if (!checksumIsRight(m)) {
    stack.drop(m, "tcpBadChecksum");
    return;
  }
  if (!seg.read(m)) {
    stack.drop(m, "tcpBadOffset");
    return;
  }
  if (m.flags & (M_BROADCAST | M_LINK_BROADCAST)) {
    stack.drop(m, "tcpDropped");
    return;
  }
  if (tcp.routes.refuse && stack.savedRoute.count > 0) {
    stack.drop(m, "sourceRouteRefused");
    return;
  }
  const bothEnds = TH_SYN | TH_FIN;
  if (tcp.config.dropSynFin && (seg.flags & bothEnds) === bothEnds) {
    stack.drop(m, "tcpDropped");
    return;
  }
  seg.ecn = congestionMark(m);
  seg.congestion = seg.ecn === 3;
  tcp.options.parse(m.view, m.off, seg.headerLength);
  const { table } = tcp;
  let tcb = table.lookup(
    m.view,
    m.family,
    m.destinationAt,
    seg.destinationPort,
    m.sourceAt,
    seg.sourcePort,
  );
  if (tcb === null && tcp.anycast) tcb = tcp.anycast.adopt(m, seg);
  if (tcb && tcb.state === TIME_WAIT) tcb = timeWaitInput(tcp, tcb, seg);
  if (tcb === null) {
    const listener = table.listening(m.view, m.family, m.destinationAt, seg.destinationPort);
    tcb = listener?.queue ? listenInput(tcp, listener, seg, m) : null;
    if (!tcb) {
      if (!listener?.queue) {
        stack.stats.drop("tcpNoPort");
        resetStranger(tcp, m, seg);
      }
      m.free();
      return;
    }
  }
  if (tcb.state !== CLOSED) segmentArrives(tcp, tcb, m);
  m.free();
}

/** A segment for a connection: process, send, tell. */
function segmentArrives(tcp: Tcp, tcb: Tcb, m: Mbuf): void {
  const now = tcp.now();
  const seg = tcp.segment;
  tcb.heardAt = now;
  restartKeepAlive(tcp, tcb, now);
  const events =
    tcb.state === SYN_SENT
      ? synSentInput(tcp, tcb, seg, m)
      : tcb.state === TIME_WAIT
        ? 0
        : synchronizedInput(tcp, tcb, seg, m);
  const { wakeListener } = tcp;
  tcp.wakeListener = null;
  if (events & OUTPUT && tcb.state !== CLOSED) tcpOutput(tcp, tcb);
  wakeListener?.socket?.wake(POLLIN);
  tcb.socket?.wake(events & ~OUTPUT);
}

function checksumIsRight(m: Mbuf): boolean {
  const { view, off, len, sourceAt, destinationAt } = m;
  const pseudo =
    m.family === 4
      ? pseudoHeaderV4(view.getUint32(sourceAt), view.getUint32(destinationAt), IPPROTO_TCP, len)
      : pseudoHeaderV6(view, sourceAt, view, destinationAt, IPPROTO_TCP, len);
  return foldSum(sumBytes(view, off, len, pseudo)) === 0xffff;
}

/** The two ECN bits of the IP header (RFC 3168 section 5). */
function congestionMark(m: Mbuf): number {
  if (m.family === 4) return m.view.getUint8(m.ipAt + 1) & 3;
  return (m.view.getUint8(m.ipAt + 1) >>> 4) & 3;
}
