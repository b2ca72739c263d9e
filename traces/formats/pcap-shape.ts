/** What makes a record of a classic capture believable. */
import { MAX_PACKET } from "./format.ts";
import type { PcapLayout } from "./pcap-header.ts";
import type { RecordShape } from "./resync.ts";

/** Seconds that lie between two packets in a row without anybody wondering. */
export const NEAR = 86_400;

/** Seconds that a packet behind damage may lie from the last one before it. */
const SAME_DECADE = 10 * 365 * 86_400;

/** No packet is longer than this on the wire, not even one that segmentation offload made. */
export const MAX_WIRE = 16 << 20;

export class PcapShape implements RecordShape {
  readonly header: number;
  readonly #layout: PcapLayout;
  readonly #strict: boolean;
  /** Seconds of the last packet known to be right; NaN before the first. */
  known = Number.NaN;
  /** Whether a chain must begin where the last packet known left off, or may begin years away. */
  seamless = false;
  #previous = Number.NaN;

  /**
   * Judges records of `layout`: strictly, as what stands behind damage must be, or mildly, with all
   * that writers are known to get wrong, as what stands behind a record that is merely odd.
   */
  constructor(layout: PcapLayout, strict: boolean) {
    this.#layout = layout;
    this.#strict = strict;
    this.header = layout.header;
  }

  begin(): void {
    this.#previous = Number.NaN;
  }

  judge(view: DataView, at: number): number {
    const { little, capturedAt, wireAt, limit, header } = this.#layout;
    const captured = view.getUint32(at + capturedAt, little);
    const wire = view.getUint32(at + wireAt, little);
    if (captured > (this.#strict ? MAX_PACKET : limit) || wire > MAX_WIRE) return 0;
    if (captured === 0 && (wire === 0 || this.#strict)) return 0;
    if (this.#strict && (wire < captured || !this.#timely(view, at))) return 0;
    return header + captured;
  }

  #timely(view: DataView, at: number): boolean {
    const { little, fraction } = this.#layout;
    if (view.getUint32(at + 4, little) * fraction >= 1_000_000_000) return false;
    const seconds = view.getUint32(at, little);
    const first = Number.isNaN(this.#previous);
    const later = seconds - (first ? this.known : this.#previous);
    this.#previous = seconds;
    if (first && this.seamless) return later >= -1 && later <= NEAR;
    return !(Math.abs(later) > (first ? SAME_DECADE : NEAR));
  }
}
