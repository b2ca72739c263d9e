/** The IPv6 routing table: longest prefix first, several next hops for one prefix. */

import { maskOf } from "../ip/addresses.ts";
import type { NextHop, Route } from "../route-table.ts";
import type { In6Addr } from "./in6-addr.ts";

/** True when the first `length` bits of the 16 bytes at `at` are those of `prefix`. */
function matches(prefix: In6Addr, length: number, view: DataView, at: number): boolean {
  const differs = (word: number, i: number): boolean => {
    const bits = Math.min(32, Math.max(0, length - 32 * i));
    return ((word ^ view.getUint32(at + 4 * i)) & maskOf(bits)) !== 0;
  };
  return !(
    differs(prefix.w0, 0) ||
    differs(prefix.w1, 1) ||
    differs(prefix.w2, 2) ||
    differs(prefix.w3, 3)
  );
}

export class RouteTable6 {
  generation = 0;
  /** Sorted by prefix length, longest first: hosts and our routers hold a handful. */
  private readonly routes: Route[] = [];

  /** Adds `hop` to the route for exactly this prefix, making it when there is none. */
  add(prefix: In6Addr, prefixLength: number, hop: NextHop): Route {
    this.generation++;
    let route = this.find(prefix, prefixLength);
    if (!route) {
      route = { prefix, prefixLength, hops: [], chooser: null };
      this.routes.push(route);
      this.routes.sort((a, b) => b.prefixLength - a.prefixLength);
    }
    route.hops.push(hop);
    return route;
  }

  find(prefix: In6Addr, prefixLength: number): Route | undefined {
    return this.routes.find(
      (route) => route.prefixLength === prefixLength && prefix.equals(route.prefix as In6Addr),
    );
  }

  /** Removes a prefix and all its next hops. */
  remove(prefix: In6Addr, prefixLength: number): boolean {
    const route = this.find(prefix, prefixLength);
    if (!route) return false;
    this.generation++;
    this.routes.splice(this.routes.indexOf(route), 1);
    return true;
  }

  /** The most specific usable route to the address whose 16 bytes are at `at`, or null. */
  lookupAt(view: DataView, at: number): Route | null {
    for (const route of this.routes) {
      if (!matches(route.prefix as In6Addr, route.prefixLength, view, at)) continue;
      if (route.hops.some((hop) => hop.interface.up)) return route;
    }
    return null;
  }

  touch(): void {
    this.generation++;
  }
}
