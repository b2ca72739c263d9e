/** Packets in memory as the batch a reader would make of them. */
import { BatchColumns } from "../../traces/batch-columns.ts";
import { TraceMemory } from "../../traces/trace-memory.ts";

export interface MemoryPacket {
  data: Uint8Array;
  /** Nanoseconds since the trace's origin. */
  time?: number;
  /** Bytes on the wire, when more than were captured. */
  wire?: number;
  linkType?: number;
}

/** Where all of them lie. */
export const batchMemory = new TraceMemory();

export function packetBatch(packets: readonly MemoryPacket[]): BatchColumns {
  // Foreign bytes around every packet: whoever reads beyond its end will notice.
  const margin = Buffer.alloc(8, 0x45);
  const bytes = Buffer.concat(packets.flatMap(({ data }) => [margin, data]));
  const batch = new BatchColumns(0, batchMemory, packets.length);
  batch.count = packets.length;
  batch.bytes = placed(bytes);
  batch.view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset, bytes.length);
  let at = 0;
  for (const [i, { data, wire, time, linkType }] of packets.entries()) {
    batch.offset[i] = at + margin.length;
    batch.captured[i] = data.length;
    batch.wire[i] = wire ?? data.length;
    batch.time[i] = time ?? 0;
    batch.linkType[i] = linkType ?? 1;
    at += margin.length + data.length;
  }
  return batch;
}

function placed(bytes: Uint8Array): Uint8Array {
  const at = batchMemory.place(bytes.length);
  const there = new Uint8Array(batchMemory.buffer, at, bytes.length);
  there.set(bytes);
  return there;
}
