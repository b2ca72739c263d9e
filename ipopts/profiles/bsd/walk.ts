/** What `ip_dooptions` of 4.4BSD and of FreeBSD 13 share: slots, saved routes, times. */
import { isMulticast } from "../../address.ts";
import { refuse, SOURCE_ROUTE_FAILED, UNREACHABLE } from "../acts.ts";
import type { Case } from "../case.ts";
import { type Act, type Condition, LEAVE } from "../table.ts";

/**
 * Own addresses as `ifa_ifwithaddr` knows them: the broadcast address of an interface finds it too.
 */
export const isInterfaceAddress: Condition = (c) =>
  c.world.isOwn(c.destination) || c.world.isBroadcast(c.destination);

/** Own address of the route towards `address` (`ip_rtaddr`); an own one stands for itself. */
function routeAddress(c: Case, address: number): number {
  if (c.world.isOwn(address)) return address;
  return c.world.lookup(address)?.source ?? 0;
}

/** The address at the pointer. */
const next = (c: Case): number => c.word(c.at + c.pointer - 1);

export const looseUnroutable: Condition = (c) => routeAddress(c, next(c)) === 0;
export const notAdjacent: Condition = (c) => c.world.adjacent(next(c)) === 0;

/**
 * Takes the next hop at once: destination, slot and pointer change before the rest of the header
 * has been looked at. A multicast next hop is left to the rules for multicast.
 */
const takeHop =
  (recorded: (c: Case) => number): Act =>
  (c) => {
    const hop = next(c);
    const address = recorded(c);
    c.destination = hop;
    c.setWord(c.at + c.pointer - 1, address);
    c.setByte(c.at + 2, c.pointer + 4);
    c.next = hop;
    c.routeHit = !isMulticast(hop);
    c.hopsTaken++;
    return LEAVE;
  };

export const takeLooseHop: Act = takeHop((c) => routeAddress(c, next(c)));
export const takeStrictHop: Act = takeHop((c) => c.world.adjacent(next(c)));

export const sourceRouteFailed = (reason: string): Act =>
  refuse(UNREACHABLE, SOURCE_ROUTE_FAILED, `ip_dooptions: ${reason}`);

/** `save_rte`: the last one saved wins. */
export const saveRoute: Act = (c) => {
  c.routeAt = c.at;
  return LEAVE;
};

/** Record route names the route towards the destination as it now is. */
export const destinationUnroutable: Condition = (c) => routeAddress(c, c.destination) === 0;
export const fillRecord: Act = (c) => {
  c.setWord(c.at + c.pointer - 1, routeAddress(c, c.destination));
  c.setByte(c.at + 2, c.pointer + 4);
  return LEAVE;
};

const fillTime = (c: Case, offset: number): 1 => {
  c.setWord(c.at + c.pointer - 1 + offset, c.world.time);
  c.setByte(c.at + 2, c.pointer + offset + 4);
  return LEAVE;
};

export const fillPlainTime: Act = (c) => fillTime(c, 0);

/** The arrival interface's own address towards the first destination; none, no entry. */
export const fillAddressAndTime: Act = (c) => {
  const address = c.world.addressOn(c.world.arrival, c.firstDestination);
  if (address === 0) return LEAVE;
  c.setWord(c.at + c.pointer - 1, address);
  return fillTime(c, 4);
};

/** Only the owner of the address at the pointer writes. */
export const fillPrespecified: Act = (c) => {
  const named = next(c);
  return c.world.isOwn(named) || c.world.isBroadcast(named) ? fillTime(c, 4) : LEAVE;
};

/** Asks for one byte more than four: the pointer counts from 1. */
export const noTimeLeft: Condition = (c) => c.pointer > c.length - 4;

export const countOverflow: Act = (c) => {
  c.setByte(c.at + 3, (c.byte(c.at + 3) + 16) & 255);
  return LEAVE;
};

/**
 * `ip_srcroute`: first hop, NOP, the option as it came with its pointer set back, hops in reverse,
 * the sender. The length byte stays what it was, right or wrong.
 */
export function writeSavedRoute(c: Case): void {
  const { verdict, routeAt } = c;
  if (routeAt === 0) return;
  const length = c.byte(routeAt + 1);
  const hops = length < 3 ? 0 : (length - 3) >> 2;
  if (hops === 0) return;
  const { replyView } = verdict;
  replyView.setUint32(0, c.word(routeAt + 3 + 4 * (hops - 1)));
  replyView.setUint8(4, 1);
  replyView.setUint8(5, c.byte(routeAt));
  replyView.setUint8(6, length);
  replyView.setUint8(7, 4);
  let at = 8;
  for (let i = hops - 2; i >= 0; i--, at += 4) replyView.setUint32(at, c.word(routeAt + 3 + 4 * i));
  replyView.setUint32(at, c.source);
  verdict.replyLength = at + 4;
}
