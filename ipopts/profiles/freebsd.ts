/** FreeBSD 13 (sys/netinet/ip_options.c), `sourceroute` and `accept_sourceroute` as the world says. */
import { isLoopback } from "../address.ts";
import { drop, HOST_UNREACHABLE, leave, PARAMETER_PROBLEM, refuse, UNREACHABLE } from "./acts.ts";
import { inputRows, unsaid } from "./bsd/input.ts";
import {
  countOverflow,
  destinationUnroutable,
  fillAddressAndTime,
  fillPlainTime,
  fillPrespecified,
  fillRecord,
  isInterfaceAddress,
  looseUnroutable,
  noTimeLeft,
  notAdjacent,
  saveRoute,
  sourceRouteFailed,
  takeLooseHop,
  takeStrictHop,
} from "./bsd/walk.ts";
import type { Case } from "./case.ts";
import {
  always,
  both,
  isStrict,
  not,
  overflowSpent,
  pointerBelow,
  shorterThan,
  timeFlag,
  timeHasAddress,
} from "./conditions.ts";
import { type Act, type Condition, DONE, type Profile } from "./table.ts";

const WHERE = "ip_dooptions";
const FILTER_PROHIBITED = 13;

/**
 * A hop that was taken leaves `type` at unreachable, so a later parameter problem goes out as
 * ICMP 3 with the byte offset for a code.
 */
function problem(c: Case, pointer: number, reason: string): void {
  if (c.hopsTaken > 0) c.refuse(UNREACHABLE, pointer, -1, `${reason}; the type of an earlier hop`);
  else c.refuse(PARAMETER_PROBLEM, 0, pointer, reason);
}

const problemAt =
  (offset: number, reason: string): Act =>
  (c) => {
    problem(c, c.at + offset, `${WHERE}: ${reason}`);
    return DONE;
  };

const noSlotLeft: Condition = (c) => c.pointer - 1 > c.length - 4;
const noAddressAndTimeLeft: Condition = (c) => c.pointer + 7 > c.length;
const passes: Condition = (c) => c.world.forwardSourceRoute;
const accepts: Condition = (c) => c.world.acceptSourceRoute;

export const freebsd: Profile = {
  name: "freebsd",
  summary: "FreeBSD 13: as 4.4BSD with lengths checked and switches for source routes",
  arrived: [
    [
      (c) => isLoopback(c.source) || isLoopback(c.destination),
      drop("ip_input: a loopback address on the wire"),
    ],
    [
      (c) => c.world.processOptions === 2 && c.headerLength > 20,
      refuse(UNREACHABLE, FILTER_PROHIBITED, `${WHERE}: process_options is 2`),
    ],
  ],
  ignoresOptions: (c) => c.world.processOptions === 0,
  shortest: 2,
  faultPointer: { "no-length": 1, "length-too-small": 1, "length-too-large": 1 },
  malformed: (c, pointer) => problem(c, pointer, `${WHERE}: an option does not fit the header`),
  options: {
    sourceRoute: [
      [shorterThan(3), problemAt(1, "no pointer byte")],
      [pointerBelow(4), problemAt(2, "pointer below 4")],
      [
        both(not(isInterfaceAddress), isStrict),
        sourceRouteFailed("a strict route leads elsewhere"),
      ],
      [both(not(isInterfaceAddress), not(passes)), sourceRouteFailed("sourceroute is 0")],
      [not(isInterfaceAddress), leave],
      [both(noSlotLeft, not(accepts)), sourceRouteFailed("accept_sourceroute is 0")],
      [noSlotLeft, saveRoute],
      [both(not(passes), (c) => c.world.forwarding), sourceRouteFailed("sourceroute is 0")],
      [not(passes), drop(`${WHERE}: sourceroute and forwarding are 0`)],
      [both(isStrict, notAdjacent), sourceRouteFailed("the next hop is not adjacent")],
      [isStrict, takeStrictHop],
      [looseUnroutable, sourceRouteFailed("no route to the next hop")],
      [always, takeLooseHop],
    ],
    recordRoute: [
      [shorterThan(3), problemAt(2, "no pointer byte")],
      [pointerBelow(4), problemAt(2, "pointer below 4")],
      [noSlotLeft, leave],
      [destinationUnroutable, refuse(UNREACHABLE, HOST_UNREACHABLE, `${WHERE}: no route`)],
      [always, fillRecord],
    ],
    timestamp: [
      [shorterThan(4), problemAt(1, "shorter than 4")],
      [pointerBelow(5), problemAt(1, "pointer below 5")],
      [both(noTimeLeft, overflowSpent), problemAt(2, "overflow count spent")],
      [noTimeLeft, countOverflow],
      [timeFlag(0), fillPlainTime],
      [not(timeHasAddress), problemAt(3, "unknown flag")],
      [noAddressAndTimeLeft, problemAt(2, "no whole slot left")],
      [timeFlag(1), fillAddressAndTime],
      [always, fillPrespecified],
    ],
  },
  decided: inputRows(
    both(
      (c) => c.routeHit,
      (c) => c.world.forwarding,
    ),
    drop("ip_output: not to a broadcast address"),
  ),
  unsaid,
};
