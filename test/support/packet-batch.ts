/** Packets in memory as the batch a reader would make of them. */
import type { PacketBatch } from "../../traces/packet-batch.ts";

export interface MemoryPacket {
  data: Uint8Array;
  /** Nanoseconds since the trace's origin. */
  time?: number;
  /** Bytes on the wire, when more than were captured. */
  wire?: number;
  linkType?: number;
}

export function packetBatch(packets: readonly MemoryPacket[]): PacketBatch {
  // Foreign bytes around every packet: whoever reads beyond its end will notice.
  const margin = Buffer.alloc(8, 0x45);
  const bytes = new Uint8Array(Buffer.concat(packets.flatMap(({ data }) => [margin, data])));
  const batch: PacketBatch = {
    count: packets.length,
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    offset: new Int32Array(packets.length),
    captured: Int32Array.from(packets, ({ data }) => data.length),
    wire: Float64Array.from(packets, ({ data, wire }) => wire ?? data.length),
    time: Float64Array.from(packets, ({ time }) => time ?? 0),
    linkType: Uint16Array.from(packets, ({ linkType }) => linkType ?? 1),
    file: 0,
    firstNumber: 1,
  };
  let at = 0;
  for (const [i, { data }] of packets.entries()) {
    batch.offset[i] = at + margin.length;
    at += margin.length + data.length;
  }
  return batch;
}
