/**
 * Checks packets one by one. Counting allocates nothing for a header seen before; what is printed
 * is made into a report only when somebody asks for it.
 */
import * as ip4 from "../../stack/wire/ipv4.ts";
import { headerChecksum, SUM_FIRST_HOP, SUM_WRONG, transportChecksum } from "./checksums.ts";
import { ConnectionWatch } from "./connection-watch.ts";
import {
  IP_SUM_WRONG,
  LENGTH_BEYOND_FRAME,
  SUM_OVER_FIRST_HOP,
  TRANSPORT_SUM_WRONG,
} from "./finding-codes.ts";
import { FragmentWatch } from "./fragment-watch.ts";
import { HeaderJudge } from "./header-judge.ts";
import {
  HAS_EXTENSIONS,
  HAS_OPTIONS,
  HeaderStack,
  IS_CUT,
  IS_FIRST_FRAGMENT,
  IS_LATER_FRAGMENT,
  IS_OFFLOADED,
  IS_OVERLONG,
  IS_QUOTED,
  MAX_HEADERS,
} from "./headers.ts";
import type { Judgement } from "./judgement.ts";
import type { LineMemory } from "./lines/line-memory.ts";
import type { Finding, ReportedVerdict } from "./report.ts";
import { Summary } from "./summary.ts";
import { PROFILE_NAMES } from "./verdicts.ts";
import type { Worlds } from "./world.ts";

export interface CheckOptions {
  readonly worlds: Worlds;
  /** Profiles of which a packet must satisfy all. */
  readonly profiles: readonly string[];
  /** Profiles whose verdicts are told and counted. */
  readonly judged: readonly string[];
  /** Judge every packet, not only those with options, extension headers or mobility messages. */
  readonly all: boolean;
  /** Where lines of headers seen before are kept; null when nobody writes lines. */
  readonly lines: LineMemory | null;
}

export class Checker {
  readonly headers = new HeaderStack();
  readonly summary: Summary;
  /** Of the last packet, by header: whether there is something to report, and what its sums are. */
  readonly reported = new Uint8Array(MAX_HEADERS);
  readonly ipSums = new Uint8Array(MAX_HEADERS);
  readonly transportSums = new Uint8Array(MAX_HEADERS);
  /** Of the last packet: what its connections and datagrams add, header after header. */
  readonly extra: Finding[] = [];
  /** Header of the last packet that the report is about; −1 when there is nothing to report. */
  subject = -1;
  /** Whether the last packet is invalid under one of the profiles asked for. */
  invalid = false;
  readonly #options: CheckOptions;
  /** Where in `extra` the findings about header i begin. */
  readonly #extraFrom = new Uint16Array(MAX_HEADERS + 1);
  readonly #asked: number;
  readonly #judge: HeaderJudge;
  readonly #connections = new ConnectionWatch();
  readonly #fragments = new FragmentWatch();

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#asked = profileBits(options.profiles);
    this.summary = new Summary(options.judged);
    const profiles = profileBits(options.judged) | this.#asked;
    this.#judge = new HeaderJudge(options.worlds, profiles, this.summary, options.lines);
  }

  /** Checks the packet whose IP header begins at `at`; see `HeaderStack.read`. */
  check(view: DataView, at: number, end: number, wireEnd: number): void {
    const { headers } = this;
    headers.read(view, at, end, wireEnd);
    this.subject = -1;
    if (this.extra.length > 0) this.extra.length = 0;
    let invalid = 0;
    for (let i = 0; i < headers.count; i++) invalid |= this.#header(view, i);
    this.#extraFrom[headers.count] = this.extra.length;
    if (this.extra.length > 0 && this.extra.some(isError)) invalid |= 1;
    this.invalid = (invalid & this.#asked) !== 0;
    this.summary.packets++;
    if (this.subject < 0) return;
    if (this.#isQuoted(this.subject)) this.#judgeAround(view);
    this.summary.withOptions += this.#hasOptions() ? 1 : 0;
    if (this.invalid) this.summary.invalid++;
    this.summary.addFindings(this.extra);
  }

  /** Counts a packet that is not IP. */
  skip(): void {
    this.subject = -1;
    this.summary.packets++;
  }

  /** Ends the counting: what the cache holds goes into the summary. */
  finish(): void {
    const { summary } = this;
    this.#judge.finish();
    summary.addFinding(IP_SUM_WRONG, summary.ip[SUM_WRONG]);
    summary.addFinding(TRANSPORT_SUM_WRONG, summary.transport[SUM_WRONG]);
    summary.addFinding(SUM_OVER_FIRST_HOP, summary.transport[SUM_FIRST_HOP]);
    summary.addFinding(LENGTH_BEYOND_FRAME, summary.overlong);
  }

  /** What the packets before it make worth saying about header i of the last packet. */
  extraOf(i: number): readonly Finding[] {
    return this.extra.slice(this.#extraFrom[i], this.#extraFrom[i + 1]);
  }

  /**
   * Verdicts on header i of the last packet, with the bytes that are this packet's own. A quote is
   * no packet that a kernel gets: a report that begins with one has the verdicts on the ICMP error
   * around it, and quotes further inside have none.
   */
  verdicts(view: DataView, i: number): Readonly<Record<string, ReportedVerdict>> {
    if (!this.#isQuoted(i)) return this.#judge.verdicts(view, this.headers, i);
    return i === this.subject ? this.#judge.verdicts(view, this.headers, this.#around(i)) : {};
  }

  /** The judgement on header i of the last packet, one of those reported. */
  judgement(view: DataView, i: number): Judgement {
    return this.#judge.judgement(view, this.headers, i);
  }

  /**
   * Place of the last packet's line in the memory of lines: it has one header to report, the
   * outermost, and nothing to say that is not said of every packet with such a header. Else −1.
   */
  get lineSlot(): number {
    const { headers, subject, ipSums, transportSums } = this;
    if (subject !== 0 || this.extra.length > 0) return -1;
    for (let i = 1; i < headers.count; i++) if (this.reported[i] === 1) return -1;
    if (isWrong(ipSums[0]) || isWrong(transportSums[0])) return -1;
    return (headers.flags[0] & (IS_OVERLONG | IS_QUOTED)) === 0 ? this.#judge.slots[0] : -1;
  }

  #hasOptions(): boolean {
    const { headers } = this;
    for (let i = 0; i < headers.count; i++) if (isJudged(headers, i)) return true;
    return false;
  }

  /** Returns the profiles under which header i makes the packet invalid, as bits. */
  #header(view: DataView, i: number): number {
    const { headers } = this;
    const flags = headers.flags[i];
    const quoted = this.#isQuoted(i);
    const before = this.extra.length;
    this.#extraFrom[i] = before;
    if (!quoted) this.#watch(view, i);
    const judged = isJudged(headers, i) || this.#options.all || this.extra.length > before;
    this.reported[i] = judged ? 1 : 0;
    if (!judged) return 0;
    if (this.subject < 0) this.subject = i;
    const ip = headerChecksum(view, headers, i);
    this.ipSums[i] = ip;
    const malformed = this.#judge.judge(view, headers, i, this.#isSound(i));
    const transport = transportChecksum(view, headers, i);
    this.transportSums[i] = transport;
    this.summary.ip[ip]++;
    this.summary.transport[transport]++;
    // A quote is what somebody else found wrong: its packet is not at fault for it.
    if (quoted) return 0;
    const overlong = (flags & IS_OVERLONG) !== 0;
    if (overlong) this.summary.overlong++;
    return overlong || isWrong(ip) || isWrong(transport) ? -1 : malformed;
  }

  #isQuoted(i: number): boolean {
    return (this.headers.flags[i] & IS_QUOTED) !== 0;
  }

  /** The header of the ICMP error that quotes header i. */
  #around(i: number): number {
    let around = i;
    while (this.#isQuoted(around)) around--;
    return around;
  }

  /** Judges the ICMP error around the quote that the report begins with. */
  #judgeAround(view: DataView): void {
    const i = this.#around(this.subject);
    this.ipSums[i] = headerChecksum(view, this.headers, i);
    this.#judge.judge(view, this.headers, i, this.#isSound(i));
  }

  /** Whether header i is what its sender made it, so that one like it is judged like it. */
  #isSound(i: number): boolean {
    const { fault, flags } = this.headers;
    const altered = (flags[i] & (IS_CUT | IS_OFFLOADED)) !== 0 || this.ipSums[i] === SUM_WRONG;
    return fault[i] === null && !altered;
  }

  /** What only shows over several packets. */
  #watch(view: DataView, i: number): void {
    const { headers } = this;
    const flags = headers.flags[i];
    if (headers.version[i] !== 4 || (flags & IS_CUT) !== 0 || headers.fault[i] !== null) return;
    if ((flags & (IS_FIRST_FRAGMENT | IS_LATER_FRAGMENT)) !== 0) {
      this.#fragments.see(view, headers.at[i], this.extra);
      return;
    }
    const at = headers.upperAt[i];
    if (headers.upper[i] !== ip4.IPPROTO_TCP || headers.end[i] - at < 20) return;
    const { extra } = this;
    const route = headers.routingAt[i];
    this.#connections.see(view, headers.at[i], route, at, headers.claimed[i], extra);
  }
}

const profileBits = (names: readonly string[]): number =>
  names.reduce((bits, name) => bits | (1 << PROFILE_NAMES.indexOf(name)), 0);

const isWrong = (sum: number): boolean => sum === SUM_WRONG || sum === SUM_FIRST_HOP;

const isError = ({ severity }: Finding): boolean => severity === "error";

/** Whether header i has something to judge: options, extension headers, a mobility message. */
function isJudged(headers: HeaderStack, i: number): boolean {
  return (headers.flags[i] & (HAS_OPTIONS | HAS_EXTENSIONS)) !== 0;
}
