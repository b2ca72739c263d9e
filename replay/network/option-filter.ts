/**
 * What networks do to IPv4 packets with options: pass them, lose them, let through so many a second,
 * or handle them on the slow path of a router.
 *
 * Whether options survive is a property of a path, not of a packet, so the chance is drawn once for
 * each client address, by a hash: a client's packets all share one fate.
 */
import type { Mbuf } from "../../stack/mbuf.ts";
import { destination, headerLength, source } from "../../stack/wire/ipv4.ts";

export interface FilterOptions {
  /** Share of paths, by client address, that options survive. */
  survival: number;
  /** Packets with options let through in a second, over all paths; 0 for no limit. */
  rate: number;
  /** Nanoseconds that a packet with options takes longer. */
  slow: number;
}

/**
 * - `lan`: one's own network, which does what it is told.
 * - `internet-2005`: about half of all paths drop packets with options (Fonseca, Porter, Katz,
 *   Shenker, Stoica, "IP options are not an option", 2005); slow paths cost some 26 % more delay
 *   (Welzl 2004), here of a 20 ms path.
 * - `filtered`: what BCP 186 (RFC 7126) advises to do with source routes by default: drop.
 */
export const FILTER_PRESETS: Readonly<Record<string, FilterOptions>> = {
  lan: { survival: 1, rate: 0, slow: 0 },
  "internet-2005": { survival: 0.5, rate: 0, slow: 5_200_000 },
  filtered: { survival: 0, rate: 0, slow: 0 },
};

export class OptionFilter {
  private readonly options: FilterOptions;
  private readonly toClients: boolean;
  private readonly seed: number;
  private tokens: number;
  private filled = 0;

  /** `toClients`: the packets' destination, not their source, says whose path it is. */
  constructor(options: FilterOptions, seed: number, toClients: boolean) {
    this.options = options;
    this.seed = seed;
    this.toClients = toClients;
    this.tokens = options.rate;
  }

  /** Nanoseconds that `m` waits, −1 when it does not get through. */
  wait(m: Mbuf, now: number): number {
    const { view, off } = m;
    if (headerLength(view, off) === 20) return 0;
    const { survival, rate, slow } = this.options;
    if (survival < 1) {
      const client = this.toClients ? destination(view, off) : source(view, off);
      if (fate(client, this.seed) >= survival) return -1;
    }
    if (rate > 0) {
      this.tokens = Math.min(rate, this.tokens + ((now - this.filled) * rate) / 1e9);
      this.filled = now;
      if (this.tokens < 1) return -1;
      this.tokens--;
    }
    return slow;
  }
}

/** A number in [0, 1) that belongs to an address (murmur3's finaliser over it and the seed). */
export function fate(address: number, seed: number): number {
  let h = address ^ seed;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x100000000;
}
