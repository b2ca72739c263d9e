/** A received segment taken apart, its numbers in the form that control blocks use. */
import type { Mbuf } from "../mbuf.ts";
import * as wire from "../wire/tcp.ts";

/** One object a stack, filled anew for each segment (RFC 9293's SEG. variables). */
export class Segment {
  sourcePort = 0;
  destinationPort = 0;
  seq = 0;
  ack = 0;
  /** TH_ bits; processing takes away those that it has dealt with. */
  flags = 0;
  /** As in the header: not scaled. */
  window = 0;
  urgent = 0;
  /** Payload: where in the packet's bytes, and how many octets. */
  dataAt = 0;
  length = 0;
  headerLength = 0;
  /** The packet was marked "congestion experienced" (RFC 3168). */
  congestion = false;
  /** The ECN codepoint of the IP header. */
  ecn = 0;

  /** Reads the header at `m.off`; false when its length makes no sense. */
  read(m: Mbuf): boolean {
    const { view, off, len } = m;
    this.headerLength = wire.dataOffset(view, off);
    if (this.headerLength < wire.TCP_HEADER_LENGTH || this.headerLength > len) return false;
    this.sourcePort = view.getUint16(off);
    this.destinationPort = view.getUint16(off + 2);
    this.seq = view.getInt32(off + 4);
    this.ack = view.getInt32(off + 8);
    this.flags = view.getUint16(off + 12) & 0x1ff;
    this.window = view.getUint16(off + 14);
    this.urgent = view.getUint16(off + 18);
    this.dataAt = off + this.headerLength;
    this.length = len - this.headerLength;
    return true;
  }

  /** Octets of sequence space: payload, SYN and FIN. */
  get space(): number {
    return this.length + (this.flags & wire.TH_SYN ? 1 : 0) + (this.flags & wire.TH_FIN ? 1 : 0);
  }
}
