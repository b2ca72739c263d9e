/** When `__icmp_send` stays silent. */
import { isLoopback, isMulticast, LIMITED_BROADCAST } from "../../address.ts";
import type { Case } from "../case.ts";
import { isLaterFragment } from "../conditions.ts";
import { isIcmpErrorPacket } from "../header.ts";
import type { Condition } from "../table.ts";
import { isLoopbackDevice } from "../world.ts";
import { NO_ECHO, NO_HOP, writeEcho } from "./echo.ts";
import { addressKind, BROADCAST, isZeroNet, LOCAL, MULTICAST } from "./input-route.ts";

/** Whether an error can leave towards `target` (`icmp_route_lookup`). */
function canReach(c: Case, target: number): boolean {
  const kind = addressKind(c.world, target);
  if (kind === LOCAL || isZeroNet(target) || isLoopback(target)) return false;
  // By the interface of its own address, which an error has when the packet was for us.
  if (c.kind === LOCAL && (isMulticast(target) || target === LIMITED_BROADCAST)) {
    return !isLoopbackDevice(c.world.deviceOf(c.destination));
  }
  return c.world.isBroadcast(target) || c.world.lookup(target) !== null;
}

/**
 * The options of the packet are echoed in the error, and its first hop is the one of the reversed
 * route: without room to echo, or a way to that hop, nothing is sent.
 */
const cannotAnswer: Condition = (c) => {
  const hop = writeEcho(c, false);
  return hop === NO_ECHO || !canReach(c, hop === NO_HOP ? c.source : hop);
};

/** Types that are no errors (`icmp_pointers`): router discovery, 9 and 10, is not among them. */
const QUERIES: ReadonlySet<number> = new Set([0, 8, 13, 14, 15, 16, 17, 18]);

const isIcmpError: Condition = (c) =>
  isIcmpErrorPacket(c.packet, c.packetAt, c.packetLength, c.headerLength, QUERIES);

/** The packet was sent to a broadcast or multicast address. */
const wasToMany: Condition = (c) => c.kind === BROADCAST || c.kind === MULTICAST;

export const unsaid: readonly Condition[] = [wasToMany, isLaterFragment, isIcmpError, cannotAnswer];
