/**
 * What path-MTU discovery has learned (RFC 1191, RFC 8201): the least MTU on the way to an address,
 * forgotten after ten minutes and, beyond a thousand addresses, the oldest first.
 */
import { type Clock, SECOND } from "../clock.ts";
import type { Address } from "../ip6/in6-addr.ts";

const LIFETIME = 600 * SECOND;
const CAPACITY = 1024;
/** IPv4 hosts need not believe less (RFC 1191 section 3 names 68; 576 is what all must take). */
const MIN_MTU_V4 = 68;
/** RFC 8200 section 5. */
const MIN_MTU_V6 = 1280;
/** Where an old router names no MTU: the next smaller of the usual ones (RFC 1191 section 7.1). */
const PLATEAUS = [65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68];

interface Entry {
  mtu: number;
  expires: number;
}

export class PathMtuCache {
  private readonly clock: Clock;
  private readonly entries = new Map<number | string, Entry>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Bytes that get through to `destination`, as far as known: at most `linkMtu`. */
  get(destination: Address, linkMtu: number): number {
    if (this.entries.size === 0) return linkMtu;
    const entry = this.entries.get(keyOf(destination));
    if (!entry) return linkMtu;
    if (entry.expires <= this.clock.now()) {
      this.entries.delete(keyOf(destination));
      return linkMtu;
    }
    return Math.min(entry.mtu, linkMtu);
  }

  /**
   * What an error means that says that packets of `packetLength` bytes to `destination` were too
   * long for a link of `mtu` bytes (0: not told): the MTU to believe, never above what is known.
   * Nothing is remembered: anybody can send such an error.
   */
  told(destination: Address, mtu: number, packetLength: number): number {
    const least = typeof destination === "number" ? MIN_MTU_V4 : MIN_MTU_V6;
    const meant = mtu || (PLATEAUS.find((each) => each < packetLength) ?? least);
    return this.get(destination, Math.max(least, meant));
  }

  /**
   * Remembers `mtu`, as `told` gave it: for a protocol that has found its own packet in the error's
   * quote (RFC 5927 section 4.1, RFC 8201 section 4).
   */
  learn(destination: Address, mtu: number): void {
    const key = keyOf(destination);
    this.entries.delete(key);
    this.entries.set(key, { mtu, expires: this.clock.now() + LIFETIME });
    if (this.entries.size > CAPACITY) {
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest);
        break;
      }
    }
  }
}

const keyOf = (address: Address): number | string =>
  typeof address === "number" ? address : address.toString();
