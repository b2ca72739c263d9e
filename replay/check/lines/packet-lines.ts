/** Writes the lines of the packets that a `Checker` has checked, one after the other. */
import type { Checker } from "../checker.ts";
import { COUNTER_SLOTS } from "../verdict-counter.ts";
import type { LineBuffer } from "./line-buffer.ts";
import type { LineFormat } from "./line-format.ts";
import type { LineMemory } from "./line-memory.ts";
import { holdsPlainRoutes } from "./route-options.ts";

export class PacketLines {
  readonly #checker: Checker;
  readonly #format: LineFormat;
  readonly #memory: LineMemory | null;

  /** `memory` is the one that the checker was given; without one every line is made anew. */
  constructor(checker: Checker, format: LineFormat, memory: LineMemory | null) {
    this.#checker = checker;
    this.#format = format;
    this.#memory = memory;
  }

  /**
   * Writes what is to be said of the packet just checked, `packet` being its number in `file`;
   * nothing for a packet without a subject.
   */
  write(out: LineBuffer, view: DataView, packet: number, file?: string): void {
    const checker = this.#checker;
    if (checker.subject < 0) return;
    const format = this.#format;
    const memory = this.#memory;
    const slot = memory === null ? -1 : checker.lineSlot;
    if (memory === null || slot < 0) {
      out.text(format.whole(checker, view, packet, file));
      return;
    }
    format.opening(out, packet, file);
    const sums = format.sums(checker);
    if (memory.has(slot)) {
      memory.write(slot, out, sums, view, checker.headers.at[0]);
      return;
    }
    const quick = slot < COUNTER_SLOTS && holdsPlainRoutes(view, checker.headers.at[0]);
    const maker = quick ? format.routed : format.any;
    const head = out.length;
    maker.head(out, checker, view);
    const headEnd = out.length;
    out.put(sums);
    const tail = out.length;
    const stamps = maker.tail(out, checker, view);
    memory.keep(slot, out, head, headEnd, tail, stamps);
  }
}
