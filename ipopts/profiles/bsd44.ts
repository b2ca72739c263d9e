/** 4.4BSD-Lite2: every option acts at once, lengths below 4 wrap (sys/netinet/ip_input.c). */
import { HOST_UNREACHABLE, leave, problemAt, refuse, UNREACHABLE } from "./acts.ts";
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
import {
  always,
  both,
  isStrict,
  never,
  not,
  overflowSpent,
  pointerBelow,
  shorterThan,
  timeFlag,
  timeHasAddress,
} from "./conditions.ts";
import type { Condition, Profile } from "./table.ts";

const WHERE = "ip_dooptions";

/** `off > optlen - sizeof(struct in_addr)` in unsigned arithmetic: an option below 4 has room. */
const noSlotLeft: Condition = (c) => c.length >= 4 && c.pointer - 1 > c.length - 4;

const noAddressAndTimeLeft: Condition = (c) => c.pointer + 8 > c.length;

export const bsd44: Profile = {
  name: "bsd44",
  summary: "4.4BSD-Lite2: options act in order, source routes always pass",
  arrived: [],
  ignoresOptions: never,
  shortest: 1,
  faultPointer: { "no-length": 1, "length-too-small": 1, "length-too-large": 1 },
  malformed: (c, pointer) => {
    c.refuse(12, 0, pointer, `${WHERE}: an option does not fit the header`);
  },
  options: {
    sourceRoute: [
      [pointerBelow(4), problemAt(2, `${WHERE}: pointer below 4`)],
      [
        both(not(isInterfaceAddress), isStrict),
        sourceRouteFailed("a strict route leads elsewhere"),
      ],
      [not(isInterfaceAddress), leave],
      [noSlotLeft, saveRoute],
      [both(isStrict, notAdjacent), sourceRouteFailed("the next hop is not adjacent")],
      [isStrict, takeStrictHop],
      [looseUnroutable, sourceRouteFailed("no route to the next hop")],
      [always, takeLooseHop],
    ],
    recordRoute: [
      [pointerBelow(4), problemAt(2, `${WHERE}: pointer below 4`)],
      [noSlotLeft, leave],
      [destinationUnroutable, refuse(UNREACHABLE, HOST_UNREACHABLE, `${WHERE}: no route`)],
      [always, fillRecord],
    ],
    timestamp: [
      [shorterThan(5), problemAt(0, `${WHERE}: shorter than 5`)],
      [both(noTimeLeft, overflowSpent), problemAt(0, `${WHERE}: overflow count spent`)],
      [noTimeLeft, countOverflow],
      [timeFlag(0), fillPlainTime],
      [not(timeHasAddress), problemAt(0, `${WHERE}: unknown flag`)],
      [noAddressAndTimeLeft, problemAt(0, `${WHERE}: no whole slot left`)],
      [timeFlag(1), fillAddressAndTime],
      [always, fillPrespecified],
    ],
  },
  decided: inputRows(
    (c) => c.routeHit,
    refuse(UNREACHABLE, HOST_UNREACHABLE, "ip_output: not to a broadcast address"),
  ),
  unsaid,
};
