/**
 * The extension headers of a received packet, by the tables of `ipopts/v6` (RFC 8200 section 4).
 */
import { ExtensionChain } from "../../ipopts/v6/chain.ts";
import { OPTION_HOME_ADDRESS } from "../../ipopts/v6/header-options.ts";
import { judgeOptions } from "../../ipopts/v6/judge-options.ts";
import { judgeRouting } from "../../ipopts/v6/judge-routing.ts";
import { routingRule } from "../../ipopts/v6/profiles.ts";
import { ROUTING_SOURCE } from "../../ipopts/v6/routing.ts";
import { advanceSourceRouting } from "../../ipopts/v6/routing-source.ts";
import { TlvWalk } from "../../ipopts/v6/tlv.ts";
import type { V6Verdict } from "../../ipopts/v6/verdict.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import {
  IPPROTO_DSTOPTS,
  IPPROTO_FRAGMENT,
  IPPROTO_HOPOPTS,
  IPPROTO_MOBILITY,
  IPPROTO_ROUTING,
} from "../wire/ipv6.ts";
import { PARAMETER_PROBLEM, UNKNOWN_NEXT_HEADER } from "./icmp6.ts";
import { ip6Forward } from "./ip6-forward.ts";
import { ip6Continue, isOurs6 } from "./ip6-input.ts";

/** What a header may come to: go on, look at the new destination, or the packet has ended. */
type Outcome = "next" | "again" | "ended";

/**
 * Walks the chain behind the fixed header at `m.ipAt`. Returns where the upper layer begins, counted
 * from there, with `m.protocol` saying what it is; -1 when the packet was forwarded, answered,
 * refused or kept for reassembly.
 */
export function extensionHeaders(stack: Stack, m: Mbuf): number {
  // The codecs read packets that begin at 0: one view, for packets that have such headers only.
  const view = new DataView(m.view.buffer, m.ipAt, m.len);
  // Each routing header takes a segment off with every pass, so the passes end.
  for (;;) {
    const chain = new ExtensionChain();
    chain.start(view, 0, m.len, m.len);
    let outcome: Outcome = "next";
    let first = true;
    let ours = isOurs6(stack, m);
    let namedAt = 6;
    while (outcome === "next" && chain.next()) {
      outcome = header(stack, m, view, chain, first, namedAt);
      if (outcome === "next" && chain.header === IPPROTO_HOPOPTS && !ours) {
        ip6Forward(stack, m);
        return -1;
      }
      namedAt = chain.offset;
      first = false;
    }
    if (outcome === "ended") return -1;
    if (chain.fault !== null) {
      stack.drop(m, "badExtensionHeader");
      return -1;
    }
    if (outcome === "again") {
      ours = isOurs6(stack, m);
      if (ours) continue;
      ip6Forward(stack, m);
      return -1;
    }
    m.protocol = chain.upper;
    stack.lastNextHeaderAt = m.ipAt + namedAt;
    return chain.upperAt;
  }
}

function header(
  stack: Stack,
  m: Mbuf,
  view: DataView,
  chain: ExtensionChain,
  first: boolean,
  namedAt: number,
): Outcome {
  const { offset, length } = chain;
  switch (chain.header) {
    case IPPROTO_HOPOPTS:
    case IPPROTO_DSTOPTS: {
      const hopByHop = chain.header === IPPROTO_HOPOPTS;
      if (hopByHop && !first) return unknown(stack, m, namedAt);
      const profile = stack.profile6;
      const verdict = judgeOptions(profile, stack.world6, view, offset, length, hopByHop);
      if (verdict) return refuse(stack, m, verdict);
      if (!hopByHop) readHomeAddress(m, view, offset, length);
      return "next";
    }
    case IPPROTO_ROUTING:
      return routing(stack, m, view, offset);
    case IPPROTO_FRAGMENT: {
      const whole = stack.reassembly6.add(m, offset, namedAt);
      if (whole) ip6Continue(stack, whole);
      return "ended";
    }
    case IPPROTO_MOBILITY:
      // A transport of its own here: handed to whoever registered for it.
      return stack.protosw[IPPROTO_MOBILITY] ? mobility(chain) : unknown(stack, m, namedAt);
    default:
      return unknown(stack, m, namedAt);
  }
}

/** Ends the walk in front of the mobility header. */
function mobility(chain: ExtensionChain): Outcome {
  chain.upper = IPPROTO_MOBILITY;
  chain.upperAt = chain.offset;
  return "next";
}

function routing(stack: Stack, m: Mbuf, view: DataView, at: number): Outcome {
  const type = view.getUint8(at + 2);
  if (type === ROUTING_SOURCE && stack.config.rfc1883) {
    if (view.getUint8(at + 3) === 0) return "next";
    const refusal = advanceSourceRouting(view, at, 24);
    if (refusal === null) return "again";
    if (refusal === "multicast") return refuse(stack, m, { action: "drop", reason: refusal });
    const pointer = refusal === "odd-length" ? at + 1 : at + 3;
    const icmp = { type: PARAMETER_PROBLEM, code: 0, pointer };
    return refuse(stack, m, { action: "icmp", icmp, reason: refusal });
  }
  const rule = routingRule(stack.profile6, type, stack.config.segmentRouting);
  const verdict = judgeRouting(rule, stack.world6, view, at);
  if (verdict === null) return "next";
  return verdict === "again" ? "again" : refuse(stack, m, verdict);
}

/** The home address stands for the source from here on (RFC 6275 section 9.3.1). */
function readHomeAddress(m: Mbuf, view: DataView, at: number, length: number): void {
  const walk = new TlvWalk();
  walk.start(view, at + 2, at + length);
  while (walk.next()) if (walk.type === OPTION_HOME_ADDRESS) m.sourceAt = m.ipAt + walk.dataAt;
}

function unknown(stack: Stack, m: Mbuf, namedAt: number): Outcome {
  stack.icmp6.error(m, PARAMETER_PROBLEM, UNKNOWN_NEXT_HEADER, namedAt, "badExtensionHeader");
  return "ended";
}

function refuse(stack: Stack, m: Mbuf, verdict: V6Verdict): Outcome {
  const reason = verdict.reason.startsWith("home address")
    ? "homeAddressUnknown"
    : "routingHeaderRefused";
  const { icmp } = verdict;
  if (icmp) stack.icmp6.error(m, icmp.type, icmp.code, icmp.pointer ?? 0, reason);
  else stack.drop(m, reason);
  return "ended";
}
