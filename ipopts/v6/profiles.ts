/**
 * What each kernel does with IPv6 extension headers, as tables. A profile lists what it knows; what
 * it does not list it treats as RFC 8200 has a stranger do.
 */
import { ROUTING_MOBILE, ROUTING_RPL, ROUTING_SEGMENT } from "./routing.ts";

/**
 * `unknown`: skipped with no segments left, else ICMPv6 4/0 at the type byte. `drop`: in silence,
 * whatever is left. `mobile`: RFC 6275 section 6.4. `segment`: RFC 8754 section 4.3.1.
 */
export type RoutingRule = "unknown" | "drop" | "mobile" | "segment";

export interface V6Profile {
  readonly name: string;
  /** False for a kernel from before IPv6: every packet is dropped by the link layer. */
  readonly speaks: boolean;
  /** Rule by routing type; a type that is not listed is `unknown`. */
  readonly routing: ReadonlyMap<number, RoutingRule>;
  /** The rules that hold instead when the host's segment routing is switched the other way. */
  readonly segment: { readonly on: RoutingRule; readonly off: RoutingRule };
  /** Whether segment routing is on when the world does not say. */
  readonly segmentRouting: boolean;
  /** Options with a handler; any other is treated by its action bits. */
  readonly hopByHop: readonly number[];
  readonly destination: readonly number[];
  /** More than 7 bytes of padding in a row, or padding that is not zero, loses the packet. */
  readonly strictPadding: boolean;
  /** Most options, padding apart, in one header; more lose the packet. */
  readonly mostOptions: number;
  /** Whether the mobility header and the home address option are handled (RFC 6275 section 9). */
  readonly mobility: boolean;
  /** Where the rules come from. */
  readonly source: string;
}

const ROUTER_ALERT = 0x05;
const CALIPSO = 0x07;
const IOAM = 0x31;
const JUMBO = 0xc2;
const HOME_ADDRESS = 0xc9;
const TUNNEL_LIMIT = 0x04;

export const V6_PROFILES: readonly V6Profile[] = [
  {
    name: "engel",
    speaks: true,
    routing: new Map([[ROUTING_MOBILE, "mobile"]]),
    segment: { on: "segment", off: "unknown" },
    segmentRouting: true,
    hopByHop: [ROUTER_ALERT, JUMBO],
    destination: [TUNNEL_LIMIT, HOME_ADDRESS],
    strictPadding: false,
    mostOptions: 255,
    mobility: true,
    source: "RFC 8200, RFC 5095, RFC 6275, RFC 8754",
  },
  {
    name: "linux",
    speaks: true,
    routing: new Map([[ROUTING_RPL, "drop"]]),
    segment: { on: "segment", off: "drop" },
    segmentRouting: false,
    hopByHop: [ROUTER_ALERT, CALIPSO, IOAM, JUMBO],
    destination: [],
    strictPadding: true,
    mostOptions: 8,
    mobility: false,
    source: "net/ipv6/exthdrs.c: ip6_parse_tlv, ipv6_rthdr_rcv",
  },
  {
    name: "bsd44",
    speaks: false,
    routing: new Map(),
    segment: { on: "unknown", off: "unknown" },
    segmentRouting: false,
    hopByHop: [],
    destination: [],
    strictPadding: false,
    mostOptions: 255,
    mobility: false,
    source: "4.4BSD-Lite2 has no IPv6",
  },
  {
    name: "freebsd",
    speaks: true,
    routing: new Map(),
    segment: { on: "unknown", off: "unknown" },
    segmentRouting: false,
    hopByHop: [ROUTER_ALERT, JUMBO],
    destination: [],
    strictPadding: false,
    mostOptions: 255,
    mobility: false,
    source: "sys/netinet6: ip6_process_hopopts, dest6_input, route6_input",
  },
];

/** The rule of a profile for a routing type, segment routing being on or off on this host. */
export function routingRule(
  profile: V6Profile,
  type: number,
  segmentRouting: boolean,
): RoutingRule {
  if (type === ROUTING_SEGMENT) return segmentRouting ? profile.segment.on : profile.segment.off;
  return profile.routing.get(type) ?? "unknown";
}
