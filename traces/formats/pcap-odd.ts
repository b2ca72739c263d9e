/** Records that a walk stops at: damage, or only a writer with habits of its own? */
import type { ByteWindow } from "../byte-window.ts";
import { isMagic, type PcapLayout } from "./pcap-header.ts";
import { MAX_WIRE, type PcapShape, type Rigour } from "./pcap-shape.ts";
import { CHAIN, chainAt, findChain, RIVALS } from "./resync.ts";

/** One judge of each rigour, all over the same layout. */
export type Judges = Record<Rigour, PcapShape>;

/** What a header claims, as it stands there. */
export interface Claim {
  seconds: number;
  fraction: number;
  length: number;
  wire: number;
}

export function readClaim(view: DataView, at: number, layout: PcapLayout): Claim {
  return {
    seconds: view.getUint32(at, layout.little),
    fraction: view.getUint32(at + 4, layout.little),
    length: view.getUint32(at + layout.capturedAt, layout.little),
    wire: view.getUint32(at + layout.wireAt, layout.little),
  };
}

/**
 * Whether the record at the window's start is one after all, since what stands behind it makes sense
 * and no better record stands nearby: inside the one at `last`, whose length may have lied (−1: none),
 * or inside itself. Null when the window must hold more to tell.
 */
export function makesSense(
  window: ByteWindow,
  { header, limit }: PcapLayout,
  { mild, timely, strict }: Judges,
  { length, wire }: Claim,
  last: number,
): boolean | null {
  if (length > limit || (length === 0 && wire === 0)) return false;
  const { start } = window;
  const next = start + header + length;
  if (window.ended && next + header > window.end) return next <= window.end;
  const onlyTimeIsOdd = wire >= length && wire <= MAX_WIRE;
  const needed = onlyTimeIsOdd ? 1 : CHAIN;
  const chained = chainAt(window, mild, next, -1, needed);
  if (!chained) return chained;
  const inTime = chainAt(window, timely, start, -1, 1 + needed);
  if (inTime !== false) return inTime;
  strict.seamless = true;
  const from = last < 0 ? start + 1 : last + header;
  const rival = findChain(window, strict, from, Math.min(next, start + RIVALS), next);
  if (rival === "none") return true;
  return "found" in rival ? false : null;
}

/** Whether it is no record's header but a file's: captures are put together by cat. */
export const beginsCapture = ({ seconds, length, wire }: Claim): boolean =>
  isMagic(seconds) && length === 0 && wire === 0;

/** What to say of a header that makes no sense, `left` bytes behind it being left in the file. */
export function describeClaim(
  claim: Claim,
  layout: PcapLayout,
  left: number,
): { expected: string; found: string } {
  const { seconds, fraction, length, wire } = claim;
  if (beginsCapture(claim)) {
    return { expected: "a record header", found: "the file header of another capture" };
  }
  if (length > layout.limit) {
    return { expected: `a captured length up to ${layout.limit}`, found: `${length}` };
  }
  if (length > left) {
    return {
      expected: `the ${length} bytes of a packet`,
      found: `the end of the file after ${left}`,
    };
  }
  if (seconds === 0 && fraction === 0 && length === 0 && wire === 0) {
    return { expected: "a record header", found: `${layout.header} zero bytes` };
  }
  return {
    expected: "a record with another behind it",
    found: `seconds ${seconds}, captured length ${length}, original length ${wire}`,
  };
}
