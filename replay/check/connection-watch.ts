/**
 * Source routes over the life of a TCP connection: an end that was given a route uses its reverse
 * for everything it sends (RFC 1122 section 4.2.3.8, RFC 9293 section 3.9.2.1), and what the option
 * takes is taken from the payload (RFC 6691).
 */
import { formatV4 } from "../../stack/wire/address.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";
import * as tcp from "../../stack/wire/tcp.ts";
import {
  ConnectionTable,
  D_COUNT,
  D_FLAGS,
  D_MSS,
  D_PATH,
  D_ROUTE_SEQUENCE,
  D_VISITED,
} from "./connection-table.ts";
import type { Finding } from "./report.ts";
import { RouteOf } from "./route-of.ts";
import { maximumSegmentSize } from "./tcp-mss.ts";

const RULE_ROUTE = "RFC 1122 section 4.2.3.8";
const RULE_MSS = "RFC 6691 section 2";

/** Said once a direction. */
const SAID_DROPPED = 1;
const SAID_CHANGED = 2;
const SAID_MSS = 4;
/** This direction's route was held against the one its peer gives. */
const ANSWERED = 8;

const MOST_PACKET = 65_535;

const warning = (code: string, offset: number, message: string, source: string): Finding => ({
  code,
  offset,
  message,
  severity: "warning",
  source,
});

export class ConnectionWatch {
  readonly #table = new ConnectionTable();
  readonly #route = new RouteOf();
  #anyRoute = false;

  /**
   * Looks at a TCP segment: IPv4 header at `at`, source route option at `routeAt` or −1, TCP header at `tcpAt` with at least 20 bytes in
   * the view, the packet ending at `claimed`. Adds what it finds.
   */
  see(
    view: DataView,
    at: number,
    routeAt: number,
    tcpAt: number,
    claimed: number,
    findings: Finding[],
  ): void {
    const optionBytes = ip4.headerLength(view, at) - ip4.IPV4_HEADER_LENGTH;
    const flags = tcp.flags(view, tcpAt);
    const syn = (flags & tcp.TH_SYN) !== 0;
    if (optionBytes === 0 && !syn && !this.#anyRoute) return;
    const route = this.#route;
    route.read(view, at, routeAt);
    const table = this.#table;
    const me = table.find(
      ip4.source(view, at),
      route.final,
      tcp.sourcePort(view, tcpAt),
      tcp.destinationPort(view, tcpAt),
      syn || route.at >= 0,
    );
    if (me < 0) return;
    const peer = table.reverseOf(me);
    if (syn && (flags & tcp.TH_ACK) === 0 && table.words[peer + D_FLAGS] !== 0) table.reset(me);
    if (syn) this.#noteMss(view, tcpAt, me, optionBytes, findings);
    if (route.at >= 0) this.#routed(view, at, tcpAt, claimed, me, peer, findings);
    else if ((flags & tcp.TH_RST) === 0) this.#unrouted(view, tcpAt, me, peer, findings);
    if (optionBytes > 0)
      this.#checkRoom(view, tcpAt, claimed - at, optionBytes, me, peer, findings);
  }

  #say(me: number, bit: number): boolean {
    const words = this.#table.words;
    if ((words[me + D_FLAGS] & bit) !== 0) return false;
    words[me + D_FLAGS] |= bit;
    return true;
  }

  #noteMss(view: DataView, tcpAt: number, me: number, bytes: number, findings: Finding[]): void {
    const mss = maximumSegmentSize(view, tcpAt);
    this.#table.words[me + D_MSS] = mss;
    if (bytes === 0 || mss + 40 + bytes <= MOST_PACKET || !this.#say(me, SAID_MSS)) return;
    const message = `MSS ${mss} and ${bytes} option bytes exceed the largest packet`;
    findings.push(warning("mss-no-room", ip4.IPV4_HEADER_LENGTH, message, RULE_MSS));
  }

  /** A segment that fits the peer's MSS but for the option: the option was not subtracted. */
  #checkRoom(
    view: DataView,
    tcpAt: number,
    length: number,
    bytes: number,
    me: number,
    peer: number,
    findings: Finding[],
  ): void {
    const mss = this.#table.words[peer + D_MSS];
    const payload = length - bytes - 20 - tcp.dataOffset(view, tcpAt);
    // More payload than the MSS is a segment that the network card was to cut up.
    if (mss === 0 || length <= mss + 40 || payload > mss || !this.#say(me, SAID_MSS)) return;
    const message = `${length} bytes with ${bytes} of options exceed the peer's MSS ${mss} + 40`;
    findings.push(warning("mss-no-room", ip4.IPV4_HEADER_LENGTH, message, RULE_MSS));
  }

  #unrouted(view: DataView, tcpAt: number, me: number, peer: number, findings: Finding[]): void {
    const words = this.#table.words;
    if (words[peer + D_COUNT] === 0) return;
    if ((tcp.flags(view, tcpAt) & tcp.TH_ACK) === 0) return;
    // Sent before the route came in: no fault.
    const behind = (tcp.acknowledgment(view, tcpAt) - words[peer + D_ROUTE_SEQUENCE]) | 0;
    if (behind < 0 || !this.#say(me, SAID_DROPPED)) return;
    const message = "the peer gave a route; this segment and those after it go without";
    findings.push(warning("route-dropped", 0, message, RULE_ROUTE));
  }

  #routed(
    view: DataView,
    at: number,
    tcpAt: number,
    claimed: number,
    me: number,
    peer: number,
    findings: Finding[],
  ): void {
    const route = this.#route;
    const words = this.#table.words;
    this.#anyRoute = true;
    const given = words[peer + D_COUNT];
    const acknowledges = (tcp.flags(view, tcpAt) & tcp.TH_ACK) !== 0;
    const same = this.#asBefore(me);
    if (given > 0 && acknowledges && !same) {
      const why = this.#difference(me, peer, ip4.source(view, at));
      if (why !== null && this.#say(me, SAID_CHANGED)) {
        const code = words[me + D_COUNT] > 0 ? "route-changed" : "route-not-reversed";
        findings.push(warning(code, route.at - at, why, RULE_ROUTE));
      }
    }
    if (!same) {
      // The peer's answers are to be held against the new route.
      words[peer + D_FLAGS] &= ~ANSWERED;
      words[me + D_COUNT] = route.count;
      words[me + D_VISITED] = route.visited;
      for (let i = 0; i < route.count; i++) words[me + D_PATH + i] = route.path[i];
    }
    words[me + D_FLAGS] |= ANSWERED;
    const flags = tcp.flags(view, tcpAt);
    const extra = (flags & tcp.TH_SYN ? 1 : 0) + (flags & tcp.TH_FIN ? 1 : 0);
    const data = Math.max(0, claimed - tcpAt - tcp.dataOffset(view, tcpAt));
    words[me + D_ROUTE_SEQUENCE] = tcp.sequence(view, tcpAt) + data + extra;
  }

  /** Whether the route is the last one sent, and that one was held against the peer's. */
  #asBefore(me: number): boolean {
    const route = this.#route;
    const words = this.#table.words;
    if ((words[me + D_FLAGS] & ANSWERED) === 0) return false;
    if (words[me + D_COUNT] !== route.count || words[me + D_VISITED] !== route.visited)
      return false;
    for (let i = 0; i < route.count; i++) {
      if (words[me + D_PATH + i] !== route.path[i]) return false;
    }
    return true;
  }

  /**
   * Why the route at hand is not the reverse of the one that came in; null when it is, or when the
   * capture cannot tell: addresses are those of the same interfaces only where the one route
   * arrives and the other sets out.
   */
  #difference(me: number, peer: number, source: number): string | null {
    const route = this.#route;
    const words = this.#table.words;
    let given = words[peer + D_COUNT];
    let first = peer + D_PATH;
    // A route that names its own source first is cleaned by the receiver (RFC 1122 section 3.2.1.8).
    if (given > 1 && words[first] === route.final) {
      first++;
      given--;
    }
    // A host may put itself in as a hop already visited: that is the pin of the anycast patch.
    const pinned = route.visited > 0 && route.count > given ? 1 : 0;
    const hops = route.count - 1 - pinned;
    if (hops !== given - 1) {
      return `${hops} hops answer a route of ${given - 1} from the peer`;
    }
    const arrived = words[peer + D_VISITED] === words[peer + D_COUNT] - 1;
    if (!arrived || route.visited !== pinned || route.path[0] === source) return null;
    for (let i = 0; i < hops; i++) {
      const back = words[first + hops - 1 - i];
      const hop = route.path[pinned + i];
      if (hop === back) continue;
      return `hop ${i + 1} is ${formatV4(hop)} where the reverse has ${formatV4(back)}`;
    }
    return this.#changedFrom(me);
  }

  /** Same phase, same peer route, other hops than last time. */
  #changedFrom(me: number): string | null {
    const route = this.#route;
    const words = this.#table.words;
    if (words[me + D_COUNT] !== route.count || words[me + D_VISITED] !== route.visited) return null;
    for (let i = 0; i < route.count; i++) {
      if (words[me + D_PATH + i] === route.path[i]) continue;
      return `hop ${i + 1} was ${formatV4(words[me + D_PATH + i])}, is ${formatV4(route.path[i])}`;
    }
    return null;
  }
}
