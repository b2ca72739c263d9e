/**
 * The chain of IPv6 extension headers (RFC 8200 section 4): one bounded walk from the fixed header
 * to the upper-layer header, without allocating.
 */

export const NEXT_HOP_BY_HOP = 0;
export const NEXT_ROUTING = 43;
export const NEXT_FRAGMENT = 44;
export const NEXT_AH = 51;
export const NEXT_ICMPV6 = 58;
export const NEXT_NONE = 59;
export const NEXT_DESTINATION = 60;
export const NEXT_MOBILITY = 135;
export const NEXT_HIP = 139;
export const NEXT_SHIM6 = 140;

const EXTENSIONS = new Uint8Array(256);
for (const header of [
  NEXT_HOP_BY_HOP,
  NEXT_ROUTING,
  NEXT_FRAGMENT,
  NEXT_AH,
  NEXT_DESTINATION,
  NEXT_MOBILITY,
  NEXT_HIP,
  NEXT_SHIM6,
]) {
  EXTENSIONS[header] = 1;
}

/** What an extension header is called in messages. */
export const EXTENSION_NAMES: ReadonlyMap<number, string> = new Map([
  [NEXT_HOP_BY_HOP, "hop-by-hop options"],
  [NEXT_ROUTING, "routing header"],
  [NEXT_FRAGMENT, "fragment header"],
  [NEXT_AH, "authentication header"],
  [NEXT_DESTINATION, "destination options"],
  [NEXT_MOBILITY, "mobility header"],
  [NEXT_HIP, "host identity"],
  [NEXT_SHIM6, "shim6"],
]);

/**
 * Why a walk ended before an upper-layer header: `overrun` when a header exceeds the payload that
 * the IPv6 header claims (malformed), `cut` when it exceeds only what was captured (unknown).
 */
export type ChainFault = "overrun" | "cut";

export class ExtensionChain {
  /** Next-header number of the current extension header, its offset and its length in bytes. */
  header = 0;
  offset = 0;
  length = 0;
  /** Offset of the byte that named the current header: where a 4/1 points. */
  namedAt = 0;
  fault: ChainFault | null = null;
  /** After the walk: number and offset of what follows the last extension header. */
  upper = 0;
  upperAt = 0;
  /** A fragment header with a non-zero offset was met: what follows is the middle of a packet. */
  laterFragment = false;
  /** A fragment header with offset 0 and more to come was met. */
  firstFragment = false;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #end = 0;
  #claimed = 0;

  /**
   * The fixed header stands at `at`; bytes up to `end` are in the view; the packet claims to reach
   * `claimed`, which may lie beyond.
   */
  start(view: DataView, at: number, end: number, claimed: number): void {
    this.#view = view;
    this.#end = end;
    this.#claimed = claimed;
    this.fault = null;
    this.laterFragment = false;
    this.firstFragment = false;
    this.upper = view.getUint8(at + 6);
    this.namedAt = at + 6;
    this.upperAt = at + 40;
  }

  /** Steps to the next extension header; false at the upper layer, a later fragment or a fault. */
  next(): boolean {
    const at = this.upperAt;
    if (EXTENSIONS[this.upper] === 0 || this.laterFragment || this.fault !== null) return false;
    this.header = this.upper;
    this.offset = at;
    if (!this.#room(at, 8)) return false;
    const view = this.#view;
    if (this.header === NEXT_FRAGMENT) {
      this.length = 8;
      const word = view.getUint16(at + 2);
      this.laterFragment = (word & 0xfff8) !== 0;
      this.firstFragment = !this.laterFragment && (word & 1) !== 0;
    } else {
      const units = view.getUint8(at + 1);
      this.length = this.header === NEXT_AH ? (units + 2) * 4 : (units + 1) * 8;
    }
    if (!this.#room(at, this.length)) return false;
    this.upper = view.getUint8(at);
    this.upperAt = at + this.length;
    return true;
  }

  #room(at: number, length: number): boolean {
    if (at + length > this.#claimed) this.fault = "overrun";
    else if (at + length > this.#end) this.fault = "cut";
    return this.fault === null;
  }
}
