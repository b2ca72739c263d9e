/**
 * ICMP (RFC 792, RFC 1122 section 3.2.2, RFC 1812 section 4.3): answers requests, turns errors into
 * `ctlInput` of the protocol they are about, sends errors of its own.
 */

import { MILLISECOND } from "../clock.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Protocol } from "../protosw.ts";
import type { Stack } from "../stack.ts";
import type { DropReason } from "../stats.ts";
import { checksum, foldSum, sumBytes } from "../wire/checksum.ts";
import * as icmp from "../wire/icmp.ts";
import * as ipv4 from "../wire/ipv4.ts";
import { RateLimit, sendIcmpError } from "./icmp-error.ts";
import { IcmpNotice } from "./icmp-notice.ts";
import { acceptRedirect } from "./icmp-redirect.ts";
import { ipOutput } from "./ip-output.ts";
import { replyOptions } from "./reply-options.ts";
import { SavedRoute } from "./saved-route.ts";
import { makeSendState } from "./send-options.ts";

const DAY_MS = 86_400_000;

export class Icmp implements Protocol {
  readonly name = "icmp";
  readonly limit: RateLimit;
  /** Where errors work out their way back. */
  readonly errorRoute = new SavedRoute();
  private readonly stack: Stack;
  private readonly notice = new IcmpNotice();

  constructor(stack: Stack) {
    this.stack = stack;
    this.limit = new RateLimit(stack.config.icmpRate, stack.config.icmpBurst);
  }

  /**
   * Reports `type`/`code` about the packet at `m.ipAt`, which ends here for `reason`. See
   * `sendError` for `extra` and for when nothing is sent.
   */
  error(m: Mbuf, type: number, code: number, extra: number, reason: DropReason): void {
    this.sendError(m, type, code, extra);
    this.stack.drop(m, reason);
  }

  /** As `error`, but `m` stays the caller's and is not counted. True when an error went out. */
  sendError(m: Mbuf, type: number, code: number, extra: number): boolean {
    return sendIcmpError(this.stack, m, type, code, extra);
  }

  input(stack: Stack, m: Mbuf): void {
    stack.stats.icmpReceived++;
    const { view, off } = m;
    if (m.len < icmp.ICMP_HEADER_LENGTH) {
      stack.drop(m, "icmpTooShort");
      return;
    }
    if (foldSum(sumBytes(view, off, m.len)) !== 0xffff) {
      stack.drop(m, "icmpBadChecksum");
      return;
    }
    const type = icmp.icmpType(view, off);
    switch (type) {
      case icmp.ICMP_ECHO:
        this.reflect(m, icmp.ICMP_ECHO_REPLY);
        return;
      case icmp.ICMP_TIMESTAMP:
        this.answerTimestamp(m);
        return;
      case icmp.ICMP_UNREACHABLE:
      case icmp.ICMP_TIME_EXCEEDED:
      case icmp.ICMP_PARAMETER_PROBLEM:
        this.report(m);
        return;
      case icmp.ICMP_REDIRECT:
        stack.drop(m, acceptRedirect(stack, m) ? "icmpIgnored" : "icmpRedirectRefused");
        return;
      case icmp.ICMP_ECHO_REPLY:
      case icmp.ICMP_TIMESTAMP_REPLY:
      // RFC 6633: source quench is ignored.
      case icmp.ICMP_SOURCE_QUENCH:
        stack.drop(m, "icmpIgnored");
        return;
      default:
        stack.drop(m, "icmpUnknownType");
    }
  }

  /** Errors about errors end here. */
  ctlInput(): boolean {
    return false;
  }

  /** Receive and transmit time as milliseconds since midnight UTC (RFC 792). */
  private answerTimestamp(m: Mbuf): void {
    const { clock, config } = this.stack;
    if (m.len < 20) {
      this.stack.drop(m, "icmpTooShort");
      return;
    }
    const now = Math.floor((clock.now() + config.utcOffset) / MILLISECOND) % DAY_MS;
    m.view.setUint32(m.off + 12, now);
    m.view.setUint32(m.off + 16, now);
    this.reflect(m, icmp.ICMP_TIMESTAMP_REPLY);
  }

  /**
   * Sends a request back as `type`, along the reverse of the route it came by (RFC 1122 section
   * 3.2.2.6), from the address it was sent to; from a unicast one if that was a broadcast.
   */
  private reflect(m: Mbuf, type: number): void {
    const { stack } = this;
    const { view, off, ipAt } = m;
    const sender = ipv4.source(view, ipAt);
    const asked = ipv4.destination(view, ipAt);
    if (sender === 0) {
      stack.drop(m, "icmpIgnored");
      return;
    }
    const source = stack.addresses.isOwn(asked)
      ? asked
      : stack.addresses.pick(m.rcvif, stack.config.pinAddress);
    const header = ipv4.headerLength(view, ipAt);
    const options = header > 20 ? replyOptions(stack, m, header) : null;
    const state = makeSendState();
    state.options = options;
    state.tos = ipv4.tos(view, ipAt);
    view.setUint8(off, type);
    view.setUint16(off + 2, 0);
    view.setUint16(off + 2, checksum(view, off, m.len));
    m.rcvif = null;
    stack.stats.echoReplies++;
    ipOutput(stack, m, source, sender, ipv4.IPPROTO_ICMP, state);
  }

  /** Hands an error to the protocol whose packet it quotes. */
  private report(m: Mbuf): void {
    const { stack, notice } = this;
    if (!notice.read(m, stack.config.stockIcmpDemux)) {
      stack.drop(m, "icmpBadQuote");
      return;
    }
    if (notice.mtuExceeded) {
      notice.mtu = stack.pathMtu.told(
        m.view.getUint32(notice.quotedDestinationAt),
        notice.mtu,
        ipv4.totalLength(m.view, notice.quotedAt),
      );
    }
    const protocol = stack.protosw[ipv4.protocol(m.view, notice.quotedAt)];
    const known = protocol?.ctlInput(stack, notice) ?? false;
    stack.drop(m, known ? "icmpIgnored" : "icmpUnmatched");
  }
}
