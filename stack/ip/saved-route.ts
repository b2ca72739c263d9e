/**
 * The source route that a packet arrived with, kept beside the packet while its protocol looks at it
 * (BSD's `ip_srcrt`, `save_rte` and `ip_srcroute`), one for each stack.
 *
 * The receive-path pin changes only this copy: the packet's bytes stay what was received, so that
 * record route, timestamps and checksums remain honest (specification 5.3).
 */
import { OPT_LSRR, OPT_NOP, OPT_SSRR } from "../../ipopts/option.ts";
import { SavedRoute as Route } from "../../ipopts/saved-route.ts";
import { MAX_HOPS, routeHop, routeHops } from "../../ipopts/source-route.ts";
import type { KernelProfile } from "../config.ts";
import type { SendOptions } from "./send-options.ts";

export class SavedRoute extends Route {
  /** Saves the route at `at` of a packet from `source` as the kernel of `profile` does. */
  saveAs(profile: KernelProfile, view: DataView, at: number, source: number): void {
    if (profile === "engel" || profile === "linux") {
      this.save(view, at, source);
      return;
    }
    // The BSDs' `save_rte` neither looks at the pointer nor cleans the sender out of the route.
    this.begin(source);
    this.type = view.getUint8(at) === OPT_SSRR ? OPT_SSRR : OPT_LSRR;
    const hops = Math.min(MAX_HOPS, routeHops(view, at));
    for (let i = 0; i < hops; i++) this.append(routeHop(view, at, i));
  }

  /** True when answering along this route is just what `options` says already. Allocates nothing. */
  matches(options: SendOptions | null, profile: KernelProfile): boolean {
    const { count } = this;
    if (!options) return count === 0;
    const { firstHop, bytes } = options;
    if (count === 0 || firstHop !== this.firstHop() || bytes.length !== 4 + 4 * count) return false;
    const at = profile === "linux" ? 0 : 1;
    if (bytes[at] !== this.type || bytes[at + 1] !== 3 + 4 * count) return false;
    let slot = at + 3;
    for (let i = count - 2; i >= 0; i--, slot += 4) {
      if (readWord(bytes, slot) !== this.hops[i]) return false;
    }
    return readWord(bytes, slot) === this.source;
  }

  /**
   * The options that lead a reply back the way the packet came, or null without a route: first hop
   * apart, pointer 4, the sender last. NOP before the option, as the BSDs align it, or EOL after it
   * as Linux pads (`ip_srcroute`, `__ip_options_echo`; specification 4.1).
   */
  reply(profile: KernelProfile): SendOptions | null {
    const length = this.replyLength();
    if (length === 0) return null;
    const bytes = new Uint8Array(length);
    this.writeReply(new DataView(bytes.buffer), 0);
    if (profile === "linux" && bytes[0] === OPT_NOP) {
      bytes.copyWithin(0, 1);
      bytes[length - 1] = 0;
    }
    return { firstHop: this.firstHop(), bytes };
  }
}

const readWord = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
