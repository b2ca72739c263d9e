/**
 * The one loop over IPv4 option bytes, bounds-checked and free of allocation.
 *
 * ```ts
 * walk.start(view, offset, length);
 * while (walk.next()) {
 *   if (walk.type === OPT_LSRR) …walk.at, walk.length…
 * }
 * if (walk.faultAt >= 0) …the area is malformed from there on…
 * ```
 * An `OptionWalk` is made once and started again for every packet. Nothing outside
 * `[offset, offset + length)` is read, whatever the bytes say.
 */
import { OPT_EOL, OPT_NOP } from "./option.ts";

/**
 * Why a walk ended early. `no-length`: the type stands in the last byte of the area.
 * `length-too-small`: below 2, so the option would not even hold its own length byte.
 * `length-too-large`: the option would run past the end of the header.
 */
export type WalkFault = "no-length" | "length-too-small" | "length-too-large";

export class OptionWalk {
  /** Where the current option begins in the view. */
  at = 0;
  /** Its type byte. */
  type = 0;
  /** Its length in bytes, the type byte included; EOL takes the rest of the area. */
  length = 0;
  /** Where the area ends in the view. */
  end = 0;
  /** Why the walk ended early, null while all is well. */
  fault: WalkFault | null = null;
  /** Where the option that could not be delimited begins; -1 while all is well. */
  faultAt = -1;

  #view: DataView;
  #shortest = 2;

  constructor() {
    this.#view = new DataView(new ArrayBuffer(0));
  }

  /**
   * Begins a walk over `length` option bytes at `offset`. An area that is not wholly inside the
   * view is cut at the view's end. `shortest` is the smallest length byte that delimits an option:
   * 2 by every rule, 1 for a kernel that let such an option pass.
   */
  start(view: DataView, offset: number, length: number, shortest = 2): void {
    this.#view = view;
    this.at = offset;
    this.type = OPT_NOP;
    this.length = 0;
    this.end = Math.min(offset + length, view.byteLength);
    this.fault = null;
    this.faultAt = -1;
    this.#shortest = shortest;
  }

  /**
   * Steps to the next option: true when there is one. EOL is shown once, as an option that takes
   * every byte left. False at the end of the area, or at a byte that delimits no option: then
   * `fault` and `faultAt` are set.
   */
  next(): boolean {
    const at = this.at + this.length;
    if (at >= this.end || this.fault !== null) return false;
    const left = this.end - at;
    const type = this.#view.getUint8(at);
    let length = 1;
    if (type === OPT_EOL) length = left;
    else if (type !== OPT_NOP) {
      if (left < 2) return this.#stop(at, "no-length");
      length = this.#view.getUint8(at + 1);
      if (length < this.#shortest) return this.#stop(at, "length-too-small");
      if (length > left) return this.#stop(at, "length-too-large");
    }
    this.at = at;
    this.type = type;
    this.length = length;
    return true;
  }

  #stop(at: number, fault: WalkFault): false {
    this.at = at;
    this.length = 0;
    this.fault = fault;
    this.faultAt = at;
    return false;
  }
}
