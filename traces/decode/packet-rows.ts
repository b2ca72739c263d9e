/**
 * What decoding leaves of a run of packets: a row for the TCP segment or UDP datagram in each, with
 * its time, its length and room for what the connection table notes (table/wasm/row.ts). Rows, not
 * columns: who follows a packet reads most of its words, and a row is one cache line.
 */
import type { TraceMemory } from "../trace-memory.ts";

/** Packets decoded at a time: few enough to stay in the first-level cache until they are counted. */
export const CHUNK_PACKETS = 256;

/** Word w of the row of packet i is `rows[(i << ROW_SHIFT) + w]`. */
export const ROW_SHIFT = 4;
export const ROW_WORDS = 1 << ROW_SHIFT;
export const ROW_BYTES = 4 * ROW_WORDS;

/** `KIND_NONE`, `KIND_LEFT`, or bits `KIND_*`. */
export const KIND = 0;
/**
 * IPv4 addresses, and ports, the source's in the upper half. Once the key is made, they stand in an order
 * that does not depend on the packet's way (wasm/key.ts); of IPv6, who follows the packet makes the key.
 */
export const SOURCE = 1;
export const DESTINATION = 2;
export const PORTS = 3;
export const SEQUENCE = 4;
export const ACKNOWLEDGMENT = 5;
/** TCP flags; 0 for UDP, for later fragments and where the capture ends before them. */
export const FLAGS = 6;
/** Transport payload in bytes, as the headers give it: neither padding nor cut short. */
export const PAYLOAD = 7;
/** Of the key: its hash, and which of its ends sent the packet, 0 for the first. */
export const HASH = 11;
export const END = 12;

/** Kinds of row: of a packet that is of no connection. */
export const KIND_NONE = -1;
/** Of one whose headers are not the plainest: their layers are still to be followed. */
export const KIND_LEFT = -2;
/** Bits of all others. */
export const KIND_UDP = 1;
export const KIND_V6 = 2;

/** Words of `PacketRows.v6` for each packet: its source, then its destination. */
const V6_WORDS = 8;

export interface PacketRows {
  readonly words: Int32Array;
  /** IPv6 addresses, at `v6At(row)` the source and four words behind it the destination. */
  readonly v6: Uint32Array;
}

/** Where the row at word `row` has its IPv6 addresses. */
export const v6At = (row: number): number => (row >> ROW_SHIFT) * V6_WORDS;

/** Bytes that the rows of `packets` packets take. */
export const rowBytes = (packets: number): number => 4 * packets * (ROW_WORDS + V6_WORDS);

/** Rows of packets, `CHUNK_PACKETS` in each, in `memory` from byte `at` (a multiple of 64) on. */
export function packetRows(packets: number, memory: ArrayBufferLike, at: number): PacketRows[] {
  const v6 = at + 4 * packets * ROW_WORDS;
  return Array.from({ length: Math.ceil(packets / CHUNK_PACKETS) }, (_, i) => {
    const first = i * CHUNK_PACKETS;
    const count = Math.min(CHUNK_PACKETS, packets - first);
    return {
      words: new Int32Array(memory, at + 4 * first * ROW_WORDS, count * ROW_WORDS),
      v6: new Uint32Array(memory, v6 + 4 * first * V6_WORDS, count * V6_WORDS),
    };
  });
}

/** Rows for one chunk. */
export function chunkRows(memory: TraceMemory): PacketRows {
  const at = memory.place(rowBytes(CHUNK_PACKETS));
  return packetRows(CHUNK_PACKETS, memory.buffer, at)[0];
}
