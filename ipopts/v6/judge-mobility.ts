/** What a correspondent node does with a mobility header (RFC 6275 section 9.2). */

import { NEXT_NONE } from "./chain.ts";
import { leastMobilityLength } from "./check-mobility.ts";
import { copyBytes } from "./layout.ts";
import { MOBILITY_MESSAGES, mhLength, mhPayloadProtocol, mhType } from "./mobility.ts";
import type { V6Verdict } from "./verdict.ts";

const problem = (pointer: number, reason: string): V6Verdict => ({
  action: "icmp",
  icmp: { type: 4, code: 0, pointer },
  reason,
});

/** Judges the header at `at` of a packet whose fixed header stands at 0 of the view. */
export function judgeMobility(view: DataView, at: number): V6Verdict {
  const type = mhType(view, at);
  if (!MOBILITY_MESSAGES.has(type)) {
    return { action: "drop", reason: "unknown mobility message: binding error 2 is sent" };
  }
  if (mhPayloadProtocol(view, at) !== NEXT_NONE) return problem(at, "payload protocol is not 59");
  if (mhLength(view, at) < leastMobilityLength(type)) return problem(at + 1, "header too short");
  return {
    action: "accept",
    destination: copyBytes(view, 24, 16),
    headers: copyBytes(view, 40, at + mhLength(view, at) - 40),
    reason: "mobility message",
  };
}
