/** What a routing header comes to under each rule of `profiles.ts`. */
import type { RoutingRule } from "./profiles.ts";
import { segmentsLeft } from "./routing.ts";
import { advanceSegmentRouting } from "./routing-segment.ts";
import { advanceSourceRouting } from "./routing-source.ts";
import type { V6Verdict } from "./verdict.ts";
import type { V6World } from "./world.ts";

const drop = (reason: string): V6Verdict => ({ action: "drop", reason });
const problem = (pointer: number, reason: string): V6Verdict => ({
  action: "icmp",
  icmp: { type: 4, code: 0, pointer },
  reason,
});

/**
 * Judges the routing header at `at` of a packet whose fixed header stands at 0 of the view. Null to
 * go on with the next header; `again` when the destination was rewritten.
 */
export function judgeRouting(
  rule: RoutingRule,
  world: V6World,
  view: DataView,
  at: number,
): V6Verdict | "again" | null {
  if (rule === "drop") return drop("routing type switched off");
  if (rule === "mobile") return judgeMobile(world, view, at);
  if (rule === "segment") return judgeSegment(world, view, at);
  if (segmentsLeft(view, at) === 0) return null;
  return problem(at + 2, "routing type not recognised");
}

/** RFC 6275 section 6.4.2: anything but the one right form is discarded in silence. */
function judgeMobile(world: V6World, view: DataView, at: number): V6Verdict | "again" | null {
  // Once swapped, the destination is the home address and nothing is left.
  if (segmentsLeft(view, at) === 0 && world.isHome(view, 24)) return null;
  const shape = view.getUint8(at + 1) === 2 && segmentsLeft(view, at) === 1;
  if (!shape) {
    return { action: "drop", reason: "malformed type 2 routing header", malformed: true };
  }
  if (!world.isHome(view, at + 8)) return drop("not a home address of this node");
  if (advanceSourceRouting(view, at, 24) !== null) return drop("home address is multicast");
  // The home address is the node's own, wherever it is: delivery goes on with the next header.
  return null;
}

/** RFC 8754 section 4.3.1.1. */
function judgeSegment(world: V6World, view: DataView, at: number): V6Verdict | "again" | null {
  if (segmentsLeft(view, at) === 0) return null;
  const hopLimit = view.getUint8(7);
  const refusal = advanceSegmentRouting(view, at, 24);
  if (refusal !== null) return problem(at + 3, "segments left out of range");
  if (view.getUint8(24) === 0xff) return drop("segment is a multicast address");
  if (world.owns(view, 24)) return "again";
  if (hopLimit <= 1) return { action: "icmp", icmp: { type: 3, code: 0 }, reason: "hop limit" };
  return "again";
}
