/** A segment arrives for a listening endpoint (RFC 9293 section 3.10.7.2). */
import type { Mbuf } from "../mbuf.ts";
import { TH_ACK, TH_RST, TH_SYN } from "../wire/tcp.ts";
import { agreeOnSyn } from "./ecn.ts";
import { takeSynOptions } from "./establish.ts";
import { tcpOutput } from "./output.ts";
import { addressAt, resetStranger } from "./respond.ts";
import type { Segment } from "./segment.ts";
import { seqAdd, seqLeq } from "./sequence.ts";
import { saveRoute } from "./source-route.ts";
import { LISTEN, nextState, RECEIVE_SYN } from "./state.ts";
import { acceptCookie, answerWithCookie, cookiesAreOut } from "./syn-cookie.ts";
import { NEVER, type Tcb, TF_CORK, TF_KEEPALIVE, TF_NODELAY, TF_NOOPT, TF_PASSIVE } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { armFor } from "./timers.ts";
import { updateReceiveWindow } from "./window.ts";

/** What a connection takes over from its listener, besides limits and times. */
const INHERITED = TF_NODELAY | TF_NOOPT | TF_CORK | TF_KEEPALIVE;

/**
 * Deals with `seg`. Returns a connection that the segment is to be processed for (its SYN having
 * been answered with a cookie), or null when all is done.
 */
export function listenInput(tcp: Tcp, listener: Tcb, seg: Segment, m: Mbuf): Tcb | null {
  if (seg.flags & TH_RST) return null;
  const { queue } = listener;
  if (!queue) return null;
  if (seg.flags & TH_ACK) {
    if (!(seg.flags & TH_SYN) && !queue.full && cookiesAreOut(tcp, queue)) {
      const tcb = acceptCookie(tcp, makeChild(tcp, listener, seg, m), seg);
      if (tcb) {
        queue.halfOpen++;
        enter(tcp, tcb);
        return tcb;
      }
      // Perhaps a later segment that overtook the one with the cookie's proof: no reset for that.
      return null;
    }
    resetStranger(tcp, m, seg);
    return null;
  }
  if (!(seg.flags & TH_SYN)) return null;
  if (queue.full) {
    tcp.stats.listenOverflows++;
    return null;
  }
  const { synCookies, synBacklog } = tcp.config;
  const overflow = queue.halfOpen >= synBacklog;
  if (overflow && synCookies === "never") {
    tcp.stats.listenOverflows++;
    return null;
  }
  const tcb = makeChild(tcp, listener, seg, m);
  synReceived(tcp, tcb, seg);
  if (overflow || synCookies === "always") {
    queue.cookieAt = tcp.now();
    answerWithCookie(tcp, tcb);
    tcp.forget(tcb);
    return null;
  }
  queue.halfOpen++;
  tcb.iss = chooseIss(tcp, tcb);
  tcb.sndUna = tcb.iss;
  tcb.sndNxt = tcb.iss;
  tcb.sndMax = tcb.iss;
  tcb.tsOffset = tcp.sequence.timestampOffset(tcb);
  enter(tcp, tcb);
  tcpOutput(tcp, tcb);
  return null;
}

/** Beyond everything the last connection of these addresses and ports used, if there was one. */
function chooseIss(tcp: Tcp, tcb: Tcb): number {
  const iss = tcp.sequence.iss(tcb);
  const { lastUsed } = tcp;
  tcp.lastUsed = null;
  return lastUsed !== null && seqLeq(iss, lastUsed) ? seqAdd(lastUsed, 0x10000) : iss;
}

/** A control block for the peer that sent `seg`, with the listener's settings. */
function makeChild(tcp: Tcp, listener: Tcb, seg: Segment, m: Mbuf): Tcb {
  const tcb = tcp.makeTcb(listener.family);
  tcb.local = addressAt(m, m.destinationAt);
  tcb.localPort = seg.destinationPort;
  tcb.remote = addressAt(m, m.sourceAt);
  tcb.remotePort = seg.sourcePort;
  tcb.flags = (tcb.flags & ~TF_NODELAY) | (listener.flags & INHERITED) | TF_PASSIVE;
  tcb.listener = listener;
  tcb.sndLimit = listener.sndLimit;
  tcb.rcvLimit = listener.rcvLimit;
  tcb.userMss = listener.userMss;
  tcb.congestion = listener.congestion;
  tcb.keepIdle = listener.keepIdle;
  tcb.keepInterval = listener.keepInterval;
  tcb.keepCount = listener.keepCount;
  tcb.keepInit = listener.keepInit;
  // The listener's own IP options are not inherited (specification 4.8).
  tcb.ip.ttl = listener.ip.ttl;
  tcb.ip.tos = listener.ip.tos;
  tcb.ip.dontFragment = tcp.config.pathMtuDiscovery;
  tcp.anycast?.accepting(tcb);
  return tcb;
}

/** The connection is in SYN-RECEIVED: its SYN's number, options, window and route are kept. */
function synReceived(tcp: Tcp, tcb: Tcb, seg: Segment): void {
  tcb.irs = seg.seq;
  tcb.rcvNxt = seqAdd(seg.seq, 1);
  tcb.rcvAdv = tcb.rcvNxt;
  tcb.rcvUp = tcb.rcvNxt;
  tcb.lastAckSent = tcb.rcvNxt;
  updateReceiveWindow(tcb);
  saveRoute(tcp, tcb);
  takeSynOptions(tcp, tcb, seg);
  agreeOnSyn(tcp, tcb, seg);
  tcb.state = nextState(LISTEN, RECEIVE_SYN);
}

function enter(tcp: Tcp, tcb: Tcb): void {
  const now = tcp.now();
  tcb.openedAt = now;
  tcb.heardAt = now;
  tcp.table.connect(tcb);
  if (tcb.keepInit === NEVER) return;
  tcb.keepAt = now + tcb.keepInit;
  armFor(tcp, tcb, tcb.keepAt);
}
