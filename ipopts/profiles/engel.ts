/** The RFCs as this project reads them: a host or router that the paper's pin can rely on. */
import { drop } from "./acts.ts";
import { isIcmpError, isLaterFragment, never, sentToMany } from "./conditions.ts";
import { badDestination, badSource, decided } from "./engel/decide.ts";
import { recordRoute, routerAlert, sourceRoute, timestamp } from "./engel/parse.ts";
import type { Profile } from "./table.ts";

export const engel: Profile = {
  name: "engel",
  summary: "RFC 791, 1122 and 1812: everything checked before anything changes, own hops collapsed",
  arrived: [
    [badSource, drop("RFC 1122 section 3.2.1.3: not a source address")],
    [badDestination, drop("RFC 1122 section 3.2.1.3: not a destination address")],
  ],
  ignoresOptions: never,
  shortest: 2,
  faultPointer: { "no-length": 0, "length-too-small": 1, "length-too-large": 1 },
  malformed: (c, pointer) => {
    c.refuse(12, 0, pointer, "RFC 1122 section 3.2.1.8: an option does not fit the header");
  },
  options: { sourceRoute, recordRoute, timestamp, routerAlert },
  decided,
  unsaid: [
    isLaterFragment,
    isIcmpError,
    sentToMany,
    (c) => !c.world.isOwn(c.source) && c.world.lookup(c.source) === null,
  ],
};
