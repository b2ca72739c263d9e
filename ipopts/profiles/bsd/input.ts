/** `ipintr` and `ip_forward` of 4.4BSD, and FreeBSD 13's `ip_input` where it is the same. */
import { isClassE, isLoopback, isMulticast, isZeroNet, LIMITED_BROADCAST } from "../../address.ts";
import { HOST_UNREACHABLE, refuse, TIME_EXCEEDED, UNREACHABLE } from "../acts.ts";
import type { Case } from "../case.ts";
import { isIcmpError, isLaterFragment, sentToMany, ttlSpent } from "../conditions.ts";
import { type Act, type Condition, DONE, type Row, type Rows } from "../table.ts";
import { isInterfaceAddress, writeSavedRoute } from "./walk.ts";

const ALL_HOSTS = 0xe0000001;

/** Neither class A to C, nor this network or loopback (`in_canforward`). */
const cannotForward = (address: number): boolean =>
  isMulticast(address) || isClassE(address) || isZeroNet(address) || isLoopback(address);

const isForUs: Condition = (c) =>
  isInterfaceAddress(c) ||
  c.destination === ALL_HOSTS ||
  c.destination === LIMITED_BROADCAST ||
  c.destination === 0;

const deliver: Act = (c) => {
  c.accept("ipintr: for us");
  writeSavedRoute(c);
  return DONE;
};

const silently =
  (reason: string): Act =>
  (c) => {
    c.drop(reason);
    return DONE;
  };

/** To an own address it loops through `lo` and comes in a second time. */
const leave: Act = (c) => {
  const own = c.world.isOwn(c.destination);
  const dev = own ? "lo" : (c.world.lookup(c.destination)?.dev ?? "");
  c.forward(dev, own ? "ip_forward: to itself, a second pass follows" : "ip_forward");
  return DONE;
};

/**
 * Rows of `ip_forward`. `toBroadcast` is what comes of a next hop that is a broadcast address,
 * which `ip_output` refuses.
 */
const forwardRows = (when: Condition, toBroadcast: Act): Row[] => {
  const and =
    (condition: Condition): Condition =>
    (c) =>
      when(c) && condition(c);
  return [
    [and((c) => cannotForward(c.destination)), silently("ip_forward: in_canforward says no")],
    [and(ttlSpent), refuse(TIME_EXCEEDED, 0, "ip_forward: time to live is spent")],
    [and((c) => c.world.isBroadcast(c.destination)), toBroadcast],
    [and(hasWayOut), leave],
    [when, refuse(UNREACHABLE, HOST_UNREACHABLE, "ip_forward: no route to the host")],
  ];
};

const hasWayOut = (c: Case): boolean =>
  c.world.isOwn(c.destination) || c.world.lookup(c.destination) !== null;

/** Everything behind the options. `takesHop` says when a source-routed packet goes on at once. */
export const inputRows = (takesHop: Condition, toBroadcast: Act): Rows => [
  ...forwardRows(takesHop, toBroadcast),
  [isForUs, deliver],
  [(c) => isMulticast(c.destination), silently("ipintr: not a member of the group")],
  [(c) => !c.world.forwarding, silently("ipintr: not ours, and ipforwarding is 0")],
  ...forwardRows(() => true, toBroadcast),
];

/** `icmp_error` and `icmp_reflect` stay silent. */
export const unsaid: readonly Condition[] = [
  isLaterFragment,
  isIcmpError,
  sentToMany,
  (c) => cannotForward(c.source) && !isLoopback(c.source),
  (c) => !c.world.isOwn(c.source) && c.world.lookup(c.source) === null,
];
