/** What makes a record of a classic capture believable. */
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
  readonly #timed: boolean;
  /** Seconds of the last packet known to be right; NaN before the first. */
  known = Number.NaN;
  #previous: number | null = null;

  /** Judges records of `layout`, and by their times too when `timed`. */
  constructor(layout: PcapLayout, timed: boolean) {
    this.#layout = layout;
    this.#timed = timed;
    this.header = layout.header;
  }

  begin(): void {
    this.#previous = null;
  }

  judge(view: DataView, at: number): number {
    const { little, capturedAt, wireAt, limit, fraction, header } = this.#layout;
    const captured = view.getUint32(at + capturedAt, little);
    if (captured === 0 || captured > limit) return 0;
    const wire = view.getUint32(at + wireAt, little);
    if (wire < captured || (wire > MAX_WIRE && wire > limit)) return 0;
    if (view.getUint32(at + 4, little) >= (fraction === 1 ? 1_000_000_000 : 1_000_000)) return 0;
    if (this.#timed && !this.#timely(view.getUint32(at, little))) return 0;
    return header + captured;
  }

  #timely(seconds: number): boolean {
    const reference = this.#previous ?? this.known;
    const allowed = this.#previous === null ? SAME_DECADE : NEAR;
    this.#previous = seconds;
    return !(Math.abs(seconds - reference) > allowed);
  }
}
