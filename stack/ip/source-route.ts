/**
 * The source route inside a header that is being built or passed on: where it stands, the hops that
 * are this host itself, and the addresses that the patch puts in.
 *
 * Areas are given as (view, begin, length): the option bytes of one header. Types, lengths and
 * pointers have been verified, or were written by this stack.
 */
import { LSRR, SSRR } from "./saved-route.ts";

const EOL = 0;
const NOP = 1;
/** An option area's limit: IHL counts to 15 words, five of which are the fixed header. */
const MAX_OPTIONS = 40;

/** Offset of the source-route option in an area, -1 when there is none. */
export function findSourceRoute(view: DataView, begin: number, length: number): number {
  const end = begin + length;
  let at = begin;
  while (at < end) {
    const type = view.getUint8(at);
    if (type === EOL) return -1;
    if (type === NOP) {
      at++;
      continue;
    }
    if (type === LSRR || type === SSRR) return at;
    const size = at + 1 < end ? view.getUint8(at + 1) : 0;
    if (size < 2) return -1;
    at += size;
  }
  return -1;
}

/** True while the route names a next hop: its pointer leaves room for an address. */
export const isUnexpired = (view: DataView, at: number): boolean =>
  view.getUint8(at + 2) + 3 <= view.getUint8(at + 1);

/** Offset of the slot that the pointer of the route at `at` stands at. */
export const slotAt = (view: DataView, at: number): number => at + view.getUint8(at + 2) - 1;

/** The last address of the route at `at`: where an unexpired one ends up (specification 1.3). */
export const lastAddress = (view: DataView, at: number): number =>
  view.getUint32(at + view.getUint8(at + 1) - 4);

/** Records `own` in the slot at the pointer, moves the pointer on, returns the next hop there was. */
export function recordAndAdvance(view: DataView, at: number, own: number): number {
  const slot = slotAt(view, at);
  const next = view.getUint32(slot);
  view.setUint32(slot, own);
  view.setUint8(at + 2, view.getUint8(at + 2) + 4);
  return next;
}

/** The address just before the pointer: the hop passed last, 0 when none has been. */
export function lastPassed(view: DataView, at: number): number {
  const slot = slotAt(view, at);
  return slot - 4 >= at + 3 ? view.getUint32(slot - 4) : 0;
}

/** Bytes of an area in use, the padding behind the last option left out. */
export function usedLength(view: DataView, begin: number, length: number): number {
  const end = begin + length;
  let used = 0;
  for (let at = begin; at < end; ) {
    const type = view.getUint8(at);
    if (type === EOL) break;
    const size = type === NOP ? 1 : view.getUint8(at + 1);
    if (type !== NOP) used = at + size - begin;
    at += size;
  }
  return used;
}

/** A length padded to whole words. */
export const padded = (length: number): number => (length + 3) & ~3;

/**
 * How many bytes an area of `length` bytes at `begin` grows when the pin goes in, -1 when there is
 * no room: 4 more in a source route; for a new one 8 with its alignment, or 7 where only that fits.
 */
export function pinGrowth(view: DataView, begin: number, length: number): number {
  const used = usedLength(view, begin, length);
  let total = padded(used + 4);
  if (findSourceRoute(view, begin, length) < 0) {
    total = padded(used) + 8;
    if (total > MAX_OPTIONS) total = padded(used + 7);
  }
  return total > MAX_OPTIONS ? -1 : Math.max(0, total - length);
}
