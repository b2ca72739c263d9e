/**
 * The quick way over a header without a fault: options and verdicts are counted, and nothing is
 * allocated. Whatever is worth a word goes the long way, through `judgeHeader`.
 */
import { isClassE, isLoopback, isMulticast, isZeroNet } from "../../ipopts/address.ts";
import { codecOf } from "../../ipopts/codecs.ts";
import { isSourceRoute, OPT_NOP, OPT_SSRR } from "../../ipopts/option.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";

/** No header holds more. */
const MOST_OPTIONS = 40;

export class QuickLook {
  /** Options seen in clean headers, by type. */
  readonly counts = new Float64Array(256);
  readonly #walk = new OptionWalk();
  /** Number of the last header in which each type was seen. */
  readonly #seen = new Float64Array(256);
  readonly #types = new Uint8Array(MOST_OPTIONS);
  #header = 0;

  /**
   * True when the options of the whole IPv4 header at `at` deserve no finding at all; then they
   * have been counted.
   */
  clean(view: DataView, at: number): boolean {
    const walk = this.#walk;
    const mark = ++this.#header;
    const source = ip4.source(view, at);
    let count = 0;
    walk.start(view, at + ip4.IPV4_HEADER_LENGTH, ip4.headerLength(view, at) - 20);
    while (walk.next()) {
      const { type } = walk;
      this.#types[count++] = type;
      if (type === OPT_NOP) continue;
      const codec = codecOf(type);
      if (codec.deprecated !== undefined || codec.check(view, walk.at, walk.length) !== null) {
        return false;
      }
      const route = isSourceRoute(type);
      // Both kinds of source route share a mark: there may be one of them.
      const kind = route ? OPT_SSRR : type;
      if (this.#seen[kind] === mark) return false;
      this.#seen[kind] = mark;
      if (route && !isPlainRoute(view, walk.at, walk.length, source)) return false;
    }
    if (walk.fault !== null) return false;
    for (let i = 0; i < count; i++) this.counts[this.#types[i]]++;
    return true;
  }
}

/** Whether the hops still to come are hosts' addresses, and the first is not the source. */
function isPlainRoute(view: DataView, at: number, length: number, source: number): boolean {
  const pointer = view.getUint8(at + 2);
  for (let slot = pointer - 1; slot + 4 <= length; slot += 4) {
    const hop = view.getUint32(at + slot);
    if (slot === 3 && hop === source) return false;
    if (isMulticast(hop) || isClassE(hop) || isZeroNet(hop) || isLoopback(hop)) return false;
  }
  return true;
}
