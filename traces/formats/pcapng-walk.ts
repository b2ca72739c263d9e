/** The hot loop over well-formed enhanced packet blocks, which is what captures are full of. */
import type { BatchColumns } from "../batch-columns.ts";
import type { ByteWindow } from "../byte-window.ts";
import { MAX_WIRE } from "./pcap-shape.ts";
import type { PcapngInterface } from "./pcapng-interface.ts";
import { ENHANCED_PACKET } from "./pcapng-shape.ts";

/**
 * Takes enhanced packet blocks from `window.start` on, up to the first block that is anything else,
 * is not whole, or is odd in any way. Every interface with a scale was prepared for the origin.
 */
export function walkPackets(
  window: ByteWindow,
  batch: BatchColumns,
  faces: readonly PcapngInterface[],
  little: boolean,
): void {
  const { view, end } = window;
  const { offset, captured, wire, time, linkType, capacity } = batch;
  let count = batch.count;
  let at = window.start;
  while (at + 32 <= end && count < capacity) {
    if (view.getUint32(at, little) !== ENHANCED_PACKET) break;
    const total = view.getUint32(at + 4, little);
    const next = at + total;
    if (total < 32 || (total & 3) !== 0 || next > end) break;
    const id = view.getUint32(at + 8, little);
    const length = view.getUint32(at + 20, little);
    const onWire = view.getUint32(at + 24, little);
    if (id >= faces.length || length > total - 32 || onWire > MAX_WIRE) break;
    if (view.getUint32(next - 4, little) !== total) break;
    const face = faces[id];
    if (face.scale === 0) break;
    const units =
      (view.getUint32(at + 12, little) - face.originHigh) * 0x100000000 +
      (view.getUint32(at + 16, little) - face.originLow);
    offset[count] = at + 28;
    captured[count] = length;
    wire[count] = onWire < length ? length : onWire;
    time[count] = units * face.scale - face.originRest;
    linkType[count] = face.linkType;
    count++;
    at = next;
  }
  batch.count = count;
  window.start = at;
}
