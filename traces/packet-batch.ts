/**
 * What every capture reader yields: packets in runs, as columns over one buffer.
 *
 * A batch comes from one file and its packets are consecutive there. The reader owns the batch and
 * its buffer and uses both again for the next one: copy what must outlive the iteration step.
 */
export interface PacketBatch {
  /** Packets in this batch; every column below is valid for indices 0 … count − 1. */
  count: number;
  /** The captured bytes of all packets, and record headers between them. */
  bytes: Uint8Array;
  /** A view of the same memory: byte n of `bytes` is byte n of `view`. */
  view: DataView;
  /** Where packet i's captured bytes begin in `bytes`. */
  offset: Int32Array;
  /** How many bytes of packet i were captured; `offset + captured` lies inside `bytes`. */
  captured: Int32Array;
  /** How long packet i was on the wire, as the file claims. At least `captured`. */
  wire: Uint32Array;
  /** Nanoseconds since the trace's origin (`Trace.origin`); negative before it. */
  time: Float64Array;
  /** LINKTYPE_ number of packet i, as tcpdump.org assigns them. */
  linkType: Uint16Array;
  /** Which file of the trace, by index. */
  file: number;
  /** 1-based number of packet 0 in its file; packet i is `firstNumber + i`. */
  firstNumber: number;
}
