/** ICMPv6 (RFC 4443): answers echo requests, reports errors, hands errors to their protocols. */
import { ExtensionChain } from "../../ipopts/v6/chain.ts";
import { finalDestinationAt } from "../../ipopts/v6/routing.ts";
import type { ErrorCode } from "../errors.ts";
import { RateLimit } from "../ip/icmp-error.ts";
import { makeSendState } from "../ip/send-options.ts";
import { M_BROADCAST, M_LINK_BROADCAST, type Mbuf } from "../mbuf.ts";
import type { ControlError, Protocol } from "../protosw.ts";
import type { Stack } from "../stack.ts";
import type { DropReason } from "../stats.ts";
import { fold, foldSum, sumBytes } from "../wire/checksum.ts";
import { IPPROTO_ICMPV6, IPPROTO_ROUTING } from "../wire/ipv6.ts";
import { In6Addr, isMulticast6At } from "./in6-addr.ts";
import { ip6Output } from "./ip6-output.ts";

export const UNREACHABLE = 1;
export const PACKET_TOO_BIG = 2;
export const TIME_EXCEEDED = 3;
export const PARAMETER_PROBLEM = 4;
const ECHO = 128;
const ECHO_REPLY = 129;

/** Code of `UNREACHABLE`: nothing in the routing table. */
export const NO_ROUTE = 0;
/** Code of `PARAMETER_PROBLEM`. */
export const UNKNOWN_NEXT_HEADER = 1;
/** Code of `UNREACHABLE`. */
export const PORT_UNREACHABLE = 4;
/** RFC 4443 section 2.4 c: an error with its quote is no longer than this. */
const LONGEST_ERROR = 1280;

/** Sum of the pseudo-header of a packet between the addresses at `m.sourceAt` and `m.destinationAt`. */
function pseudoSum6(m: Mbuf, protocol: number, length: number): number {
  return (
    sumBytes(m.view, m.sourceAt, 16, sumBytes(m.view, m.destinationAt, 16)) + protocol + length
  );
}

export class Icmp6 implements Protocol {
  readonly name = "icmp6";
  private readonly stack: Stack;
  private readonly limit: RateLimit;
  private readonly chain = new ExtensionChain();
  private readonly notice: ControlError = {
    family: 6,
    type: 0,
    code: 0,
    errno: null,
    hard: false,
    mtu: 0,
    view: new DataView(new ArrayBuffer(0)),
    quotedAt: 0,
    quotedSourceAt: 0,
    quotedDestinationAt: 0,
    quotedTransportAt: 0,
    quotedLength: 0,
  };

  constructor(stack: Stack) {
    this.stack = stack;
    this.limit = new RateLimit(stack.config.icmpRate, stack.config.icmpBurst);
  }

  input(stack: Stack, m: Mbuf): void {
    stack.stats.icmpReceived++;
    const { view, off, len } = m;
    if (len < 8) {
      stack.drop(m, "icmpTooShort");
      return;
    }
    if (foldSum(sumBytes(view, off, len, pseudoSum6(m, IPPROTO_ICMPV6, len))) !== 0xffff) {
      stack.drop(m, "icmpBadChecksum");
      return;
    }
    const type = view.getUint8(off);
    if (type === ECHO) this.reply(m);
    else if (type < ECHO) this.report(m);
    else stack.drop(m, type === ECHO_REPLY ? "icmpIgnored" : "icmpUnknownType");
  }

  ctlInput(): boolean {
    return false;
  }

  /** Reports `type`/`code` about the packet at `m.ipAt`, which ends here for `reason`. */
  error(m: Mbuf, type: number, code: number, extra: number, reason: DropReason): void {
    this.sendError(m, type, code, extra);
    this.stack.drop(m, reason);
  }

  /**
   * As `error`, but `m` stays the caller's. `extra`: the pointer of a parameter problem, the MTU of
   * "packet too big". True when an error went out.
   */
  sendError(m: Mbuf, type: number, code: number, extra: number): boolean {
    const { stack } = this;
    if (this.mustNotAnswer(m, type, code)) {
      stack.stats.icmpSuppressed++;
      return false;
    }
    if (!this.limit.allow(stack.clock.now())) {
      stack.stats.icmpLimited++;
      return false;
    }
    const { view, ipAt } = m;
    const there = m.off + m.len - ipAt;
    const quote = Math.min(there, LONGEST_ERROR - 48);
    const answer = stack.pool.get(8 + quote);
    if (!answer) return false;
    answer.len = 8 + quote;
    answer.view.setUint32(answer.off, (type << 24) | (code << 16));
    answer.view.setUint32(answer.off + 4, extra);
    answer.bytes.set(m.bytes.subarray(ipAt, ipAt + quote), answer.off + 8);
    stack.stats.icmpSent++;
    this.send(answer, this.sourceOf(m), In6Addr.read(view, ipAt + 8));
    return true;
  }

  private reply(m: Mbuf): void {
    const { stack } = this;
    const to = In6Addr.read(m.view, m.sourceAt);
    const from = this.sourceOf(m);
    m.view.setUint32(m.off, ECHO_REPLY << 24);
    m.rcvif = null;
    stack.stats.echoReplies++;
    this.send(m, from, to);
  }

  /** The address asked, when it is one this host may speak from, else one of the interface. */
  private sourceOf(m: Mbuf): In6Addr | null {
    const { addresses6, loopback } = this.stack;
    const own = addresses6.findAt(m.view, m.ipAt + 24);
    if (own && !own.anycast) return own.address as In6Addr;
    return addresses6.sourceFor(m.rcvif ?? loopback, m.view.getUint16(m.ipAt + 8) >>> 6 === 0x3fa);
  }

  private send(m: Mbuf, source: In6Addr | null, destination: In6Addr): void {
    if (!source) {
      this.stack.stats.refuse("noSource");
      m.free();
      return;
    }
    const { view, off, len } = m;
    view.setUint16(off + 2, 0);
    const words = [source, destination].flatMap(({ w0, w1, w2, w3 }) => [w0, w1, w2, w3]);
    const pseudo = words.reduce((sum, word) => sum + word, IPPROTO_ICMPV6 + len);
    view.setUint16(off + 2, fold(sumBytes(view, off, len, pseudo)));
    ip6Output(this.stack, m, source, destination, IPPROTO_ICMPV6, makeSendState());
  }

  /** RFC 4443 section 2.4 e: never about errors, nor to or for many, two cases apart. */
  private mustNotAnswer(m: Mbuf, type: number, code: number): boolean {
    const { view, ipAt } = m;
    if (isMulticast6At(view, ipAt + 8) || isUnspecified(view, ipAt + 8)) return true;
    const toMany =
      (m.flags & (M_BROADCAST | M_LINK_BROADCAST)) !== 0 || isMulticast6At(view, ipAt + 24);
    const allowed = type === PACKET_TOO_BIG || (type === PARAMETER_PROBLEM && code === 2);
    if (toMany && !allowed) return true;
    const end = m.off + m.len;
    this.chain.start(view, ipAt, end, end);
    while (this.chain.next()) {}
    if (this.chain.upper !== IPPROTO_ICMPV6) return false;
    // What cannot be read to be no error, as in a later fragment, is taken for one.
    const { laterFragment, upperAt } = this.chain;
    return laterFragment || upperAt >= end || view.getUint8(upperAt) < ECHO;
  }

  /** Takes the quoted packet apart and tells its protocol. */
  private report(m: Mbuf): void {
    const { stack, notice, chain } = this;
    const { view, off } = m;
    const at = off + 8;
    const end = off + m.len;
    if (end < at + 48 || view.getUint8(at) >>> 4 !== 6) {
      stack.drop(m, "icmpBadQuote");
      return;
    }
    notice.quotedDestinationAt = at + 24;
    chain.start(view, at, end, end);
    while (chain.next()) {
      if (chain.header !== IPPROTO_ROUTING || stack.config.stockIcmpDemux) continue;
      const final = finalDestinationAt(view, chain.offset);
      if (final >= 0 && final + 16 <= end) notice.quotedDestinationAt = final;
    }
    if (chain.fault !== null || chain.laterFragment || chain.upperAt + 8 > end) {
      stack.drop(m, "icmpBadQuote");
      return;
    }
    notice.type = view.getUint8(off);
    notice.code = view.getUint8(off + 1);
    notice.errno = errnoOf(notice.type, notice.code);
    notice.hard = notice.type === UNREACHABLE && notice.code === PORT_UNREACHABLE;
    notice.view = view;
    notice.quotedAt = at;
    notice.quotedSourceAt = at + 8;
    notice.quotedTransportAt = chain.upperAt;
    notice.quotedLength = end - chain.upperAt;
    notice.mtu = 0;
    if (notice.type === PACKET_TOO_BIG) {
      const to = In6Addr.read(view, notice.quotedDestinationAt);
      notice.mtu = stack.pathMtu.told(to, view.getUint32(off + 4), m.len);
    }
    const known = stack.protosw[chain.upper]?.ctlInput(stack, notice) ?? false;
    stack.drop(m, known ? "icmpIgnored" : "icmpUnmatched");
  }
}

function isUnspecified(view: DataView, at: number): boolean {
  return (
    (view.getUint32(at) |
      view.getUint32(at + 4) |
      view.getUint32(at + 8) |
      view.getUint32(at + 12)) ===
    0
  );
}

function errnoOf(type: number, code: number): ErrorCode | null {
  if (type === UNREACHABLE) return code === PORT_UNREACHABLE ? "ECONNREFUSED" : "EHOSTUNREACH";
  if (type === PACKET_TOO_BIG) return "EMSGSIZE";
  if (type === TIME_EXCEEDED) return "EHOSTUNREACH";
  return type === PARAMETER_PROBLEM ? "ENOPROTOOPT" : null;
}
