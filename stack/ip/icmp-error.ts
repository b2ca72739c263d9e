/**
 * ICMP errors that this host sends: when not to (RFC 1122 section 3.2.2, RFC 1812 section 4.3.2.7),
 * how often, what they quote, and the way they take.
 */
import { findSourceRoute } from "../../ipopts/source-route.ts";
import { SECOND } from "../clock.ts";
import { isBsd } from "../config.ts";
import { M_BROADCAST, M_LINK_BROADCAST, type Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import { checksum } from "../wire/checksum.ts";
import {
  ICMP_PARAMETER_PROBLEM,
  ICMP_REDIRECT,
  ICMP_TIME_EXCEEDED,
  ICMP_TIME_EXCEEDED_REASSEMBLY,
  ICMP_UNREACHABLE,
  ICMP_UNREACHABLE_PORT,
  ICMP_UNREACHABLE_PROTOCOL,
  isIcmpError,
} from "../wire/icmp.ts";
import * as ipv4 from "../wire/ipv4.ts";
import { isBadSource, isMulticast } from "./addresses.ts";
import { ipOutput } from "./ip-output.ts";
import { makeSendState, type SendOptions } from "./send-options.ts";

/** Precedence of errors (RFC 1812 section 4.3.2.5): internetwork control. */
const INTERNETWORK_CONTROL = 0xc0;

/** A token bucket over all destinations: `rate` a second, `burst` at once. */
export class RateLimit {
  private tokens: number;
  private filled = 0;
  private readonly rate: number;
  private readonly burst: number;

  constructor(rate: number, burst: number) {
    this.rate = rate;
    this.burst = burst;
    this.tokens = burst;
  }

  /** True when one more may go at `now` nanoseconds. */
  allow(now: number): boolean {
    const earned = ((now - this.filled) * this.rate) / SECOND;
    this.tokens = Math.min(this.burst, this.tokens + earned);
    this.filled = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}

/** True when an error about the packet at `m.ipAt` would be one too many. */
function mustNotAnswer(stack: Stack, m: Mbuf): boolean {
  const { view, ipAt: at } = m;
  if ((m.flags & (M_LINK_BROADCAST | M_BROADCAST)) !== 0) return true;
  if (ipv4.fragmentOffset(view, at) !== 0) return true;
  const source = ipv4.source(view, at);
  if (isBadSource(source) && !(m.rcvif?.loopback && !isMulticast(source))) return true;
  const destination = ipv4.destination(view, at);
  if (isMulticast(destination)) return true;
  if (stack.addresses.isBroadcast(source) || stack.addresses.isBroadcast(destination)) return true;
  const header = ipv4.headerLength(view, at);
  if (ipv4.protocol(view, at) !== ipv4.IPPROTO_ICMP) return false;
  // What cannot be read to be no error is taken for one.
  return m.off + m.len <= at + header || isIcmpError(view.getUint8(at + header));
}

/**
 * The source of an error about the packet at `m.ipAt`. From its destination: that address. From a
 * router: one of the interface the error leaves by (RFC 1812 section 4.3.2.4), which `ipOutput` puts
 * in for 0; the BSDs take the one the packet was sent to, if it is theirs, or came by. Nobody on the
 * way speaks from an anycast address: answers would go astray.
 */
function errorSource(stack: Stack, m: Mbuf, type: number, code: number): number {
  const destination = ipv4.destination(m.view, m.ipAt);
  const own = stack.addresses.find(destination);
  const atEnd =
    type === ICMP_UNREACHABLE &&
    (code === ICMP_UNREACHABLE_PROTOCOL || code === ICMP_UNREACHABLE_PORT);
  if (own && atEnd) return destination;
  const unfinished = type === ICMP_TIME_EXCEEDED && code === ICMP_TIME_EXCEEDED_REASSEMBLY;
  const onTheWay = type !== ICMP_PARAMETER_PROBLEM && !unfinished;
  if (isBsd(stack.config.profile) || !onTheWay) {
    if (own && !own.anycast) return destination;
    return stack.addresses.pick(m.rcvif, stack.config.pinAddress);
  }
  return 0;
}

/**
 * Leads the error back along the hops that the packet has passed (RFC 1812 section 4.3.2.6), except
 * a parameter problem about that very option. The BSDs send errors without options.
 */
function reversedOptions(stack: Stack, m: Mbuf, type: number, pointer: number): SendOptions | null {
  const { profile } = stack.config;
  const { view, ipAt } = m;
  const header = ipv4.headerLength(view, ipAt);
  if (header === 20 || isBsd(profile)) return null;
  const at = findSourceRoute(stack.scratch.walk, view, ipAt + 20, header - 20);
  if (at < 0) return null;
  // Linux answers with what it had read when it met the fault.
  const inOptions = type === ICMP_PARAMETER_PROBLEM && pointer >= 20;
  if (profile === "linux" && inOptions && pointer < at - ipAt) return null;
  const aboutIt = pointer >= at - ipAt && pointer < at - ipAt + view.getUint8(at + 1);
  if (type === ICMP_PARAMETER_PROBLEM && aboutIt && profile !== "linux") return null;
  const route = stack.icmp.errorRoute;
  route.save(view, at, ipv4.source(view, ipAt));
  return route.reply(profile);
}

/**
 * Sends error `type`/`code` about the packet at `m.ipAt`, which stays the caller's. `extra` is the
 * pointer of a parameter problem, the MTU of "fragmentation needed", the gateway of a redirect.
 * False when the rules or the rate limit keep it back.
 */
export function sendIcmpError(
  stack: Stack,
  m: Mbuf,
  type: number,
  code: number,
  extra: number,
): boolean {
  if (mustNotAnswer(stack, m)) {
    stack.stats.icmpSuppressed++;
    return false;
  }
  if (!stack.icmp.limit.allow(stack.clock.now())) {
    stack.stats.icmpLimited++;
    return false;
  }
  const { view, ipAt } = m;
  const header = ipv4.headerLength(view, ipAt);
  const quote = Math.min(ipv4.totalLength(view, ipAt), header + stack.config.icmpQuote - 20);
  const length = Math.min(quote, m.off + m.len - ipAt);
  const answer = stack.pool.get(8 + length);
  if (!answer) return false;
  const at = answer.off;
  answer.len = 8 + length;
  answer.view.setUint32(at, (type << 24) | (code << 16));
  answer.view.setUint32(at + 4, 0);
  if (type === ICMP_PARAMETER_PROBLEM) answer.view.setUint8(at + 4, extra);
  else if (type === ICMP_REDIRECT) answer.view.setUint32(at + 4, extra);
  else answer.view.setUint16(at + 6, extra);
  answer.bytes.set(m.bytes.subarray(ipAt, ipAt + length), at + 8);
  answer.view.setUint16(at + 2, checksum(answer.view, at, answer.len));
  const options = reversedOptions(stack, m, type, extra);
  const state = makeSendState();
  state.options = options;
  state.tos = isBsd(stack.config.profile) ? 0 : INTERNETWORK_CONTROL;
  const source = errorSource(stack, m, type, code);
  stack.stats.icmpSent++;
  ipOutput(stack, answer, source, ipv4.source(view, ipAt), ipv4.IPPROTO_ICMP, state);
  return true;
}
