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

/**
 * How a record is judged: with all that writers are known to get wrong (`mild`), at a time near that
 * of its neighbours too (`timely`), or without a fault, as what stands behind damage (`strict`).
 */
export type Rigour = "mild" | "timely" | "strict";

export class PcapShape implements RecordShape {
  readonly header: number;
  readonly #layout: PcapLayout;
  readonly #strict: boolean;
  readonly #times: boolean;
  /** Seconds that a chain may begin away from the packet known. */
  readonly #gap: number;
  /** Seconds of the last packet known to be right; NaN before the first. */
  known = Number.NaN;
  /** Seconds that the damaged record claims: until a packet is known, doubt goes by them. */
  claimed = Number.NaN;
  /** Whether a chain must begin where the last packet known left off, or may begin years away. */
  seamless = false;
  /** The most seconds between neighbours, the packet known among them. */
  doubt = 0;
  #previous = Number.NaN;

  constructor(layout: PcapLayout, rigour: Rigour) {
    this.#layout = layout;
    this.#strict = rigour === "strict";
    this.#times = rigour !== "mild";
    this.#gap = rigour === "strict" ? SAME_DECADE : NEAR;
    this.header = layout.header;
  }

  begin(): void {
    this.#previous = Number.NaN;
    this.doubt = 0;
  }

  judge(view: DataView, at: number): number {
    const { little, capturedAt, wireAt, limit, header } = this.#layout;
    const captured = view.getUint32(at + capturedAt, little);
    const wire = view.getUint32(at + wireAt, little);
    if (captured > (this.#strict ? MAX_PACKET : limit) || wire > MAX_WIRE) return 0;
    if (captured === 0 && (wire === 0 || this.#strict)) return 0;
    if (this.#strict && wire < captured) return 0;
    return this.#times && !this.#timely(view, at) ? 0 : header + captured;
  }

  #timely(view: DataView, at: number): boolean {
    const { little, fraction } = this.#layout;
    if (view.getUint32(at + 4, little) * fraction >= 1_000_000_000) return false;
    const seconds = view.getUint32(at, little);
    const first = Number.isNaN(this.#previous);
    const unknown = Number.isNaN(this.known);
    const before = first ? (unknown ? this.claimed : this.known) : this.#previous;
    const later = seconds - before;
    this.#previous = seconds;
    if (!Number.isNaN(later)) this.doubt = Math.max(this.doubt, Math.abs(later));
    if (first && unknown) return true;
    if (first && this.seamless) return later >= -1 && later <= NEAR;
    return Math.abs(later) <= (first ? this.#gap : NEAR);
  }
}
