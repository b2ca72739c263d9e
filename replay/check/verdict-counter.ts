/**
 * Counts verdicts on IPv4 headers without a fault. A verdict depends on few of a header's bytes and
 * the packets of a connection share them: a direct-mapped table remembers what the last headers
 * came to, and a header that is not there is judged. Nothing is allocated for a packet.
 */
import { Judge } from "../../ipopts/profiles/judge.ts";
import { PROFILES } from "../../ipopts/profiles/profiles.ts";
import type { World } from "../../ipopts/profiles/world.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";

/** Headers remembered. */
export const COUNTER_SLOTS = 1 << 14;
/** Situation and length, addresses, ten words of options, outcome: 14, and two to spare. */
const WORDS = 16;
const OUTCOME = 15;
const PARAMETER_PROBLEM = 12;

/** What a header came to: a class of verdict for each profile asked for. */
interface Outcome {
  readonly name: string;
  /** `forward`, `icmp 12/0`, in the order of the profiles asked for. */
  readonly classes: readonly string[];
  /** Profiles that find the header malformed, as bits. */
  readonly malformed: number;
}

export class VerdictCounter {
  /** Place of the header counted last. */
  slot = 0;
  /** Whether another header had that place before. */
  fresh = false;
  readonly #judge: Judge;
  readonly #asked: readonly number[];
  readonly #table = new Int32Array(COUNTER_SLOTS * WORDS);
  readonly #outcomes: Outcome[] = [];
  /** Packets by outcome. */
  readonly #counts: number[] = [];

  /** `profiles`: those asked for, as bits in the order of `PROFILES`. */
  constructor(world: World, profiles: number) {
    this.#judge = new Judge(world);
    this.#asked = [...PROFILES.keys()].filter((n) => (profiles & (1 << n)) !== 0);
  }

  /**
   * Counts the packet at `at`, `length` bytes of which are there, the whole header among them, and
   * returns the profiles that find it malformed. `situation` is a number that says what besides
   * lifetime, addresses and options a verdict depends on.
   */
  count(view: DataView, at: number, length: number, situation: number): number {
    const headerLength = ip4.headerLength(view, at);
    const first = (situation << 8) | (headerLength << 1) | (ip4.ttl(view, at) <= 1 ? 1 : 0);
    const words = (headerLength - 12) >>> 2;
    let hash = first;
    for (let i = 0; i < words; i++) {
      hash = Math.imul(hash ^ view.getInt32(at + 12 + 4 * i), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    const table = this.#table;
    this.slot = hash & (COUNTER_SLOTS - 1);
    const row = this.slot * WORDS;
    let same = table[row] === first;
    for (let i = 0; same && i < words; i++) {
      same = table[row + 1 + i] === view.getInt32(at + 12 + 4 * i);
    }
    this.fresh = !same;
    if (!same) {
      table[row] = first;
      for (let i = 0; i < words; i++) table[row + 1 + i] = view.getInt32(at + 12 + 4 * i);
      table[row + OUTCOME] = this.#outcome(view, at, length);
    }
    const outcome = table[row + OUTCOME];
    this.#counts[outcome]++;
    return this.#outcomes[outcome].malformed;
  }

  /** What `count` has counted: profile, class of verdict, how many. */
  *counted(): Generator<[string, string, number]> {
    for (const [outcome, { classes }] of this.#outcomes.entries()) {
      for (const [i, n] of this.#asked.entries()) {
        const times = this.#counts[outcome];
        if (times > 0) yield [PROFILES[n].name, classes[i], times];
      }
    }
    this.#counts.fill(0);
  }

  /** Judges by every profile asked for; the number of what came of it. */
  #outcome(view: DataView, at: number, length: number): number {
    let malformed = 0;
    const classes: string[] = [];
    for (const n of this.#asked) {
      const { action, type, code } = this.#judge.judge(PROFILES[n], view, at, length, true);
      if (type === PARAMETER_PROBLEM) malformed |= 1 << n;
      classes.push(action === "icmp" ? `icmp ${type}/${code}` : action);
    }
    const name = `${malformed} ${classes.join(",")}`;
    const known = this.#outcomes.findIndex((outcome) => outcome.name === name);
    if (known >= 0) return known;
    this.#counts.push(0);
    return this.#outcomes.push({ name, classes, malformed }) - 1;
  }
}
