/** Routing by the RFCs once the options are known to be sound. */
import { isClassE, isLoopback, isMulticast, isZeroNet, LIMITED_BROADCAST } from "../../address.ts";
import { recordAddress, recordTime } from "../../record.ts";
import { advanceRoute, collapseOwnHops, isCompleted, nextHop } from "../../source-route.ts";
import {
  drop,
  NET_UNREACHABLE,
  refuse,
  SOURCE_ROUTE_FAILED,
  TIME_EXCEEDED,
  UNREACHABLE,
} from "../acts.ts";
import type { Case } from "../case.ts";
import { both, hasRoute, isOurs, ttlSpent } from "../conditions.ts";
import { type Act, type Condition, DONE, NEXT_ROW, type Rows } from "../table.ts";

const ALL_HOSTS = 0xe0000001;

/** Addresses that no packet on a wire may come from (RFC 1122 section 3.2.1.3). */
export const badSource: Condition = (c) =>
  isMulticast(c.source) ||
  isClassE(c.source) ||
  isZeroNet(c.source) ||
  isLoopback(c.source) ||
  c.world.isBroadcast(c.source);

/** Nor go to; the limited broadcast and 0.0.0.0, its old form, are for this link. */
const nobody = (address: number): boolean =>
  (isClassE(address) && address !== LIMITED_BROADCAST) || isZeroNet(address) || isLoopback(address);

export const badDestination: Condition = (c) => nobody(c.destination);

/** Not an address that a route may lead to (RFC 1812 section 5.2.4.1, 5.3.4). */
const badNextHop: Condition = (c) =>
  isMulticast(c.next) || isClassE(c.next) || nobody(c.next) || c.world.isBroadcast(c.next);

const isToMany: Condition = (c) =>
  c.destination === LIMITED_BROADCAST ||
  c.destination === ALL_HOSTS ||
  c.world.isBroadcast(c.destination);

/** RFC 1812 section 5.2.3: own hops in a row are one hop; then the next one is a stranger. */
const findNextHop: Act = (c) => {
  const { world } = c;
  const standIn = world.addressOn(world.arrival, c.destination);
  collapseOwnHops(c.header, 0, c.routeAt, world, standIn);
  const next = nextHop(c.header, c.routeAt);
  if (typeof next === "number") {
    c.routeHit = true;
    c.next = next;
    c.route = world.lookup(next);
  }
  return NEXT_ROW;
};

const findRoute: Act = (c) => {
  c.route ??= c.world.lookup(c.destination);
  return NEXT_ROW;
};

/** Record route and timestamp take `address`, the own one on the side the packet goes to. */
function record(c: Case, address: number): void {
  if (c.recordAt !== 0) recordAddress(c.header, c.recordAt, address);
  if (c.timeAt !== 0) recordTime(c.header, c.timeAt, address, c.world.time, c.isOwn);
}

const leave: Act = (c) => {
  const { route } = c;
  const address = route?.source ?? 0;
  if (c.routeHit) advanceRoute(c.header, 0, c.routeAt, address);
  record(c, address);
  c.forward(route?.dev ?? "", "RFC 1812 section 5.2");
  return DONE;
};

const deliver: Act = (c) => {
  const { verdict, world } = c;
  record(c, world.isOwn(c.destination) ? c.destination : world.addressOn(world.arrival, c.source));
  c.accept("RFC 1122 section 3.2.1.8");
  if (c.routeAt !== 0 && c.saved.save(c.header, c.routeAt, c.source) === null) {
    verdict.replyLength = c.saved.writeOptions(verdict.replyView, 0);
  }
  return DONE;
};

const hit: Condition = (c) => c.routeHit;
const noWay: Condition = (c) => c.route === null;
const refusesRoutes: Condition = (c) => !c.world.acceptSourceRoute;
const isHost: Condition = (c) => !c.world.forwarding;
const strictGateway: Condition = (c) => c.strict && c.route !== null && c.route.gateway !== 0;
const unfinished: Condition = (c) => !isCompleted(c.header, c.routeAt);

const failed = (reason: string): Act => refuse(UNREACHABLE, SOURCE_ROUTE_FAILED, reason);

export const decided: Rows = [
  [both(hasRoute, both(isOurs, refusesRoutes)), failed("RFC 1122 section 3.3.5: not permitted")],
  [both(hasRoute, both(isOurs, unfinished)), findNextHop],
  [both(hit, isHost), failed("RFC 1122 section 3.3.5: a host does not forward")],
  [both(hit, badNextHop), drop("RFC 1812 section 5.3.4: no address to forward to")],
  [both(hit, noWay), failed("RFC 1812 section 5.2.4.3: no route to the next hop")],
  [both(hit, strictGateway), failed("RFC 791 section 3.1: the strict hop is not adjacent")],
  [(c) => !c.routeHit && (isOurs(c) || isToMany(c)), deliver],
  [
    both(
      (c) => !c.routeHit,
      (c) => isMulticast(c.destination),
    ),
    drop("RFC 1112: not a member"),
  ],
  [isHost, drop("RFC 1122 section 3.2.1.3: not for this host")],
  [() => true, findRoute],
  [noWay, refuse(UNREACHABLE, NET_UNREACHABLE, "RFC 1812 section 5.2.7.1: no route")],
  [ttlSpent, refuse(TIME_EXCEEDED, 0, "RFC 1812 section 5.3.1: time to live is spent")],
  [() => true, leave],
];
