/** Rows of `__ip_options_compile`: each option is checked, and its slot filled, as it comes. */
import { noteRecord, noteRoute, noteTime, problemAt } from "../acts.ts";
import type { Case } from "../case.ts";
import {
  always,
  both,
  hasRoom,
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
import { type Act, type Condition, LEAVE, type Rows, type Step } from "../table.ts";
import { addressKind, specificDestination, UNICAST } from "./input-route.ts";

const WHERE = "__ip_options_compile";

/** The slot takes the address for now; forwarding writes the one on the way out over it. */
const fillRecord: Act = (c) => {
  c.setWord(c.at + c.pointer - 1, specificDestination(c));
  c.setByte(c.at + 2, c.pointer + 4);
  c.recordWantsAddress = true;
  return noteRecord(c);
};

/** Takes a slot of `step` bytes whose last four are the time. */
const takeTime = (c: Case, step: number): Step => {
  c.setWord(c.at + c.pointer + step - 5, c.world.time);
  c.setByte(c.at + 2, c.pointer + step);
  c.timeWantsTime = true;
  return noteTime(c);
};

const fillTime: Act = (c) => takeTime(c, 4);

const fillAddressAndTime: Act = (c) => {
  c.setWord(c.at + c.pointer - 1, specificDestination(c));
  c.timeWantsAddress = true;
  return takeTime(c, 8);
};

/** Somebody else's slot is left alone, pointer and all: only "unicast" is told from the rest. */
const prespecifiedElsewhere: Condition = (c) =>
  timeFlag(3)(c) && addressKind(c.world, c.word(c.at + c.pointer - 1)) === UNICAST;

const fillPrespecified: Act = (c) => takeTime(c, 8);

const countOverflow: Act = (c) => {
  c.setByte(c.at + 3, c.byte(c.at + 3) + 16);
  return noteTime(c);
};

const zeroPadding: Act = (c) => {
  for (let i = c.at; i < c.at + c.length; i++) c.setByte(i, 0);
  return LEAVE;
};

export const eol: Rows = [[always, zeroPadding]];

export const sourceRoute: Rows = [
  [shorterThan(3), problemAt(1, `${WHERE}: no pointer byte`)],
  [pointerBelow(4), problemAt(2, `${WHERE}: pointer below 4`)],
  [secondRoute, problemAt(0, `${WHERE}: a second source route`)],
  [always, noteRoute],
];

export const recordRoute: Rows = [
  [secondRecord, problemAt(0, `${WHERE}: a second record route`)],
  [shorterThan(3), problemAt(1, `${WHERE}: no pointer byte`)],
  [pointerBelow(4), problemAt(2, `${WHERE}: pointer below 4`)],
  [roomBelow(4), problemAt(2, `${WHERE}: no whole slot left`)],
  [hasRoom, fillRecord],
  [always, noteRecord],
];

export const timestamp: Rows = [
  [secondTime, problemAt(0, `${WHERE}: a second timestamp`)],
  [shorterThan(4), problemAt(1, `${WHERE}: no flag byte`)],
  [pointerBelow(5), problemAt(2, `${WHERE}: pointer below 5`)],
  [roomBelow(4), problemAt(2, `${WHERE}: no whole slot left`)],
  [both(timeHasAddress, roomBelow(8)), problemAt(2, `${WHERE}: no whole slot left`)],
  [both(hasRoom, timeFlag(0)), fillTime],
  [both(hasRoom, timeFlag(1)), fillAddressAndTime],
  [both(hasRoom, prespecifiedElsewhere), noteTime],
  [both(hasRoom, timeFlag(3)), fillPrespecified],
  [hasRoom, noteTime],
  [timeFlag(3), noteTime],
  [overflowSpent, problemAt(3, `${WHERE}: overflow count spent`)],
  [always, countOverflow],
];

export const routerAlert: Rows = [[shorterThan(4), problemAt(1, `${WHERE}: no value`)]];

const VALIDATE = "cipso_v4_validate";

/** Set before it is validated, so that an error about it still echoes it. */
const noteCipso: Act = (c) => {
  c.cipsoAt = c.at;
  return 0;
};

/** Without a domain of interpretation configured, none is known. */
export const cipso: Rows = [
  [(c) => c.cipsoAt !== 0, problemAt(0, `${WHERE}: a second CIPSO option`)],
  [always, noteCipso],
  [shorterThan(8), problemAt(1, `${VALIDATE}: shorter than 8`)],
  [not((c) => c.length < 8), problemAt(2, `${VALIDATE}: unknown domain of interpretation`)],
];
