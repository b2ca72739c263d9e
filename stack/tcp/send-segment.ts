/** Builds one segment of a connection and hands it to IP. */
import type { ErrorCode } from "../errors.ts";
import { ipOutput } from "../ip/ip-output.ts";
import type { SendState } from "../ip/send-options.ts";
import type { Address } from "../ip6/in6-addr.ts";
import { ip6Output } from "../ip6/ip6-output.ts";
import type { Mbuf } from "../mbuf.ts";
import { fold, sumBytes } from "../wire/checksum.ts";
import { IPPROTO_TCP } from "../wire/ipv4.ts";
import { TCP_MAX_HEADER_LENGTH, TH_ACK, TH_CWR, TH_ECE, TH_SYN, TH_URG } from "../wire/tcp.ts";
import { withAce } from "./ecn.ts";
import { announcedMss } from "./mss.ts";
import { seqAdd, seqDiff, seqGt } from "./sequence.ts";
import {
  has,
  NEVER,
  type Tcb,
  TF_ACCURATE_ECN,
  TF_ACK_NOW,
  TF_DELAYED_ACK,
  TF_ECN,
  TF_ECN_REDUCED,
  TF_NOOPT,
  TF_OFFER_SACK,
  TF_OFFER_SCALE,
  TF_OFFER_TIMESTAMPS,
  TF_PASSIVE,
  TF_SACK,
  TF_SCALE,
  TF_TIMESTAMPS,
  TF_ZERO_WINDOW_SENT,
} from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { timestampNow } from "./timestamps.ts";
import { receiveRoom, scaledWindow, TCP_MAXWIN, windowShift } from "./window.ts";

/** Explicit congestion notification in the IP header: this packet may be marked. */
const ECT0 = 2;

/**
 * Sends `length` octets of the send buffer from `offset`, as sequence number `seq`, with `flags`
 * (TH_ACK understood from SYN-RECEIVED on must be among them). Returns why IP refused, or null.
 */
export function sendSegment(
  tcp: Tcp,
  tcb: Tcb,
  seq: number,
  offset: number,
  length: number,
  flags: number,
): ErrorCode | null {
  const m = tcp.stack.pool.get(TCP_MAX_HEADER_LENGTH + length);
  if (!m) {
    tcp.stats.outputErrors++;
    return "ENOBUFS";
  }
  const { view, off } = m;
  const header = writeOptions(tcp, tcb, m, flags);
  const window = windowField(tcb, flags, tcp.config.roundWindowUp);
  let bits = flags;
  let urgent = 0;
  if (seqGt(tcb.sndUp, seq) && !(flags & TH_SYN)) {
    // The pointer says the octet after the urgent ones, as everyone does (RFC 6093).
    urgent = Math.min(seqDiff(tcb.sndUp, seq), 65535);
    bits |= TH_URG;
  }
  const fresh = length > 0 && has(tcb, TF_ECN) && seq === tcb.sndMax;
  const mayMark = fresh || marksControl(tcp, tcb, flags);
  const tells = fresh || (length > 0 && tcp.config.cwrOnRetransmit);
  if (tells && tcb.flags & TF_ECN_REDUCED) {
    bits |= TH_CWR;
    tcb.flags &= ~TF_ECN_REDUCED;
  }
  if (tcb.flags & TF_ACCURATE_ECN) bits = withAce(tcb, bits);
  view.setUint16(off, tcb.localPort);
  view.setUint16(off + 2, tcb.remotePort);
  view.setInt32(off + 4, seq);
  view.setInt32(off + 8, flags & TH_ACK ? tcb.rcvNxt : 0);
  view.setUint16(off + 12, (header << 10) | bits);
  view.setUint16(off + 14, window);
  view.setUint32(off + 16, urgent);
  if (length > 0) tcb.sendBuffer.read(offset, m.bytes, off + header, length);
  m.len = header + length;
  tcp.stats.bytesOut += length;
  acknowledged(tcb, flags, window);
  const { ip } = tcb;
  const { tos } = ip;
  if (mayMark) ip.tos = tos | ECT0;
  const error = sendToIp(tcp, m, tcb.local, tcb.remote, ip);
  ip.tos = tos;
  return error;
}

/** True when this packet, no new data, may be marked too. */
function marksControl(tcp: Tcp, tcb: Tcb, flags: number): boolean {
  const { ecnControl } = tcp.config;
  if (ecnControl === "none") return false;
  if (flags & TH_SYN && !(flags & TH_ACK)) return ecnControl === "all" && (flags & TH_ECE) !== 0;
  return has(tcb, TF_ECN) && (ecnControl === "all" || (flags & TH_SYN) !== 0);
}

/** What an outgoing ACK settles: the window promised, and that nothing more is owed. */
function acknowledged(tcb: Tcb, flags: number, window: number): void {
  if (!(flags & TH_ACK)) return;
  const scaled = flags & TH_SYN ? window : window << tcb.rcvScale;
  const edge = seqAdd(tcb.rcvNxt, scaled);
  if (seqGt(edge, tcb.rcvAdv)) tcb.rcvAdv = edge;
  if (scaled === 0) tcb.flags |= TF_ZERO_WINDOW_SENT;
  else tcb.flags &= ~TF_ZERO_WINDOW_SENT;
  tcb.lastAckSent = tcb.rcvNxt;
  tcb.flags &= ~(TF_ACK_NOW | TF_DELAYED_ACK);
  tcb.delayedAckAt = NEVER;
  tcb.dsackFrom = 0;
  tcb.dsackTo = 0;
}

function windowField(tcb: Tcb, flags: number, roundUp: boolean): number {
  if (flags & TH_SYN) return Math.min(receiveRoom(tcb), TCP_MAXWIN);
  return scaledWindow(tcb, roundUp);
}

/** Writes the options; returns the header's length. */
function writeOptions(tcp: Tcp, tcb: Tcb, m: Mbuf, flags: number): number {
  const { writer } = tcp;
  writer.begin(m.view, m.off);
  if (flags & TH_SYN) writeSynOptions(tcp, tcb, flags);
  else {
    if (tcb.flags & TF_TIMESTAMPS) writer.timestamp(timestampNow(tcp, tcb), tcb.tsRecent);
    if (tcb.flags & TF_SACK) {
      writer.sack(tcb.early, tcb.earlyRecent, tcb.dsackFrom, tcb.dsackTo);
    }
  }
  return writer.end();
}

/** MSS, window scale, SACK permitted, timestamps: all that is offered, or what the peer offered. */
function writeSynOptions(tcp: Tcp, tcb: Tcb, flags: number): void {
  const { writer, config } = tcp;
  if (has(tcb, TF_NOOPT)) return;
  writer.mss(announcedMss(tcp, tcb));
  if (config.dropSynOptions && tcb.backoff > 2 && !has(tcb, TF_PASSIVE)) return;
  const answer = (flags & TH_ACK) !== 0;
  const agreed = (offer: number, agreement: number) =>
    has(tcb, offer) && (!answer || has(tcb, agreement) || simultaneous(tcb, offer));
  if (agreed(TF_OFFER_SCALE, TF_SCALE)) writer.windowScale(windowShift(config.maxBuffer));
  if (agreed(TF_OFFER_SACK, TF_SACK)) writer.sackPermitted();
  if (agreed(TF_OFFER_TIMESTAMPS, TF_TIMESTAMPS)) {
    writer.timestamp(timestampNow(tcp, tcb), answer ? tcb.tsRecent : 0);
  }
}

/**
 * The SYN-ACK of a simultaneous open is our SYN again: scale and timestamps stay as first offered,
 * whatever the peer's SYN said meanwhile.
 */
const simultaneous = (tcb: Tcb, offer: number): boolean =>
  !has(tcb, TF_PASSIVE) && offer !== TF_OFFER_SACK;

/** Checksums the segment at `m.off` over its addresses and sends it; `m` is gone after. */
export function sendToIp(
  tcp: Tcp,
  m: Mbuf,
  local: Address,
  remote: Address,
  ip: SendState | null,
): ErrorCode | null {
  const { view, off, len } = m;
  const pseudo = IPPROTO_TCP + len + addressSum(local) + addressSum(remote);
  view.setUint16(off + 16, fold(sumBytes(view, off, len, pseudo)));
  tcp.stats.segmentsOut++;
  const error =
    typeof local === "number" && typeof remote === "number"
      ? ipOutput(tcp.stack, m, local, remote, IPPROTO_TCP, ip)
      : typeof local === "number" || typeof remote === "number"
        ? unlike(m)
        : ip6Output(tcp.stack, m, local, remote, IPPROTO_TCP, ip);
  if (error) tcp.stats.outputErrors++;
  return error;
}

const addressSum = (a: Address): number => (typeof a === "number" ? a : a.w0 + a.w1 + a.w2 + a.w3);

/** Addresses of two families: `bind` and `connect` do not let this happen. */
function unlike(m: Mbuf): ErrorCode {
  m.free();
  return "EAFNOSUPPORT";
}
