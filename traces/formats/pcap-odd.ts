/** Records that a walk stops at: damage, or only a writer with habits of its own? */
import type { ByteWindow } from "../byte-window.ts";
import type { PcapLayout } from "./pcap-header.ts";
import { MAX_WIRE, type PcapShape } from "./pcap-shape.ts";
import { CHAIN, chainAt } from "./resync.ts";

/**
 * Seconds that a clock does not jump back to. A record read four bytes late has its microseconds for
 * seconds and one length for the other, and so has each one behind it if all are of one length.
 */
const BOOT = 1_000_000;

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
 * to `shape`, a mild one. Null when the window must hold more to tell.
 */
export function makesSense(
  window: ByteWindow,
  layout: PcapLayout,
  shape: PcapShape,
  claim: Claim,
): boolean | null {
  const { length, wire } = claim;
  if (length > layout.limit || (length === 0 && wire === 0)) return false;
  if (claim.seconds < BOOT && shape.known >= BOOT) return false;
  const next = window.start + layout.header + length;
  if (window.ended && next + layout.header > window.end) return next <= window.end;
  const onlyTimeIsOdd = wire >= length && wire <= MAX_WIRE;
  return chainAt(window, shape, next, -1, onlyTimeIsOdd ? 1 : CHAIN);
}

/** What to say of a header that makes no sense, `left` bytes behind it being left in the file. */
export function describeClaim(
  claim: Claim,
  layout: PcapLayout,
  left: number,
): { expected: string; found: string } {
  const { seconds, fraction, length, wire } = claim;
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
