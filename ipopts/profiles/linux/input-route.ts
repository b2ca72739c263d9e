/** Where Linux routes what comes in: `ip_route_input_rcu`, `ip_route_input_slow`. */
import { isLoopback, isMulticast, LIMITED_BROADCAST } from "../../address.ts";
import type { Case } from "../case.ts";
import type { Condition } from "../table.ts";
import type { World } from "../world.ts";

/** Kinds of destination (`RTN_…`); MARTIAN is refused before any option is looked at. */
const MARTIAN = 0;
export const LOCAL = 1;
export const UNICAST = 2;
export const BROADCAST = 3;
export const MULTICAST = 4;
export const UNREACHABLE = 5;

/** 0.0.0.0 alone: the rest of 0.0.0.0/8 is unicast to Linux since 5.3 (`ipv4_is_zeronet`). */
export const isZeroNet = (address: number): boolean => address === 0;

/** Every host is in this group (RFC 1112 section 4); others it would have to join. */
const ALL_HOSTS = 0xe0000001;

/**
 * What the local table alone says of an address (`inet_addr_type`): unicast for everything that is
 * neither own nor a broadcast or multicast address.
 */
export function addressKind(world: World, address: number): number {
  if (isZeroNet(address) || address === LIMITED_BROADCAST) return BROADCAST;
  if (isMulticast(address)) return MULTICAST;
  if (world.isOwn(address)) return LOCAL;
  if (world.isBroadcast(address) || address === 0x7fffffff) return BROADCAST;
  return isLoopback(address) ? LOCAL : UNICAST;
}

/** Sources that no lookup is needed for. */
const isMartianSource = (source: number): boolean =>
  isMulticast(source) || source === LIMITED_BROADCAST || isLoopback(source);

/** `kind`, unless the source is own: `accept_local` is off (`fib_validate_source`). */
const unlessFromUs = (world: World, source: number, kind: number): number =>
  world.isOwn(source) ? MARTIAN : kind;

/** Routes `destination` for the packet of `c`, as it came in by `world.arrival`; the kind. */
export function inputRoute(c: Case, destination: number): number {
  const { world, source } = c;
  c.route = null;
  if (isMartianSource(source)) return MARTIAN;
  if (isMulticast(destination)) {
    return destination === ALL_HOSTS ? unlessFromUs(world, source, MULTICAST) : MARTIAN;
  }
  if (destination === LIMITED_BROADCAST || (source === 0 && destination === 0)) {
    return unlessFromUs(world, source, BROADCAST);
  }
  if (isZeroNet(source) || isZeroNet(destination) || isLoopback(destination)) return MARTIAN;
  if (world.isOwn(destination)) return unlessFromUs(world, source, LOCAL);
  if (world.isBroadcast(destination)) return unlessFromUs(world, source, BROADCAST);
  if (!world.forwarding) return UNREACHABLE;
  c.route = world.lookup(destination);
  return c.route === null ? UNREACHABLE : unlessFromUs(world, source, UNICAST);
}

/** The input route is looked up before the options; a martian ends here. */
export const isMartian: Condition = (c) => {
  c.kind = inputRoute(c, c.destination);
  return c.kind === MARTIAN;
};

export const isKind =
  (kind: number): Condition =>
  (c) =>
    c.kind === kind;

/**
 * The own address that a delivered or forwarded packet is answered from: the destination if it is
 * ours, else the one towards the sender (`fib_compute_spec_dst`).
 */
export function specificDestination(c: Case): number {
  if (c.kind === LOCAL) return c.destination;
  const route = isZeroNet(c.source) ? null : c.world.lookup(c.source);
  return route?.source ?? c.world.addressOn(c.world.arrival, c.source);
}

/** The own address recorded on the way out by `dev` (`ip_rt_get_source`). */
export function outgoingAddress(c: Case): number {
  const { world, route, destination } = c;
  const dev = route?.dev ?? "";
  const found = world.lookup(destination, dev);
  if (found !== null && found.dev === dev) return found.source;
  return world.addressOn(dev, route?.gateway || destination);
}
