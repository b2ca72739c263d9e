/**
 * What a kernel does with an IPv6 packet: one walk over the header chain, in which the profile's
 * tables decide. Judges; nothing is sent and the packet is not changed.
 */
import {
  ExtensionChain,
  NEXT_DESTINATION,
  NEXT_HIP,
  NEXT_HOP_BY_HOP,
  NEXT_MOBILITY,
  NEXT_ROUTING,
  NEXT_SHIM6,
} from "./chain.ts";
import { judgeMobility } from "./judge-mobility.ts";
import { judgeOptions } from "./judge-options.ts";
import { judgeRouting } from "./judge-routing.ts";
import { copyBytes } from "./layout.ts";
import { routingRule, type V6Profile } from "./profiles.ts";
import { mayReport } from "./report-rules.ts";
import type { V6Verdict } from "./verdict.ts";
import type { V6World } from "./world.ts";

/** ICMPv6 code of a parameter problem (RFC 4443 section 3.4). */
const UNKNOWN_NEXT_HEADER = 1;

const NO_IPV6: V6Verdict = { action: "drop", reason: "no IPv6 in this kernel" };

/** More passes than a routing header has segments: each takes one off. */
const MOST_PASSES = 256;

/**
 * Judges the packet whose fixed header stands at `at`; bytes up to `end` are in the view and the
 * packet claims to reach `claimed`. Null when a cut hides what the verdict depends on.
 */
export function judgeV6(
  profile: V6Profile,
  world: V6World,
  view: DataView,
  at: number,
  end: number,
  claimed: number,
): V6Verdict | null {
  if (!profile.speaks) return NO_IPV6;
  // A routing header rewrites the destination: on a copy, whose offsets are the pointers.
  const packet = new Uint8Array(view.buffer, view.byteOffset + at, end - at).slice();
  const copy = new DataView(packet.buffer);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const verdict = judgePass(profile, world, copy, claimed - at, pass > 0);
    if (verdict === "again") continue;
    if (verdict === null || verdict.action !== "icmp") return verdict;
    if (mayReport(view, at, end, verdict)) return verdict;
    return { action: "drop", reason: verdict.reason, malformed: verdict.icmp?.type === 4 };
  }
  return { action: "drop", reason: "routing loop" };
}

/** One look at the packet with the destination it has now. */
function judgePass(
  profile: V6Profile,
  world: V6World,
  view: DataView,
  claimed: number,
  again: boolean,
): V6Verdict | "again" | null {
  const chain = new ExtensionChain();
  chain.start(view, 0, view.byteLength, claimed);
  const here = world.owns(view, 24);
  if (!here && view.getUint8(6) !== NEXT_HOP_BY_HOP) return forward(world, view, chain);
  let namedAt = 6;
  let first = true;
  while (chain.next()) {
    const { header, offset, length } = chain;
    let verdict: V6Verdict | "again" | null = null;
    if (header === NEXT_HOP_BY_HOP) {
      verdict = first
        ? judgeOptions(profile, world, view, offset, length, true)
        : unknownHeader(namedAt);
      if (verdict === null && !here) return forward(world, view, chain);
    } else if (header === NEXT_DESTINATION) {
      verdict = judgeOptions(profile, world, view, offset, length, false);
    } else if (header === NEXT_ROUTING) {
      const on = world.segmentRouting ?? profile.segmentRouting;
      const rule = routingRule(profile, view.getUint8(offset + 2), on);
      verdict = judgeRouting(rule, world, view, offset);
    } else if (header === NEXT_MOBILITY) {
      return profile.mobility ? judgeMobility(view, offset) : unknownHeader(namedAt);
    } else if (header === NEXT_HIP || header === NEXT_SHIM6) {
      verdict = unknownHeader(namedAt);
    }
    if (verdict !== null) return verdict;
    namedAt = offset;
    first = false;
  }
  if (chain.fault === "cut") return null;
  if (chain.fault === "overrun") {
    return { action: "drop", reason: "extension header cut short", malformed: true };
  }
  if (!here) return forward(world, view, chain);
  return {
    action: "accept",
    destination: copyBytes(view, 24, 16),
    headers: copyBytes(view, 40, Math.min(chain.upperAt, view.byteLength) - 40),
    reason: again ? "route ended here" : "delivered",
  };
}

function unknownHeader(namedAt: number): V6Verdict {
  const icmp = { type: 4, code: UNKNOWN_NEXT_HEADER, pointer: namedAt };
  return { action: "icmp", icmp, reason: "next header not recognised" };
}

/** Hop limit, then the route, as RFC 8200 sections 3 and 4.4 have a router do. */
function forward(world: V6World, view: DataView, chain: ExtensionChain): V6Verdict {
  const destination = view.getUint8(24);
  if (destination === 0xff) return { action: "drop", reason: "multicast is not routed here" };
  if (!world.forwarding) return { action: "drop", reason: "not addressed to this host" };
  if (view.getUint8(7) <= 1) {
    return { action: "icmp", icmp: { type: 3, code: 0 }, reason: "hop limit exceeded" };
  }
  const dev = world.route(view, 24);
  if (dev === null) {
    return { action: "icmp", icmp: { type: 1, code: 0 }, reason: "no route" };
  }
  while (chain.next()) {}
  const header = copyBytes(view, 0, Math.min(chain.upperAt, view.byteLength));
  header[7]--;
  return { action: "forward", dev, header, reason: "forwarded" };
}
