/** Conditions that several tables ask. */
import { isMulticast } from "../address.ts";
import { OPT_SSRR } from "../option.ts";
import { ICMP_QUERIES, isIcmpErrorPacket } from "./header.ts";
import type { Condition } from "./table.ts";

export const always: Condition = () => true;
export const never: Condition = () => false;
export const not =
  (condition: Condition): Condition =>
  (c) =>
    !condition(c);
export const both =
  (first: Condition, second: Condition): Condition =>
  (c) =>
    first(c) && second(c);

/** The option is shorter than `bytes`. */
export const shorterThan =
  (bytes: number): Condition =>
  (c) =>
    c.length < bytes;

/** The pointer byte is below `value`. */
export const pointerBelow =
  (value: number): Condition =>
  (c) =>
    c.pointer < value;

/** The pointer is inside the option. */
export const hasRoom: Condition = (c) => c.pointer <= c.length;

/** The pointer is inside, but fewer than `bytes` are left from it on. */
export const roomBelow =
  (bytes: number): Condition =>
  (c) =>
    c.pointer <= c.length && c.pointer + bytes - 1 > c.length;

/** A source route of either kind was there already. */
export const secondRoute: Condition = (c) => c.routeAt !== 0;
export const secondRecord: Condition = (c) => c.recordAt !== 0;
export const secondTime: Condition = (c) => c.timeAt !== 0;
/** The option under the walk is a strict route. */
export const isStrict: Condition = (c) => c.type === OPT_SSRR;
/** Its destination is an own address. */
export const isOurs: Condition = (c) => c.world.isOwn(c.destination);
export const hasRoute: Condition = (c) => c.routeAt !== 0;
export const ttlSpent: Condition = (c) => c.ttl <= 1;

/** The flag nibble of a timestamp is `flag`. */
export const timeFlag =
  (flag: number): Condition =>
  (c) =>
    (c.byte(c.at + 3) & 15) === flag;

/** Its slots hold addresses beside times: flag 1, or 3 with the addresses given. */
export const timeHasAddress: Condition = (c) => {
  const flag = c.byte(c.at + 3) & 15;
  return flag === 1 || flag === 3;
};

/** Its count of those that found no room cannot grow any more. */
export const overflowSpent: Condition = (c) => c.byte(c.at + 3) >>> 4 === 15;

/** No error about a fragment that does not begin the datagram (RFC 1122 section 3.2.2). */
export const isLaterFragment: Condition = (c) => c.laterFragment;

/** No error about an ICMP error (RFC 1122 section 3.2.2). */
export const isIcmpError: Condition = (c) =>
  isIcmpErrorPacket(c.packet, c.packetAt, c.packetLength, c.headerLength, ICMP_QUERIES);

/** No error about a packet sent to many (RFC 1122 section 3.2.2). */
export const sentToMany: Condition = (c) =>
  isMulticast(c.firstDestination) ||
  c.firstDestination === 0xffffffff ||
  c.world.isBroadcast(c.firstDestination);
