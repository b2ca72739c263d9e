/**
 * The source route that a packet arrived with, kept beside the packet while its protocol looks at it
 * (BSD's `ip_srcrt`, `save_rte` and `ip_srcroute`), one for each stack.
 *
 * The receive-path pin changes only this copy: the packet's bytes stay what was received, so that
 * record route, timestamps and checksums remain honest (specification 5.3).
 */
import type { KernelProfile } from "../config.ts";
import type { SendOptions } from "./send-options.ts";

/** Nine addresses fill the 40 option bytes. */
export const MAX_HOPS = 9;
const NOP = 1;
export const LSRR = 131;
export const SSRR = 137;

export class SavedRoute {
  /** 131 or 137; meaningful while `count` is not 0. */
  type = LSRR;
  /** Hops, in the order in which the packet passed them; 0: no route. */
  count = 0;
  readonly hops = new Uint32Array(MAX_HOPS);
  /** Who sent it: the last address of the way back. */
  source = 0;
  private readonly scratch = new Uint32Array(MAX_HOPS + 1);

  clear(): void {
    this.count = 0;
  }

  /** Takes the addresses of the source-route option at `at`, whatever its pointer says. */
  save(view: DataView, at: number, source: number): void {
    this.type = view.getUint8(at);
    this.source = source;
    this.count = Math.min(MAX_HOPS, Math.max(0, Math.floor((view.getUint8(at + 1) - 3) / 4)));
    for (let i = 0; i < this.count; i++) this.hops[i] = view.getUint32(at + 3 + 4 * i);
  }

  /** Puts `hop` at the end, where the reply begins. False when there is no room for it. */
  append(hop: number, source: number): boolean {
    if (this.count === MAX_HOPS) return false;
    if (this.count === 0) this.type = LSRR;
    this.source = source;
    this.hops[this.count++] = hop;
    return true;
  }

  /** True when answering along this route is just what `options` says already. */
  matches(options: SendOptions | null, profile: KernelProfile): boolean {
    const length = this.reverse(profile);
    if (!options) return length === 0;
    const { firstHop, bytes } = options;
    if (length === 0 || firstHop !== this.scratch[0]) return false;
    const at = bytes[0] === NOP ? 1 : 0;
    if (bytes[at] !== this.type || bytes[at + 1] !== 3 + 4 * (length - 1)) return false;
    for (let i = 1, from = at + 3; i < length; i++, from += 4) {
      if (readWord(bytes, from) !== this.scratch[i]) return false;
    }
    return true;
  }

  /**
   * The options that lead a reply back the way the packet came, or null without a route: first hop
   * apart, pointer 4, the sender last. NOP before the option, as the BSDs align it, or EOL after it
   * as Linux pads (`ip_srcroute`, `__ip_options_echo`; specification 4.1).
   */
  reply(profile: KernelProfile): SendOptions | null {
    const length = this.reverse(profile);
    if (length === 0) return null;
    const bytes = new Uint8Array(4 * length);
    const at = profile === "linux" ? 0 : 1;
    bytes[0] = NOP;
    bytes[at] = this.type;
    bytes[at + 1] = 4 * length - 1;
    bytes[at + 2] = 4;
    for (let i = 1, to = at + 3; i < length; i++, to += 4) writeWord(bytes, to, this.scratch[i]);
    return { firstHop: this.scratch[0], bytes };
  }

  /**
   * Writes the way back to `scratch`, first hop first; returns how many addresses it has, 0 for no
   * route. A route whose first hop was the sender itself is returned clean of it (RFC 1122 section
   * 3.2.1.8c, case B); 4.4BSD and FreeBSD do not clean.
   */
  private reverse(profile: KernelProfile): number {
    const clean = profile === "engel" || profile === "linux";
    const from = clean && this.count > 0 && this.hops[0] === this.source ? 1 : 0;
    if (this.count - from <= 0) return 0;
    let length = 0;
    for (let i = this.count - 1; i >= from; i--) this.scratch[length++] = this.hops[i];
    this.scratch[length++] = this.source;
    return length;
  }
}

const readWord = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}
