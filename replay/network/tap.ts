/** Points of the network where packets can be captured. */
import type { Mbuf } from "../../stack/mbuf.ts";
import type { PcapWriter } from "../../traces/pcap-writer.ts";

/** Sees packets pass; must not keep or change them. */
export interface Tap {
  take(now: number, m: Mbuf): void;
}

/** Writes what passes into a capture of raw IP packets (LINKTYPE_RAW). */
export class CaptureTap implements Tap {
  private readonly writer: PcapWriter;

  constructor(writer: PcapWriter) {
    this.writer = writer;
  }

  take(now: number, m: Mbuf): void {
    this.writer.write(now, m.bytes, m.off, m.len);
  }
}

/** Several taps at one point. */
export class Taps implements Tap {
  private readonly taps: readonly Tap[];

  constructor(taps: readonly Tap[]) {
    this.taps = taps;
  }

  take(now: number, m: Mbuf): void {
    for (const tap of this.taps) tap.take(now, m);
  }
}
