/**
 * The transmit-path half of the patch (Engel et al. section 3.1): what leaves from an anycast
 * address carries, as a hop already passed, the unicast address of the interface it leaves by. The
 * peer's reversed route then leads through that address, to this host and no other.
 *
 * Called from `ipOutput` and nowhere else, before the header is in front of the packet.
 */
import { pinOnTransmit } from "../../ipopts/pin.ts";
import type { Interface } from "../interface.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import { type HeaderScratch, OPTIONS_AT } from "./header-scratch.ts";
import type { SendState } from "./send-options.ts";

/** `01 83 07 08`: NOP, loose source route of 7 bytes, its one slot passed. */
const PINNED = 0x01830708;

/** The unicast address to pin with: the control block's, once it has one and `stickyPin` is on. */
function pinAddress(stack: Stack, out: Interface, state: SendState | null): number {
  if (!state || !stack.config.stickyPin) return stack.addresses.pick(out, stack.config.pinAddress);
  if (state.sticky === 0) state.sticky = stack.addresses.pick(out, stack.config.pinAddress);
  return state.sticky;
}

/**
 * Pins a packet without options of its own: writes the eight bytes in front of `m` and returns how
 * many those are, 0 when it goes unpinned, which is counted.
 */
export function pinPlain(stack: Stack, m: Mbuf, out: Interface, state: SendState | null): number {
  const own = pinAddress(stack, out, state);
  if (own === 0 || !m.prepend(8)) {
    stack.stats.anycastNoSpace++;
    return 0;
  }
  m.view.setUint32(m.off, PINNED);
  m.view.setUint32(m.off + 4, own);
  stack.stats.pinnedTransmit++;
  return 8;
}

/**
 * Pins the options in `scratch`, unless their last passed hop is this host already, or (in two
 * passes) the next one is. Without room the packet goes unpinned, which is counted.
 */
export function pinOptions(
  stack: Stack,
  scratch: HeaderScratch,
  out: Interface,
  state: SendState | null,
): void {
  if (scratch.routeAt() >= 0 && stack.addresses.isOwn(scratch.destination)) return;
  const length = pinOnTransmit(
    scratch.walk,
    scratch.view,
    OPTIONS_AT,
    scratch.length,
    pinAddress(stack, out, state),
    stack.addresses,
  );
  if (typeof length === "number") {
    scratch.length = length;
    stack.stats.pinnedTransmit++;
  } else if (length !== "already-pinned") {
    stack.stats.anycastNoSpace++;
  }
}
