/**
 * Options as the RFCs want them: the whole header is checked before a byte of it changes, so that
 * an error quotes what was sent (RFC 791 section 3.1, RFC 1122 section 3.2.1.8, RFC 1812 section
 * 5.2.4).
 */
import { destinationProblem, leave, noteRecord, noteRoute, noteTime, problemAt } from "../acts.ts";
import {
  always,
  both,
  isOurs,
  isStrict,
  not,
  overflowSpent,
  pointerBelow,
  roomBelow,
  secondRecord,
  secondRoute,
  secondTime,
  shorterThan,
  timeFlag,
  timeHasAddress,
} from "../conditions.ts";
import type { Condition, Rows } from "../table.ts";

const RULE = "RFC 791 section 3.1";
const ROUTE = "RFC 1812 section 5.2.4.1";

const betweenSlots: Condition = (c) => c.pointer <= c.length && c.pointer % 4 !== 0;
const notWholeSlots: Condition = (c) => (c.length - 3) % 4 !== 0;
const timeFull: Condition = (c) => c.pointer > c.length && !timeFlag(3)(c);

export const sourceRoute: Rows = [
  [secondRoute, problemAt(0, `${ROUTE}: a second source route`)],
  [shorterThan(3), problemAt(1, `${RULE}: no pointer byte`)],
  [pointerBelow(4), problemAt(2, `${RULE}: pointer below 4`)],
  [betweenSlots, problemAt(2, `${RULE}: the pointer is not on a slot`)],
  [roomBelow(4), problemAt(2, `${RULE}: no whole address left`)],
  [notWholeSlots, problemAt(1, `${RULE}: length is not 3 + 4n`)],
  [
    both(isStrict, not(isOurs)),
    destinationProblem("RFC 1812 section 5.2.2: strict, and not for us"),
  ],
  [always, noteRoute],
];

export const recordRoute: Rows = [
  [secondRecord, problemAt(0, `${RULE}: a second record route`)],
  [shorterThan(3), problemAt(1, `${RULE}: no pointer byte`)],
  [pointerBelow(4), problemAt(2, `${RULE}: pointer below 4`)],
  [roomBelow(4), problemAt(2, `${RULE}: no whole slot left`)],
  [always, noteRecord],
];

export const timestamp: Rows = [
  [secondTime, problemAt(0, `${RULE}: a second timestamp`)],
  [shorterThan(4), problemAt(1, `${RULE}: no flag byte`)],
  [pointerBelow(5), problemAt(2, `${RULE}: pointer below 5`)],
  [roomBelow(4), problemAt(2, `${RULE}: no whole slot left`)],
  [both(timeHasAddress, roomBelow(8)), problemAt(2, `${RULE}: no whole slot left`)],
  [both(timeFull, overflowSpent), problemAt(3, `${RULE}: overflow count spent`)],
  [always, noteTime],
];

export const routerAlert: Rows = [
  [(c) => c.length !== 4, problemAt(1, "RFC 2113 section 2.1: length is not 4")],
  [always, leave],
];
