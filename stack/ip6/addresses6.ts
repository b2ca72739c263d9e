/** The IPv6 addresses of a host, looked up by the 16 bytes in a packet. */
import type { Interface, InterfaceAddress } from "../interface.ts";
import { WordMap } from "../word-map.ts";
import { In6Addr } from "./in6-addr.ts";

const key = (w0: number, w1: number, w2: number, w3: number): number =>
  (w0 ^ Math.imul(w1, 0x9e3779b1) ^ Math.imul(w2, 0x85ebca6b) ^ Math.imul(w3, 0xc2b2ae35)) >>> 0;

export class AddressTable6 {
  /** Entries whose addresses have one key, in order of configuration. */
  private readonly own = new WordMap<InterfaceAddress[]>();
  private readonly list: InterfaceAddress[] = [];

  add(entry: InterfaceAddress): void {
    const { w0, w1, w2, w3 } = entry.address as In6Addr;
    const at = key(w0, w1, w2, w3);
    const chain = this.own.get(at);
    if (chain) chain.push(entry);
    else this.own.set(at, [entry]);
    this.list.push(entry);
  }

  /** The entry of the address whose bytes are at `at`, undefined for anyone else's. */
  findAt(view: DataView, at: number): InterfaceAddress | undefined {
    const chain = this.own.get(
      key(
        view.getUint32(at),
        view.getUint32(at + 4),
        view.getUint32(at + 8),
        view.getUint32(at + 12),
      ),
    );
    if (!chain) return undefined;
    for (const entry of chain) if ((entry.address as In6Addr).equalsAt(view, at)) return entry;
    return undefined;
  }

  find(address: In6Addr): InterfaceAddress | undefined {
    const chain = this.own.get(key(address.w0, address.w1, address.w2, address.w3));
    return chain?.find((entry) => address.equals(entry.address as In6Addr));
  }

  /**
   * The source address for packets that leave by `interface_`: its first plain one of the same
   * scope as the destination, else any plain one (RFC 6724 rules 1, 2 and 5).
   */
  sourceFor(interface_: Interface, linkLocal: boolean): In6Addr | null {
    let other: In6Addr | null = null;
    for (const entry of this.list) {
      if (entry.anycast || !(entry.address instanceof In6Addr)) continue;
      const sameScope = isLinkLocal(entry.address) === linkLocal;
      if (sameScope && entry.interface === interface_) return entry.address;
      if (sameScope && !other && !entry.interface.loopback) other = entry.address;
    }
    return other;
  }
}

/** fe80::/10. */
export const isLinkLocal = (address: In6Addr): boolean => address.w0 >>> 22 === 0x3fa;
