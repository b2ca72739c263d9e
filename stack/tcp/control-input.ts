/**
 * ICMP errors about segments (4.4BSD `tcp_ctlinput`): soft and hard ones (RFC 1122 section 4.2.3.9,
 * RFC 5927), and path MTU discovery (RFC 1191, RFC 8201).
 */
import type { ErrorCode } from "../errors.ts";
import {
  PARAMETER_PROBLEM,
  PORT_UNREACHABLE,
  TIME_EXCEEDED,
  UNKNOWN_NEXT_HEADER,
  UNREACHABLE,
} from "../ip6/icmp6.ts";
import { pathMtu } from "../output.ts";
import type { ControlError } from "../protosw.ts";
import { ICMP_TIME_EXCEEDED, ICMP_UNREACHABLE } from "../wire/icmp.ts";
import { enterClosed } from "./close.ts";
import { fixedHeaders, setMaxSegment } from "./mss.ts";
import { tcpOutput } from "./output.ts";
import { seqGeq, seqLt } from "./sequence.ts";
import { isSynchronized, SYN_RECEIVED, SYN_SENT } from "./state.ts";
import type { Tcb } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";

type Hard = readonly [type: number, codes: readonly number[], errno: ErrorCode];

/** Protocol and port unreachable; network, host and communication administratively prohibited. */
const FREEBSD_HARD: readonly Hard[] = [
  [ICMP_UNREACHABLE, [2, 3, 9, 10, 13], "ECONNREFUSED"],
  [ICMP_TIME_EXCEEDED, [0], "EHOSTUNREACH"],
];
/** The same of ICMPv6: administratively prohibited, port unreachable, unknown next header. */
const FREEBSD_HARD_6: readonly Hard[] = [
  [UNREACHABLE, [1, PORT_UNREACHABLE], "ECONNREFUSED"],
  [TIME_EXCEEDED, [0], "EHOSTUNREACH"],
  [PARAMETER_PROBLEM, [UNKNOWN_NEXT_HEADER], "ECONNREFUSED"],
];

/** Takes `error`; false when no connection of ours sent what it quotes. */
export function tcpControlInput(tcp: Tcp, error: ControlError): boolean {
  const { view, family, quotedTransportAt: at } = error;
  const tcb = tcp.table.lookup(
    view,
    family,
    error.quotedSourceAt,
    view.getUint16(at),
    error.quotedDestinationAt,
    view.getUint16(at + 2),
  );
  if (!tcb) return false;
  tcp.stats.icmpErrors++;
  // Who cannot see the connection cannot know what is in flight (RFC 5927 section 4.1).
  const seq = view.getInt32(at + 4);
  if (seqLt(seq, tcb.sndUna) || seqGeq(seq, tcb.sndMax)) return true;
  if (error.mtu > 0 || error.errno === "EMSGSIZE") {
    if (error.mtu > 0) tcp.stack.pathMtu.learn(tcb.remote, error.mtu);
    reducePathMtu(tcp, tcb, error.mtu);
    return true;
  }
  if (error.errno === null) return true;
  const opening = tcb.state === SYN_SENT || tcb.state === SYN_RECEIVED;
  const fatal = opening && tcp.config.icmpMayReset ? abortsWith(tcp, error) : null;
  if (fatal) {
    enterClosed(tcp, tcb, fatal);
    return true;
  }
  // Soft, or hard but the connection stands: remembered, told if it dies of it.
  tcb.softError = error.errno;
  return true;
}

/** What the error ends a connection attempt with, null for a soft one. */
function abortsWith(tcp: Tcp, error: ControlError): ErrorCode | null {
  const { type, code, family } = error;
  if (tcp.config.icmpHard === "freebsd") {
    const meanings = family === 4 ? FREEBSD_HARD : FREEBSD_HARD_6;
    for (const [hardType, codes, errno] of meanings) {
      if (type === hardType && codes.includes(code)) return errno;
    }
  }
  return error.hard ? error.errno : null;
}

/** Segments get smaller, and what was too long is sent again. An error never makes them larger. */
function reducePathMtu(tcp: Tcp, tcb: Tcb, told: number): void {
  if (!tcp.config.pathMtuDiscovery) return;
  // A router that says no number: what the host made of it (RFC 1191 section 5).
  const mtu = told || pathMtu(tcp.stack, tcb.remote);
  const least = fixedHeaders(tcb.family) + 8;
  if (mtu < least || mtu >= tcb.pathMtu) return;
  const before = tcb.maxSeg;
  tcb.pathMtu = mtu;
  setMaxSegment(tcp, tcb);
  if (tcb.maxSeg >= before) return;
  tcp.stats.pathMtuReductions++;
  if (!isSynchronized(tcb.state)) return;
  tcb.cwnd = Math.max(tcb.cwnd, tcb.maxSeg);
  tcb.rttStart = -1;
  tcb.sndNxt = tcb.sndUna;
  tcb.sacked.clear();
  tcpOutput(tcp, tcb);
}
