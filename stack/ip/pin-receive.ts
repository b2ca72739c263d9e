/**
 * The receive-path half of the patch (Engel et al. section 3.2): the route saved from a packet that
 * came to an anycast address is made to lead back through this host's own address, so that TCP's
 * ordinary reversal pins the connection. The address is that of the interface the packet came in by,
 * which holds when replies leave by another one (Figure 2).
 *
 * Called from `ipInput` and nowhere else. Only `stack.savedRoute` changes, never the packet.
 */
import { pinOnReceive } from "../../ipopts/pin.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";

/** Pins the saved route of the packet at `m.ipAt`, which came from `source` to an anycast address. */
export function pinReceive(stack: Stack, m: Mbuf, source: number): void {
  const saved = stack.savedRoute;
  if (saved.count === 0) saved.begin(source);
  const own = stack.addresses.pick(m.rcvif, stack.config.pinAddress);
  const refusal = own === 0 ? "no-space" : pinOnReceive(saved, own, stack.addresses);
  if (refusal === null) stack.stats.pinnedReceive++;
  // The penultimate hop was this host itself: the way back leads through it already.
  else if (refusal !== "already-pinned") stack.stats.anycastNoSpace++;
}
