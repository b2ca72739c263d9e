/**
 * The route of a packet that ended here, kept to send replies back the way it came (RFC 1122
 * section 3.2.1.8 c; `save_rte` and `ip_srcroute` of 4.4BSD).
 *
 * One object per place that keeps a route (a connection, a listener's scratch); saving into it
 * again replaces what was there.
 */
import { OPT_LSRR, OPT_NOP, OPT_SSRR } from "./option.ts";
import type { Refusal } from "./refusal.ts";
import { isSoundRoute, MAX_HOPS, routeHop, visitedHops } from "./source-route.ts";

export class SavedRoute {
  /** Visited hops in the order the packet took them; the first `count` of them. */
  readonly hops: Uint32Array = new Uint32Array(MAX_HOPS);
  count = 0;
  /** `OPT_LSRR` or `OPT_SSRR`: a strict route stays strict on the way back. */
  type: number = OPT_LSRR;
  /** Who sent the packet, and so the last stop of the way back. */
  source = 0;

  /** Forgets the route. */
  clear(): void {
    this.count = 0;
    this.type = OPT_LSRR;
    this.source = 0;
  }

  /** Begins an empty loose route to a sender. */
  begin(source: number): void {
    this.clear();
    this.source = source;
  }

  /**
   * Saves the visited hops of the source route at `routeAt` of a packet from `source`. A source
   * that lists itself as the first hop is left out, as RFC 1122 section 3.2.1.8 c demands.
   * Refused, and cleared, when the option is malformed or no hop is left.
   */
  save(view: DataView, routeAt: number, source: number): Refusal | null {
    this.begin(source);
    if (!isSoundRoute(view, routeAt)) return "malformed";
    this.type = view.getUint8(routeAt) === OPT_SSRR ? OPT_SSRR : OPT_LSRR;
    const visited = visitedHops(view, routeAt);
    const skip = visited > 0 && routeHop(view, routeAt, 0) === source ? 1 : 0;
    for (let i = skip; i < visited; i++) this.append(routeHop(view, routeAt, i));
    return this.count === 0 ? "no-route" : null;
  }

  /** Adds a hop behind the last one visited. */
  append(address: number): Refusal | null {
    if (this.count === MAX_HOPS) return "route-full";
    this.hops[this.count++] = address;
    return null;
  }

  /** The last hop visited: the IP destination of a reply. The sender itself when there is none. */
  firstHop(): number {
    return this.count > 0 ? this.hops[this.count - 1] : this.source;
  }

  /** Bytes that `writeReply` needs, NOP and padding included; 0 without a hop. */
  replyLength(): number {
    return this.count === 0 ? 0 : 4 + 4 * this.count;
  }

  /**
   * Writes the options of a reply at `at`: NOP, then the route with its hops in reverse behind the
   * first one and the sender last, pointer at the start. Returns the bytes written.
   */
  writeReply(view: DataView, at: number): number {
    if (this.count === 0) return 0;
    view.setUint8(at, OPT_NOP);
    view.setUint8(at + 1, this.type);
    view.setUint8(at + 2, 3 + 4 * this.count);
    view.setUint8(at + 3, 4);
    let slot = at + 4;
    for (let i = this.count - 2; i >= 0; i--, slot += 4) view.setUint32(slot, this.hops[i]);
    view.setUint32(slot, this.source);
    return 4 + 4 * this.count;
  }

  /**
   * Writes the form BSD keeps in a connection's control block and shows through `IP_OPTIONS`: the
   * first hop, then what `writeReply` writes. Returns the bytes written.
   */
  writeOptions(view: DataView, at: number): number {
    if (this.count === 0) return 0;
    view.setUint32(at, this.firstHop());
    return 4 + this.writeReply(view, at + 4);
  }
}
