/** What a profile does with a hop-by-hop or destination options header. */
import {
  ACTION_DISCARD,
  ACTION_REPORT_UNICAST,
  ACTION_SKIP,
  OPTION_HOME_ADDRESS,
  OPTION_JUMBO,
  PADN,
  unknownAction,
} from "./header-options.ts";
import type { V6Profile } from "./profiles.ts";
import { PAD1, TlvWalk } from "./tlv.ts";
import type { V6Verdict } from "./verdict.ts";
import type { V6World } from "./world.ts";

const MOST_PADDING = 7;

const drop = (reason: string): V6Verdict => ({ action: "drop", reason });
const problem = (code: number, pointer: number, reason: string): V6Verdict => ({
  action: "icmp",
  icmp: { type: 4, code, pointer },
  reason,
});

/** Null to go on with the next header; offsets count from the packet's first byte. */
export function judgeOptions(
  profile: V6Profile,
  world: V6World,
  view: DataView,
  at: number,
  length: number,
  hopByHop: boolean,
): V6Verdict | null {
  const known = hopByHop ? profile.hopByHop : profile.destination;
  const walk = new TlvWalk();
  walk.start(view, at + 2, at + length);
  let padding = 0;
  let options = 0;
  while (walk.next()) {
    if (walk.type === PAD1 || walk.type === PADN) {
      padding += walk.length;
      if (!profile.strictPadding) continue;
      if (padding > MOST_PADDING) return drop("too much padding");
      if (!isZero(view, walk)) return drop("padding is not zero");
      continue;
    }
    padding = 0;
    options++;
    if (options > profile.mostOptions) return drop("too many options");
    const verdict = known.includes(walk.type)
      ? judgeKnown(profile, world, view, walk)
      : judgeUnknown(view, walk);
    if (verdict !== null) return verdict;
  }
  if (walk.fault === null) return null;
  return { action: "drop", reason: "malformed option", malformed: true };
}

function isZero(view: DataView, walk: TlvWalk): boolean {
  for (let i = 0; i < walk.dataLength; i++) if (view.getUint8(walk.dataAt + i) !== 0) return false;
  return true;
}

/** The action bits of RFC 8200 section 4.2. */
function judgeUnknown(view: DataView, walk: TlvWalk): V6Verdict | null {
  const action = unknownAction(walk.type);
  if (action === ACTION_SKIP) return null;
  const toGroup = view.getUint8(24) === 0xff;
  if (action === ACTION_DISCARD || (action === ACTION_REPORT_UNICAST && toGroup)) {
    return drop("unknown option");
  }
  return problem(2, walk.offset, "unknown option");
}

function judgeKnown(
  profile: V6Profile,
  world: V6World,
  view: DataView,
  walk: TlvWalk,
): V6Verdict | null {
  if (walk.type === OPTION_HOME_ADDRESS) {
    if (walk.dataLength !== 16) return problem(0, walk.offset + 1, "home address length");
    if (view.getUint8(walk.dataAt) === 0xff) return drop("home address is multicast");
    // The mobility header carries what makes a binding and needs none (RFC 6275 section 9.3.1).
    const exempt = endsInMobility(view);
    const bound = exempt || world.hasBinding(view, walk.dataAt, 8);
    return bound ? null : drop("home address without binding: binding error 1 is sent");
  }
  if (walk.type === OPTION_JUMBO) return judgeJumbo(profile, view, walk);
  const size = KNOWN_SIZES.get(walk.type);
  if (size === undefined || size === walk.dataLength) return null;
  return profile.strictPadding
    ? drop("option length")
    : problem(0, walk.offset + 1, "option length");
}

/** Data bytes of the other handled options that have one size. */
const KNOWN_SIZES: ReadonlyMap<number, number> = new Map([
  [0x04, 1],
  [0x05, 2],
]);

function judgeJumbo(profile: V6Profile, view: DataView, walk: TlvWalk): V6Verdict | null {
  if (walk.dataLength !== 4) {
    return profile.strictPadding
      ? drop("jumbo length")
      : problem(0, walk.offset + 1, "jumbo length");
  }
  if (view.getUint16(4) !== 0) return problem(0, walk.offset, "jumbo beside a payload length");
  if (view.getUint32(walk.dataAt) < 65536) return problem(0, walk.dataAt, "jumbo below 65536");
  return null;
}

/** ESP, AH and the mobility header may follow a home address that no binding vouches for. */
function endsInMobility(view: DataView): boolean {
  let next = view.getUint8(6);
  let at = 40;
  while ((next === 0 || next === 43 || next === 60) && at + 2 <= view.byteLength) {
    next = view.getUint8(at);
    at += (view.getUint8(at + 1) + 1) * 8;
  }
  return next === 50 || next === 51 || next === 135;
}
