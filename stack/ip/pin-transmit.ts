/**
 * The transmit-path half of the patch (Engel et al. section 3.1): what leaves from an anycast
 * address carries, as a hop already passed, the unicast address of the interface it leaves by. The
 * peer's reversed route then leads through that address, to this host and no other.
 *
 * Called from `ipOutput` and nowhere else. Works on the option bytes at the front of the packet, the
 * fixed header not being there yet.
 */
import type { Interface } from "../interface.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import type { SendState } from "./send-options.ts";
import {
  findSourceRoute,
  isUnexpired,
  lastPassed,
  padded,
  pinGrowth,
  recordAndAdvance,
  slotAt,
  usedLength,
} from "./source-route.ts";

/** `01 83 07 08`: NOP, loose source route of 7 bytes, its one slot passed. */
const PINNED = 0x01830708;
/** `83 07 08`: the same where there is no room for the NOP. */
const PINNED_TAIL = 0x830708;

/**
 * Passes the hops of the route at `at` that are this host itself, without leaving it ("the ultimate
 * destination is itself", RFC 1812 section 5.2.3): each slot keeps the address being left, or 0
 * where that is anycast, for `fillPassed`. Returns where the packet goes then.
 */
export function collapseOwnHops(stack: Stack, m: Mbuf, at: number, firstHop: number): number {
  let destination = firstHop;
  while (isUnexpired(m.view, at)) {
    const own = stack.addresses.find(destination);
    if (!own) break;
    destination = recordAndAdvance(m.view, at, own.anycast ? 0 : destination);
    stack.stats.collapsed++;
  }
  return destination;
}

/** Writes the unicast address that stands for `out` into the slots that `collapseOwnHops` left. */
export function fillPassed(stack: Stack, m: Mbuf, at: number, out: Interface): void {
  const end = slotAt(m.view, at);
  for (let slot = at + 3; slot < end; slot += 4) {
    if (m.view.getUint32(slot) === 0) {
      m.view.setUint32(slot, stack.addresses.pick(out, stack.config.pinAddress));
    }
  }
}

/** The unicast address to pin with: the control block's, once it has one and `stickyPin` is on. */
function pinAddress(stack: Stack, out: Interface, state: SendState | null): number {
  if (!state || !stack.config.stickyPin) return stack.addresses.pick(out, stack.config.pinAddress);
  if (state.sticky === 0) state.sticky = stack.addresses.pick(out, stack.config.pinAddress);
  return state.sticky;
}

/**
 * Puts the pin into the `length` option bytes at `m.off`, for a packet to `destination` that leaves
 * by `out`. Returns the new length of the options; without room the packet goes unpinned, counted.
 */
export function pinTransmit(
  stack: Stack,
  m: Mbuf,
  length: number,
  destination: number,
  out: Interface,
  state: SendState | null,
): number {
  if (length === 0) {
    const own = pinAddress(stack, out, state);
    if (own === 0 || !m.prepend(8)) return length;
    m.view.setUint32(m.off, PINNED);
    m.view.setUint32(m.off + 4, own);
    stack.stats.pinnedTransmit++;
    return 8;
  }
  const at = findSourceRoute(m.view, m.off, length);
  if (at >= 0) {
    // Once through ourselves is enough; in two passes the hop is still to be made.
    if (stack.addresses.isOwnUnicast(lastPassed(m.view, at))) return length;
    if (isUnexpired(m.view, at) && stack.addresses.owns(destination)) return length;
  }
  const growth = pinGrowth(m.view, m.off, length);
  const own = pinAddress(stack, out, state);
  if (growth < 0 || own === 0 || !m.prepend(growth)) {
    stack.stats.anycastNoSpace++;
    return length;
  }
  m.bytes.copyWithin(m.off, m.off + growth, m.off + growth + length);
  m.bytes.fill(0, m.off + length, m.off + length + growth);
  if (at >= 0) insertSlot(m, at - growth, length + growth, own);
  else insertRoute(m, length + growth, usedLength(m.view, m.off, length), own);
  stack.stats.pinnedTransmit++;
  return length + growth;
}

/** Makes room for `own` at the pointer of the route at `at`, as a hop already passed. */
function insertSlot(m: Mbuf, at: number, length: number, own: number): void {
  const { view, bytes } = m;
  const slot = slotAt(view, at);
  const used = usedLength(view, m.off, length);
  bytes.copyWithin(slot + 4, slot, m.off + used);
  bytes.fill(0, m.off + used + 4, m.off + length);
  view.setUint32(slot, own);
  view.setUint8(at + 1, view.getUint8(at + 1) + 4);
  view.setUint8(at + 2, view.getUint8(at + 2) + 4);
}

/** Puts a new route in front of `used` bytes of other options, or behind them if only that fits. */
function insertRoute(m: Mbuf, length: number, used: number, own: number): void {
  const { view, bytes, off } = m;
  if (padded(used) + 8 <= length) {
    bytes.copyWithin(off + 8, off, off + used);
    view.setUint32(off, PINNED);
    view.setUint32(off + 4, own);
    bytes.fill(0, off + 8 + used, off + length);
    return;
  }
  view.setUint8(off + used, PINNED_TAIL >>> 16);
  view.setUint16(off + used + 1, PINNED_TAIL & 0xffff);
  view.setUint32(off + used + 3, own);
  bytes.fill(0, off + used + 7, off + length);
}
