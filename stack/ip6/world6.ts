/** What the tables of `ipopts/v6` are told of a stack. */
import { V6_PROFILES, type V6Profile } from "../../ipopts/v6/profiles.ts";
import type { V6World } from "../../ipopts/v6/world.ts";
import type { Stack } from "../stack.ts";

/** The IPv6 table of a kernel profile. */
export function profile6Named(name: string): V6Profile {
  const found = V6_PROFILES.find((each) => each.name === name);
  if (!found) throw new Error(`no IPv6 profile ${name}`);
  return found;
}

/** The host as those tables see it: its own addresses are home addresses too. */
export function makeWorld6(stack: Stack): V6World {
  const owns = (view: DataView, at: number): boolean =>
    stack.addresses6.findAt(view, at) !== undefined;
  return {
    owns,
    isHome: owns,
    route: (view, at) => stack.routes6.lookupAt(view, at)?.hops[0].interface.name ?? null,
    hasBinding: (view, homeAt, careOfAt) => stack.hasBinding(view, homeAt, careOfAt),
    forwarding: stack.config.forwarding,
    segmentRouting: stack.config.segmentRouting,
  };
}
