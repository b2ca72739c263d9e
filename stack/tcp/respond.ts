/**
 * Segments that are not part of a stream (4.4BSD `tcp_respond`): resets, keep-alive probes,
 * challenge ACKs. Whether they carry the connection's IP options is a matter of the profile.
 */
import { SECOND } from "../clock.ts";
import { makeSendState, type SendState } from "../ip/send-options.ts";
import { type Address, In6Addr } from "../ip6/in6-addr.ts";
import type { Mbuf } from "../mbuf.ts";
import { TCP_HEADER_LENGTH, TH_ACK, TH_FIN, TH_RST, TH_SYN } from "../wire/tcp.ts";
import { withAce } from "./ecn.ts";
import { TIMESTAMP_LENGTH } from "./options.ts";
import type { Segment } from "./segment.ts";
import { sendToIp } from "./send-segment.ts";
import { seqAdd } from "./sequence.ts";
import { has, type Tcb, TF_ACK_NOW, TF_TIMESTAMPS } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { timestampNow } from "./timestamps.ts";
import { scaledWindow } from "./window.ts";

/** The IP options and settings that a response of a connection goes out with. */
function responseState(tcp: Tcp, tcb: Tcb): SendState {
  if (tcp.routes.responses || !tcb.ip.options) return tcb.ip;
  const plain = makeSendState();
  plain.ttl = tcb.ip.ttl;
  plain.tos = tcb.ip.tos;
  plain.sticky = tcb.ip.sticky;
  return plain;
}

/** Sends a segment without data for `tcb`, its numbers given. */
function respond(tcp: Tcp, tcb: Tcb, seq: number, ack: number, flags: number): void {
  const timestamps = has(tcb, TF_TIMESTAMPS) && !(flags & TH_RST);
  const m = tcp.stack.pool.get(TCP_HEADER_LENGTH + TIMESTAMP_LENGTH);
  if (!m) return;
  const { view, off } = m;
  tcp.writer.begin(view, off);
  if (timestamps) tcp.writer.timestamp(timestampNow(tcp, tcb), tcb.tsRecent);
  const header = tcp.writer.end();
  const window = flags & TH_RST ? 0 : scaledWindow(tcb, tcp.config.roundWindowUp);
  view.setUint16(off, tcb.localPort);
  view.setUint16(off + 2, tcb.remotePort);
  view.setInt32(off + 4, seq);
  view.setInt32(off + 8, ack);
  view.setUint16(off + 12, (header << 10) | (flags & TH_RST ? flags : withAce(tcb, flags)));
  view.setUint16(off + 14, window);
  view.setUint32(off + 16, 0);
  m.len = header;
  if (flags & TH_RST) tcp.stats.resetsOut++;
  sendToIp(tcp, m, tcb.local, tcb.remote, responseState(tcp, tcb));
}

/** Tells the peer that the connection is no more. */
export function sendReset(tcp: Tcp, tcb: Tcb): void {
  respond(tcp, tcb, tcb.sndMax, tcb.rcvNxt, TH_RST | TH_ACK);
}

/** A probe that the peer must answer: an old sequence number, no data (RFC 9293 section 3.8.4). */
export function probeKeepAlive(tcp: Tcp, tcb: Tcb): void {
  respond(tcp, tcb, seqAdd(tcb.sndUna, -1), tcb.rcvNxt, TH_ACK);
}

/**
 * An ACK that asks the sender of a suspicious segment to prove itself (RFC 5961 sections 3 to 5);
 * at most `challengeLimit` in a second for each connection (section 7).
 */
export function sendChallengeAck(tcp: Tcp, tcb: Tcb): void {
  const now = tcp.now();
  const { challengeLimit } = tcp.config;
  if (now - tcb.challengeAt >= SECOND) {
    tcb.challengeAt = now;
    tcb.challenges = 0;
  }
  if (challengeLimit > 0 && tcb.challenges >= challengeLimit) {
    tcp.stats.challengeLimited++;
    return;
  }
  tcb.challenges++;
  tcp.stats.challengeAcks++;
  tcb.flags &= ~TF_ACK_NOW;
  tcb.lastAckSent = tcb.rcvNxt;
  respond(tcp, tcb, tcb.sndMax, tcb.rcvNxt, TH_ACK);
}

/** Answers a segment that belongs to no connection with a reset (RFC 9293 section 3.10.7.1). */
export function resetStranger(tcp: Tcp, m: Mbuf, seg: Segment): void {
  if (seg.flags & TH_RST || tcp.config.blackhole) return;
  const { savedRoute, config } = tcp.stack;
  const local = addressAt(m, m.destinationAt);
  const remote = addressAt(m, m.sourceAt);
  const reply = tcp.stack.pool.get(TCP_HEADER_LENGTH);
  if (!reply) return;
  const { view, off } = reply;
  const hasAck = (seg.flags & TH_ACK) !== 0;
  const space = seg.length + (seg.flags & TH_SYN ? 1 : 0) + (seg.flags & TH_FIN ? 1 : 0);
  view.setUint16(off, seg.destinationPort);
  view.setUint16(off + 2, seg.sourcePort);
  view.setInt32(off + 4, hasAck ? seg.ack : 0);
  view.setInt32(off + 8, hasAck ? 0 : seqAdd(seg.seq, space));
  view.setUint16(off + 12, (TCP_HEADER_LENGTH << 10) | TH_RST | (hasAck ? 0 : TH_ACK));
  view.setUint16(off + 14, 0);
  view.setUint32(off + 16, 0);
  reply.len = TCP_HEADER_LENGTH;
  tcp.stats.resetsOut++;
  let state: SendState | null = null;
  if (tcp.routes.strangers && !savedRoute.empty) {
    state = makeSendState();
    state.options = savedRoute.reply(config.profile);
  }
  sendToIp(tcp, reply, local, remote, state);
}

/** The address of the packet's family at `at`. */
export const addressAt = (m: Mbuf, at: number): Address =>
  m.family === 4 ? m.view.getUint32(at) : In6Addr.read(m.view, at);
