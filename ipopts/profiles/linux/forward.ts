/** `ip_options_rcv_srr`, `ip_forward`, `ip_forward_options` and `ip_error` of Linux. */
import {
  destinationProblem,
  drop,
  UNREACHABLE as ICMP_UNREACHABLE,
  NET_UNREACHABLE,
  refuse,
  SOURCE_ROUTE_FAILED,
  TIME_EXCEEDED,
} from "../acts.ts";
import type { Case } from "../case.ts";
import { both, hasRoute, not, ttlSpent } from "../conditions.ts";
import { type Act, DONE, NEXT_ROW, type Rows } from "../table.ts";
import { writeEcho } from "./echo.ts";
import { inputRoute, isKind, LOCAL, outgoingAddress, UNICAST, UNREACHABLE } from "./input-route.ts";

const RCV_SRR = "ip_options_rcv_srr";

/**
 * Goes along the route as long as the next hop is an own address, which becomes the destination
 * while pointer and slot stay; the first other one is where the packet goes.
 */
const followRoute: Act = (c) => {
  const length = c.byte(c.routeAt + 1);
  for (let at = c.byte(c.routeAt + 2); at <= length; at += 4) {
    if (at + 3 > length) {
      c.refuse(12, 0, c.routeAt + 2, `${RCV_SRR}: no whole address left`);
      return DONE;
    }
    const next = c.word(c.routeAt + at - 1);
    c.kind = inputRoute(c, next);
    if (c.kind === UNICAST) {
      c.routeHit = true;
      c.next = next;
      return NEXT_ROW;
    }
    if (c.kind !== LOCAL) {
      c.drop(`${RCV_SRR}: the next hop cannot be reached`);
      return DONE;
    }
    c.destination = next;
  }
  return NEXT_ROW;
};

/** The first slot from the pointer on that holds the next hop takes the address on the way out. */
function recordOnRoute(c: Case): void {
  const length = c.byte(c.routeAt + 1);
  for (let at = c.byte(c.routeAt + 2); at + 3 <= length; at += 4) {
    if (c.word(c.routeAt + at - 1) !== c.next) continue;
    c.destination = c.next;
    c.setWord(c.routeAt + at - 1, outgoingAddress(c));
    c.setByte(c.routeAt + 2, at + 4);
    return;
  }
}

const leave: Act = (c) => {
  if (c.recordWantsAddress) {
    c.setWord(c.recordAt + c.byte(c.recordAt + 2) - 5, outgoingAddress(c));
  }
  if (c.routeHit) {
    recordOnRoute(c);
    if (c.timeWantsAddress) {
      c.setWord(c.timeAt + c.byte(c.timeAt + 2) - 9, outgoingAddress(c));
    }
  }
  c.forward(c.route?.dev ?? "", "ip_forward");
  return DONE;
};

const deliver: Act = (c) => {
  c.accept("ip_local_deliver");
  writeEcho(c, true);
  return DONE;
};

export const decided: Rows = [
  [
    both(hasRoute, (c) => !c.world.acceptSourceRoute),
    drop("ip_rcv_options: accept_source_route is 0"),
  ],
  [
    both(hasRoute, (c) => c.kind === UNICAST && c.strict),
    destinationProblem(`${RCV_SRR}: a strict route leads elsewhere`),
  ],
  [
    both(hasRoute, (c) => c.kind !== UNICAST && c.kind !== LOCAL),
    drop(`${RCV_SRR}: not sent to an own address`),
  ],
  [both(hasRoute, isKind(LOCAL)), followRoute],
  [
    both(isKind(UNREACHABLE), (c) => c.world.forwarding),
    refuse(ICMP_UNREACHABLE, NET_UNREACHABLE, "ip_error: no route"),
  ],
  [isKind(UNREACHABLE), drop("ip_error: not ours, and ip_forward is 0")],
  [not(isKind(UNICAST)), deliver],
  [ttlSpent, refuse(TIME_EXCEEDED, 0, "ip_forward: time to live is spent")],
  [
    (c) => c.strict && c.route !== null && c.route.gateway !== 0,
    refuse(ICMP_UNREACHABLE, SOURCE_ROUTE_FAILED, "ip_forward: a strict hop is behind a gateway"),
  ],
  [() => true, leave],
];
