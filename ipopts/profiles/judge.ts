/**
 * The one walk that runs every kernel's table over a packet.
 *
 * ```ts
 * const judge = new Judge(world);
 * const verdict = judge.judge(linux, view, at, length);
 * ```
 * Nothing is allocated for a packet; the verdict is the judge's own and holds until the next one.
 */
import {
  OPT_CIPSO,
  OPT_EOL,
  OPT_LSRR,
  OPT_ROUTER_ALERT,
  OPT_RR,
  OPT_SSRR,
  OPT_TS,
} from "../option.ts";
import { OptionWalk } from "../walk.ts";
import { Case } from "./case.ts";
import { soundHeader } from "./header.ts";
import { DONE, type OptionName, type Profile, type Rows, runRows } from "./table.ts";
import type { Verdict } from "./verdict.ts";
import type { World } from "./world.ts";

/** Which column of a table an option type belongs to. */
const COLUMNS: readonly (OptionName | undefined)[] = Array.from({ length: 256 }, (_, type) => {
  switch (type) {
    case OPT_EOL:
      return "eol";
    case OPT_LSRR:
    case OPT_SSRR:
      return "sourceRoute";
    case OPT_RR:
      return "recordRoute";
    case OPT_TS:
      return "timestamp";
    case OPT_ROUTER_ALERT:
      return "routerAlert";
    case OPT_CIPSO:
      return "cipso";
    default:
      return undefined;
  }
});

export class Judge {
  readonly #walk: OptionWalk = new OptionWalk();
  readonly #case: Case;

  constructor(world: World) {
    this.#case = new Case(world);
  }

  /**
   * What `profile` does with the IPv4 packet at `at`, of which `length` bytes are there.
   * `trusted` lets a header checksum pass that the capture could not know.
   */
  judge(profile: Profile, view: DataView, at: number, length: number, trusted = false): Verdict {
    const c = this.#case;
    const headerLength = soundHeader(view, at, length, trusted);
    if (headerLength === 0) {
      c.verdict.clear();
      c.drop("RFC 1122 section 3.2.1: the header is not valid");
      return c.verdict;
    }
    c.start(view, at, length, headerLength);
    c.world.begin(c.destination);
    if (runRows(profile.arrived, c) !== DONE && !this.#options(profile)) {
      runRows(profile.decided, c);
    }
    if (c.verdict.action === "icmp") this.#hush(profile);
    return c.verdict;
  }

  /** Walks the options; true when one of them decided. */
  #options(profile: Profile): boolean {
    const c = this.#case;
    if (c.headerLength === 20 || profile.ignoresOptions(c)) return false;
    const walk = this.#walk;
    walk.start(c.header, 20, c.headerLength - 20, profile.shortest);
    while (walk.next()) {
      const column = COLUMNS[walk.type];
      if (column === undefined) continue;
      const rows: Rows | undefined = profile.options[column];
      if (rows === undefined) continue;
      c.at = walk.at;
      c.type = walk.type;
      c.length = walk.length;
      if (runRows(rows, c) === DONE) return true;
    }
    if (walk.fault === null) return false;
    const pointer = walk.faultAt + profile.faultPointer[walk.fault];
    c.at = walk.faultAt;
    profile.malformed(c, pointer);
    return true;
  }

  /** An error that must not be sent is a silent drop. */
  #hush(profile: Profile): void {
    const c = this.#case;
    for (const hushed of profile.unsaid) {
      if (!hushed(c)) continue;
      c.drop(c.verdict.reason);
      return;
    }
  }
}
