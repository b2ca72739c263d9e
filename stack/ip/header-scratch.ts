/**
 * Where a header with options is put together before it goes in front of its packet: one for each
 * stack. The layout is a packet's, the fixed header first, so that the operations of `ipopts` find
 * the destination where they expect it.
 */
import { findSourceRoute } from "../../ipopts/source-route.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import type { Mbuf } from "../mbuf.ts";

/** Where the option area begins. */
export const OPTIONS_AT = 20;
const DESTINATION_AT = 16;
/** NOP, then the type of a loose source route. */
const NOP_LSRR = 0x0183;

export class HeaderScratch {
  readonly bytes = new Uint8Array(64);
  readonly view = new DataView(this.bytes.buffer);
  /** Scratch of whoever walks option bytes on this stack. */
  readonly walk = new OptionWalk();
  /** Bytes of the option area in use, a multiple of four. */
  length = 0;

  /** Where the source route begins in `view`, -1 when there is none. */
  routeAt = -1;

  /** Puts option bytes in, and where the packet goes first. */
  load(options: Uint8Array, destination: number): void {
    const { length } = options;
    // A loop: for so few bytes a call into the runtime costs more than they do.
    for (let i = 0; i < length; i++) this.bytes[OPTIONS_AT + i] = options[i];
    this.length = length;
    this.destination = destination;
    this.routeAt = sourceRouteAt(this.walk, this.view, OPTIONS_AT, length);
  }

  get destination(): number {
    return this.view.getUint32(DESTINATION_AT);
  }

  set destination(address: number) {
    this.view.setUint32(DESTINATION_AT, address);
  }

  /** Writes the options behind the 20 bytes for the fixed header at the front of `m`. */
  writeTo(m: Mbuf): void {
    const to = m.off + OPTIONS_AT;
    for (let i = 0; i < this.length; i += 4) {
      m.view.setUint32(to + i, this.view.getUint32(OPTIONS_AT + i));
    }
  }
}

/**
 * Where the source route begins among `length` option bytes at `begin`, -1 when there is none. Most
 * stand behind one NOP, as the BSDs align them: those are found without a walk.
 */
export function sourceRouteAt(
  walk: OptionWalk,
  view: DataView,
  begin: number,
  length: number,
): number {
  if (length >= 4 && view.getUint16(begin) === NOP_LSRR) {
    const size = view.getUint8(begin + 2);
    if (size >= 2 && size < length) return begin + 1;
  }
  return findSourceRoute(walk, view, begin, length);
}
