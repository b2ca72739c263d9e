/**
 * Judges IP headers by their own bytes and counts what comes of it. A sound IPv4 header without a
 * fault takes the quick way, any other is made a judgement, and what its likes came to is
 * remembered: nothing is allocated for a header seen before.
 */
import { codecOf } from "../../ipopts/codecs.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";
import * as ip6 from "../../stack/wire/ipv6.ts";
import { type HeaderStack, IS_QUOTED, MAX_HEADERS } from "./headers.ts";
import { type Judgement, judgeHeader } from "./judgement.ts";
import { CACHE_SLOTS, JudgementCache } from "./judgement-cache.ts";
import { withLeaving } from "./leaving.ts";
import type { LineMemory } from "./lines/line-memory.ts";
import { QuickLook } from "./quick-look.ts";
import type { Finding, ReportedVerdict } from "./report.ts";
import { situation } from "./situation.ts";
import type { Summary } from "./summary.ts";
import { COUNTER_SLOTS, VerdictCounter } from "./verdict-counter.ts";
import { KernelVerdicts } from "./verdicts.ts";
import type { Worlds } from "./world.ts";

/** Places for lines: those of the quick way, then those of judgements. */
export const LINE_SLOTS = COUNTER_SLOTS + CACHE_SLOTS;

export class HeaderJudge {
  /** Of the last packet, by header: place of its likes' lines, −1 when they have nothing in common. */
  readonly slots = new Int32Array(MAX_HEADERS);
  /** Of the last packet, by header: null for one that took the quick way. */
  readonly #judgements: (Judgement | null)[] = new Array(MAX_HEADERS).fill(null);
  readonly #summary: Summary;
  readonly #quick = new QuickLook();
  readonly #kernels: KernelVerdicts;
  readonly #counter: VerdictCounter;
  readonly #cache: JudgementCache;
  readonly #lines: LineMemory | null;

  /**
   * Judges by `profiles`, bits of `PROFILE_NAMES`. `lines` is told when a place is taken by headers
   * unlike those it had.
   */
  constructor(worlds: Worlds, profiles: number, summary: Summary, lines: LineMemory | null) {
    this.#summary = summary;
    this.#kernels = new KernelVerdicts(worlds, profiles);
    this.#counter = new VerdictCounter(worlds.v4, profiles);
    this.#cache = new JudgementCache((judgement) => summary.count(judgement));
    this.#lines = lines;
  }

  /**
   * Judges header i, counts what is to be counted, and returns the profiles it is invalid under.
   * `sound`: the header is what its sender made it, so that its likes are judged like it.
   */
  judge(view: DataView, headers: HeaderStack, i: number, sound: boolean): number {
    const at = headers.at[i];
    const quick = sound && headers.version[i] === 4 && (headers.flags[i] & IS_QUOTED) === 0;
    if (quick && this.#quick.clean(view, at)) {
      const counter = this.#counter;
      const length = headers.end[i] - at;
      const malformed = counter.count(view, at, length, situation(view, headers, i));
      if (counter.fresh) this.#lines?.forget(counter.slot);
      this.slots[i] = counter.slot;
      this.#judgements[i] = null;
      return malformed;
    }
    const judgement = this.#remembered(view, headers, i, sound);
    judgement.hits++;
    this.#judgements[i] = judgement;
    return judgement.invalid;
  }

  /** The judgement on header i of the last packet, made now if it took the quick way. */
  judgement(view: DataView, headers: HeaderStack, i: number): Judgement {
    this.#judgements[i] ??= judgeHeader(view, headers, i, this.#kernels);
    return this.#judgements[i];
  }

  /** Verdicts on header i of the last packet, with the bytes that are this packet's own. */
  verdicts(
    view: DataView,
    headers: HeaderStack,
    i: number,
  ): Readonly<Record<string, ReportedVerdict>> {
    const { verdicts, leaving } = this.judgement(view, headers, i);
    // What was judged for this packet alone has its bytes already, or those that offload left out.
    const own = leaving.length === 0 || this.slots[i] < 0;
    return own ? verdicts : withLeaving(verdicts, leaving, view, headers.at[i]);
  }

  /** Ends the counting: what is remembered goes into the summary. */
  finish(): void {
    this.#cache.clear();
    this.#summary.finish();
    for (const [profile, verdict, times] of this.#counter.counted()) {
      this.#summary.addVerdict(profile, verdict, times);
    }
    for (const [type, times] of this.#quick.counts.entries()) {
      if (times > 0) this.#summary.addOption(codecOf(type).name, times);
    }
    this.#quick.counts.fill(0);
  }

  #remembered(view: DataView, headers: HeaderStack, i: number, sound: boolean): Judgement {
    const cache = this.#cache;
    const keyed = sound && this.#key(view, headers, i) && cache.fits;
    const known = keyed ? cache.find() : undefined;
    this.slots[i] = keyed ? COUNTER_SLOTS + cache.slot : -1;
    if (known) return known;
    const judgement = judgeHeader(view, headers, i, this.#kernels);
    // A kernel may read on into the payload behind a malformed or empty option: such a header is
    // judged afresh each time.
    if (keyed && judgement.findings.every(isHarmless)) {
      cache.keep(judgement);
      this.#lines?.forget(this.slots[i]);
    } else {
      this.slots[i] = -1;
      this.#summary.later(judgement);
    }
    return judgement;
  }

  /** Makes the cache's key of header i; false when it can have none. */
  #key(view: DataView, headers: HeaderStack, i: number): boolean {
    const at = headers.at[i];
    const upper = headers.upper[i];
    const upperAt = headers.upperAt[i];
    this.#cache.start((situation(view, headers, i) << 8) | headers.version[i]);
    if (headers.version[i] === 4) {
      const length = ip4.headerLength(view, at);
      this.#cache.add((ip4.ttl(view, at) <= 1 ? 1 : 0) | (length << 8));
      this.#cache.addBytes(view, at + 12, length - 12);
      return true;
    }
    if (upper === ip6.IPPROTO_MOBILITY || upperAt > headers.end[i]) return false;
    this.#cache.add((ip6.hopLimit(view, at) <= 1 ? 1 : 0) | (ip6.nextHeader(view, at) << 8));
    this.#cache.addBytes(view, at + 8, upperAt - at - 8);
    return (upperAt - at) % 4 === 0;
  }
}

const isHarmless = ({ severity, code }: Finding): boolean =>
  severity === "note" && code !== "route-empty";
