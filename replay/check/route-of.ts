/** The whole path a source-routed packet names, whatever of it is behind it already. */
import { isSourceRoute } from "../../ipopts/option.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
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
  readonly #walk = new OptionWalk();

  /** Nothing is left to visit. */
  get arrived(): boolean {
    return this.visited === this.count - 1;
  }

  /** Where the packet ends. */
  get final(): number {
    return this.path[this.count - 1];
  }

  /** Reads the route of the IPv4 header at `at`, whose options lie in the view. */
  read(view: DataView, at: number): void {
    this.at = -1;
    this.path[0] = ip4.destination(view, at);
    this.count = 1;
    this.visited = 0;
    const walk = this.#walk;
    walk.start(view, at + ip4.IPV4_HEADER_LENGTH, ip4.headerLength(view, at) - 20);
    while (walk.next()) {
      if (!isSourceRoute(walk.type)) continue;
      const slots = (walk.length - 3) / 4;
      const pointer = walk.length < 3 ? 0 : view.getUint8(walk.at + 2);
      const visited = Math.min(slots, (pointer - 4) / 4);
      if (!Number.isInteger(slots) || !Number.isInteger(visited) || visited < 0) return;
      this.at = walk.at;
      this.count = slots + 1;
      this.visited = visited;
      const destination = this.path[0];
      for (let i = 0; i <= slots; i++) {
        const slot = i < visited ? i : i - 1;
        this.path[i] = i === visited ? destination : view.getUint32(walk.at + 3 + 4 * slot);
      }
      return;
    }
  }
}
