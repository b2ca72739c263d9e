/**
 * Memory that is about to be needed is read ahead, by loops that do nothing else: no branch in them
 * has to wait for it, so its delays overlap.
 */

/** What it came to, which nobody needs; exported so that no compiler leaves the reading out. */
export let ahead: u32 = 0;

export function noteAhead(sum: u32): void {
  ahead = sum;
}
