/** What a way to write packets as lines has to offer: JSON or text. */
import type { Checker } from "../checker.ts";
import type { LineBuffer } from "./line-buffer.ts";
import type { Stamp } from "./line-memory.ts";

/** Makes the two pieces of a line that all packets with such a header share. */
export interface LineMaker {
  /** What stands between the packet's number and its sums. */
  head(out: LineBuffer, checker: Checker, view: DataView): void;
  /** What stands behind the sums, the end of the line included; the headers that leave in it. */
  tail(out: LineBuffer, checker: Checker, view: DataView): readonly Stamp[];
}

export interface LineFormat {
  /** What a line begins with. */
  opening(out: LineBuffer, packet: number, file: string | undefined): void;
  /** The sums of the packet just checked, whose one reported header is the outermost. */
  sums(checker: Checker): DataView;
  /** For a sound IPv4 header whose options are padding and routes: it writes bytes, not strings. */
  readonly routed: LineMaker;
  /** For any header. */
  readonly any: LineMaker;
  /** The line or lines of a packet of which more is to be said. */
  whole(checker: Checker, view: DataView, packet: number, file: string | undefined): string;
}
