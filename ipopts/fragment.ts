/**
 * Options of the fragments after the first: only those with the copied bit (RFC 791 section 3.1).
 *
 * Two ways of the field: BSD leaves the others out and pads again, Linux blanks them in place so
 * that the header keeps its length.
 */
import { padArea } from "./builder.ts";
import { isCopied, OPT_EOL, OPT_NOP } from "./option.ts";
import type { Refusal } from "./refusal.ts";
import type { OptionWalk } from "./walk.ts";

/**
 * Copies what later fragments carry of `length` option bytes at `offset` to `outAt` of `out`, NOPs
 * kept for alignment, padded with EOL (`ip_optcopy` of 4.4BSD). Returns the bytes written.
 */
export function copyToFragment(
  walk: OptionWalk,
  view: DataView,
  offset: number,
  length: number,
  out: DataView,
  outAt: number,
): number | Refusal {
  walk.start(view, offset, length);
  while (walk.next());
  if (walk.fault !== null) return "malformed";
  let used = 0;
  walk.start(view, offset, length);
  while (walk.next()) {
    if (walk.type === OPT_EOL) break;
    if (walk.type !== OPT_NOP && !isCopied(walk.type)) continue;
    for (let i = 0; i < walk.length; i++) {
      out.setUint8(outAt + used + i, view.getUint8(walk.at + i));
    }
    used += walk.length;
  }
  return padArea(out, outAt, used);
}

/**
 * Blanks with NOP, in place, every option that later fragments must not carry
 * (`ip_options_fragment` of Linux). Returns how many were blanked.
 */
export function blankForFragment(
  walk: OptionWalk,
  view: DataView,
  offset: number,
  length: number,
): number | Refusal {
  walk.start(view, offset, length);
  while (walk.next());
  if (walk.fault !== null) return "malformed";
  let blanked = 0;
  walk.start(view, offset, length);
  while (walk.next()) {
    if (walk.type === OPT_EOL) break;
    if (walk.type === OPT_NOP || isCopied(walk.type)) continue;
    for (let i = 0; i < walk.length; i++) view.setUint8(walk.at + i, OPT_NOP);
    blanked++;
  }
  return blanked;
}
