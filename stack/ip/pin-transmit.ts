/**
 * The transmit-path half of the patch (Engel et al. section 3.1): what leaves from an anycast
 * address carries, as a hop already passed, the unicast address of the interface it leaves by. The
 * peer's reversed route then leads through that address, to this host and no other.
 *
 * Called from `ipOutput` and nowhere else.
 */
import { pinOnTransmit } from "../../ipopts/pin.ts";
import type { Mbuf } from "../mbuf.ts";
import type { NextHop } from "../route-table.ts";
import type { Stack } from "../stack.ts";
import { type HeaderScratch, OPTIONS_AT } from "./header-scratch.ts";
import type { SendState } from "./send-options.ts";

/** `01 83 07 08`: NOP, loose source route of 7 bytes, its one slot passed. */
const PINNED = 0x01830708;
/** That and the slot: what a packet without other options grows by. */
export const PIN_LENGTH = 8;

/**
 * The unicast address to pin packets from `source` with as they leave by `hop`, 0 where the patch is
 * not for them: only for anycast sources and the protocols of `pinProtocols`. With `stickyPin` a
 * control block keeps its first answer; else it is worked out again when the route changes.
 */
export function pinFor(
  stack: Stack,
  source: number,
  protocol: number,
  hop: NextHop,
  state: SendState | null,
): number {
  if (state !== null && state.pinSource === source && state.nextHop === hop) return state.pin;
  const { addresses, config } = stack;
  let pin = 0;
  if (stack.pins[protocol] && addresses.isAnycast(source)) {
    pin = addresses.pick(hop.interface, config.pinAddress);
    if (state && config.stickyPin) {
      if (state.sticky === 0) state.sticky = pin;
      pin = state.sticky;
    }
  }
  if (state) {
    state.pinSource = source;
    state.pin = pin;
  }
  return pin;
}

/** Writes the pin of a packet without other options, behind the 20 bytes for the fixed header. */
export function pinPlain(stack: Stack, m: Mbuf, pin: number): void {
  m.view.setUint32(m.off + OPTIONS_AT, PINNED);
  m.view.setUint32(m.off + OPTIONS_AT + 4, pin);
  stack.stats.pinnedTransmit++;
}

/**
 * Pins the options in `scratch`, unless their last passed hop is this host already, or (in two
 * passes) the next one is. Without room the packet goes unpinned, which is counted.
 */
export function pinOptions(stack: Stack, scratch: HeaderScratch, pin: number): void {
  const { walk, view, length } = scratch;
  if (scratch.routeAt >= 0 && stack.addresses.isOwn(scratch.destination)) return;
  const pinned = pinOnTransmit(walk, view, OPTIONS_AT, length, pin, stack.addresses);
  if (typeof pinned === "number") {
    scratch.length = pinned;
    stack.stats.pinnedTransmit++;
  } else if (pinned !== "already-pinned") {
    stack.stats.anycastNoSpace++;
  }
}
