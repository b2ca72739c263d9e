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

export class HeaderScratch {
  readonly bytes = new Uint8Array(64);
  readonly view = new DataView(this.bytes.buffer);
  /** Scratch of whoever walks option bytes on this stack. */
  readonly walk = new OptionWalk();
  /** Bytes of the option area in use, a multiple of four. */
  length = 0;

  /** Puts option bytes in, and where the packet goes first. */
  load(options: Uint8Array, destination: number): void {
    this.bytes.set(options, OPTIONS_AT);
    this.length = options.length;
    this.destination = destination;
  }

  get destination(): number {
    return this.view.getUint32(DESTINATION_AT);
  }

  set destination(address: number) {
    this.view.setUint32(DESTINATION_AT, address);
  }

  /** Where the source route begins in `view`, -1 when there is none. */
  routeAt(): number {
    return findSourceRoute(this.walk, this.view, OPTIONS_AT, this.length);
  }

  /** Writes the options in front of `m`'s bytes. False when there is no room. */
  prependTo(m: Mbuf): boolean {
    if (!m.prepend(this.length)) return false;
    for (let i = 0; i < this.length; i += 4) {
      m.view.setUint32(m.off + i, this.view.getUint32(OPTIONS_AT + i));
    }
    return true;
  }
}
