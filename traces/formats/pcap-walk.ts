/** The hot loop over the records of a classic capture: as small as it can be. */
import type { BatchColumns } from "../batch-columns.ts";
import type { ByteWindow } from "../byte-window.ts";
import type { PcapLayout } from "./pcap-header.ts";
import * as shape from "./pcap-shape.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { MAX_WIRE, NEAR } = shape;

/**
 * Nanoseconds of a second, as a double wherever it is read from: a small integer would have the
 * compiler bet on products of 32 bits, and begin anew after the first two seconds.
 */
const SECOND = Float64Array.of(1e9);

/** Where a walk stands, from one window to the next. */
export interface Walk {
  /** Position of the last record taken in this walk, or −1. */
  last: number;
  /** Seconds of the packet before the next one; NaN when any will do. */
  seconds: number;
  /** The trace's origin, in whole seconds and nanoseconds after. */
  originSeconds: number;
  originFraction: number;
}

/** Why it stopped: out of bytes, batch full, or at a record that needs a second look. */
export type WalkEnd = "more" | "full" | "odd";

/**
 * Takes records from `window.start` on. A record is taken once the header behind it is in the window
 * too, so that whoever finds that header senseless still holds the record that led there.
 */
export function walkRecords(
  window: ByteWindow,
  batch: BatchColumns,
  layout: PcapLayout,
  walk: Walk,
): WalkEnd {
  const { view, end } = window;
  const { offset, captured, wire, time, capacity } = batch;
  const { little, header, capturedAt, wireAt, limit, fraction } = layout;
  const { originSeconds, originFraction } = walk;
  const second = SECOND[0];
  const first = batch.count;
  let count = first;
  let at = window.start;
  let last = -1;
  let seconds = walk.seconds;
  let state: WalkEnd = "more";
  while (at + header <= end) {
    const length = view.getUint32(at + capturedAt, little);
    const onWire = view.getUint32(at + wireAt, little);
    const then = view.getUint32(at, little);
    const apart = then - seconds;
    if (length > limit || (onWire - 1) >>> 0 >= MAX_WIRE || apart > NEAR || apart < -NEAR) {
      state = "odd";
      break;
    }
    const next = at + header + length;
    if (next + header > end) break;
    if (count === capacity) {
      state = "full";
      break;
    }
    offset[count] = at + header;
    captured[count] = length;
    wire[count] = onWire < length ? length : onWire;
    time[count] =
      (then - originSeconds) * second +
      (view.getUint32(at + 4, little) * fraction - originFraction);
    count++;
    seconds = then;
    last = at;
    at = next;
  }
  batch.linkType.fill(layout.linkType, first, count);
  batch.count = count;
  window.start = at;
  walk.last = last;
  walk.seconds = seconds;
  return state;
}

/** Takes the one record at `at`, its packet `length` bytes long, whatever its header claims. */
export function takeRecord(
  batch: BatchColumns,
  layout: PcapLayout,
  walk: Walk,
  at: number,
  length: number,
): void {
  const { view, count } = batch;
  const seconds = view.getUint32(at, layout.little);
  const fraction = view.getUint32(at + 4, layout.little) * layout.fraction;
  batch.offset[count] = at + layout.header;
  batch.captured[count] = length;
  batch.wire[count] = Math.max(length, view.getUint32(at + layout.wireAt, layout.little));
  batch.time[count] = (seconds - walk.originSeconds) * 1e9 + (fraction - walk.originFraction);
  batch.linkType[count] = layout.linkType;
  batch.count++;
  walk.seconds = seconds;
}
