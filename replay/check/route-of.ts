/** The whole path a source-routed packet names, whatever of it is behind it already. */
import { isSoundRoute, routeHop, routeHops, visitedHops } from "../../ipopts/source-route.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";

/** Nine slots and the destination. */
export const MOST_ADDRESSES = 10;

/**
 * A packet's path: visited hops, then the destination field, then what is still to come. Its last
 * address is where the packet ends; the others are the hops. One object is used for all packets.
 */
export class RouteOf {
  /** Where the option stands, −1 for a packet without a sound route. */
  at = -1;
  /** Addresses in `path`. */
  count = 0;
  readonly path = new Uint32Array(MOST_ADDRESSES);
  /** Hops that have been visited. */
  visited = 0;

  /** Nothing is left to visit. */
  get arrived(): boolean {
    return this.visited === this.count - 1;
  }

  /** Where the packet ends. */
  get final(): number {
    return this.path[this.count - 1];
  }

  /** Reads the route of the IPv4 header at `at` whose option stands at `routeAt`, or at −1. */
  read(view: DataView, at: number, routeAt: number): void {
    this.at = -1;
    this.path[0] = ip4.destination(view, at);
    this.count = 1;
    this.visited = 0;
    if (routeAt < 0 || !isSoundRoute(view, routeAt)) return;
    const hops = routeHops(view, routeAt);
    const visited = visitedHops(view, routeAt);
    this.at = routeAt;
    this.count = hops + 1;
    this.visited = visited;
    for (let i = 0; i < hops; i++) {
      this.path[i < visited ? i : i + 1] = routeHop(view, routeAt, i);
    }
    this.path[visited] = ip4.destination(view, at);
  }
}
