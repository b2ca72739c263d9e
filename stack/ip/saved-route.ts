/**
 * The source route that a packet arrived with, kept beside the packet while its protocol looks at it
 * (BSD's `ip_srcrt`, `save_rte` and `ip_srcroute`), one for each stack.
 *
 * The receive-path pin changes only this copy: the packet's bytes stay what was received, so that
 * record route, timestamps and checksums remain honest (specification 5.3).
 */
import { OPT_CIPSO, OPT_EOL, OPT_LSRR, OPT_RR, OPT_SSRR, OPT_TS } from "../../ipopts/option.ts";
import { SavedRoute as Route } from "../../ipopts/saved-route.ts";
import { MAX_HOPS, routeHop, routeHops } from "../../ipopts/source-route.ts";
import type { OptionWalk } from "../../ipopts/walk.ts";
import type { KernelProfile } from "../config.ts";
import type { SendOptions } from "./send-options.ts";

/** Bytes of options that a header has room for. */
const ROOM = 40;

export class SavedRoute extends Route {
  /**
   * What Linux sends back beside the route (`__ip_options_echo`): record route and timestamps, which
   * go before it, then a security label, which goes behind. `before` and `beside` are how many bytes.
   */
  private readonly others = new Uint8Array(ROOM);
  private before = 0;
  private beside = 0;

  /** True when a reply would carry nothing. */
  get empty(): boolean {
    return this.count === 0 && this.beside === 0;
  }

  override clear(): void {
    super.clear();
    this.forget();
  }

  /** Forgets what the last packet left, and nothing that need not be written: once a packet. */
  forget(): void {
    this.count = 0;
    this.beside = 0;
  }

  /**
   * Keeps what Linux echoes of the `length` option bytes at `begin`. They have been through its
   * table: this host stands in the record and the timestamps already.
   */
  keepOthers(walk: OptionWalk, view: DataView, begin: number, length: number): void {
    this.keep(walk, view, begin, length, OPT_RR);
    this.keep(walk, view, begin, length, OPT_TS);
    this.before = this.beside;
    this.keep(walk, view, begin, length, OPT_CIPSO);
  }

  private keep(
    walk: OptionWalk,
    view: DataView,
    begin: number,
    length: number,
    type: number,
  ): void {
    walk.start(view, begin, length);
    while (walk.next() && walk.type !== OPT_EOL) {
      if (walk.type !== type) continue;
      for (let i = 0; i < walk.length; i++) this.others[this.beside++] = view.getUint8(walk.at + i);
      return;
    }
  }

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
    if (!options) return this.empty;
    if (this.beside > 0) return false;
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
    if (this.empty) return null;
    const route = new Uint8Array(this.replyLength());
    this.writeReply(new DataView(route.buffer), 0);
    if (profile !== "linux") return { firstHop: this.firstHop(), bytes: route };
    const { before, count, others } = this;
    const size = Math.max(route.length - 1, 0);
    // Where the receive-path pin has taken their room, the others stay behind.
    const beside = size + this.beside <= ROOM ? this.beside : 0;
    const bytes = new Uint8Array((size + beside + 3) & ~3);
    const at = Math.min(before, beside);
    bytes.set(others.subarray(0, at));
    bytes.set(route.subarray(1), at);
    bytes.set(others.subarray(at, beside), at + size);
    return { firstHop: count > 0 ? this.firstHop() : 0, bytes };
  }
}

const readWord = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
