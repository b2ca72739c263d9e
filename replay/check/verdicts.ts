/** The verdicts of all kernel profiles on a header, IPv4 or IPv6, in the form of the report. */
import { hexAt, viewOf } from "../../ipopts/bytes.ts";
import { Judge } from "../../ipopts/profiles/judge.ts";
import { PROFILES } from "../../ipopts/profiles/profiles.ts";
import type { Verdict } from "../../ipopts/profiles/verdict.ts";
import { judgeV6 } from "../../ipopts/v6/judge.ts";
import { V6_PROFILES } from "../../ipopts/v6/profiles.ts";
import type { V6Verdict } from "../../ipopts/v6/verdict.ts";
import { formatV4, formatV6At } from "../../stack/wire/address.ts";
import { headerChecksum, SUM_WRONG } from "./checksums.ts";
import { type HeaderStack, IS_CUT, IS_OFFLOADED, IS_QUOTED } from "./headers.ts";
import type { ReportedVerdict } from "./report.ts";
import type { Worlds } from "./world.ts";

/** In the order of the bits of `malformed` and `Judgement.invalid`; `engel` is the first. */
export const PROFILE_NAMES: readonly string[] = PROFILES.map(({ name }) => name);

/** ICMP types of a parameter problem: the header, not the network, is at fault. */
const PARAMETER_PROBLEM_V4 = 12;
const PARAMETER_PROBLEM_V6 = 4;

export interface Verdicts {
  readonly verdicts: Record<string, ReportedVerdict>;
  /** Bit i: profile i finds the header itself at fault, said aloud or not. */
  readonly malformed: number;
}

/** `icmp 12/0`, `forward`: a verdict's class, in which verdicts are counted. */
export const verdictClass = ({ action, icmp }: ReportedVerdict): string =>
  icmp === undefined ? action : `icmp ${icmp.type}/${icmp.code}`;

export class KernelVerdicts {
  /** Profiles to judge by, as bits of `PROFILE_NAMES`. */
  readonly #profiles: number;
  readonly #judge: Judge;
  readonly #worlds: Worlds;

  constructor(worlds: Worlds, profiles: number) {
    this.#profiles = profiles;
    this.#worlds = worlds;
    this.#judge = new Judge(worlds.v4);
  }

  /**
   * Judges header i. No verdict at all where a cut hides what it would depend on, and none on a
   * quote: no kernel gets it as a packet.
   */
  judge(view: DataView, headers: HeaderStack, i: number): Verdicts {
    const verdicts: Record<string, ReportedVerdict> = {};
    if ((headers.flags[i] & IS_QUOTED) !== 0) return { verdicts, malformed: 0 };
    if (headers.version[i] === 4) return this.#judgeV4(view, headers, i, verdicts);
    if (headers.version[i] === 6 && headers.end[i] - headers.at[i] >= 40) {
      return this.#judgeV6(view, headers, i, verdicts);
    }
    return { verdicts, malformed: 0 };
  }

  #judgeV4(
    view: DataView,
    headers: HeaderStack,
    i: number,
    verdicts: Record<string, ReportedVerdict>,
  ): Verdicts {
    if ((headers.flags[i] & IS_CUT) !== 0) return { verdicts, malformed: 0 };
    const at = headers.at[i];
    const malformed = headers.fault[i] === null ? 0 : -1;
    // A total length of 0 is offload's: the packets on the wire had one.
    if ((headers.flags[i] & IS_OFFLOADED) !== 0) {
      const copy = new Uint8Array(view.buffer, view.byteOffset + at, headers.end[i] - at).slice();
      const length = Math.min(0xffff, headers.claimed[i] - at);
      viewOf(copy).setUint16(2, length);
      return this.#every(viewOf(copy), 0, copy.length, true, verdicts, malformed);
    }
    const trusted = headerChecksum(view, headers, i) !== SUM_WRONG;
    return this.#every(view, at, headers.end[i] - at, trusted, verdicts, malformed);
  }

  #every(
    view: DataView,
    at: number,
    length: number,
    trusted: boolean,
    verdicts: Record<string, ReportedVerdict>,
    malformed: number,
  ): Verdicts {
    let bits = malformed;
    for (const [n, profile] of PROFILES.entries()) {
      if ((this.#profiles & (1 << n)) === 0) continue;
      const verdict = this.#judge.judge(profile, view, at, length, trusted);
      if (verdict.type === PARAMETER_PROBLEM_V4) bits |= 1 << n;
      verdicts[profile.name] = reportedV4(verdict);
    }
    return { verdicts, malformed: bits };
  }

  #judgeV6(
    view: DataView,
    headers: HeaderStack,
    i: number,
    verdicts: Record<string, ReportedVerdict>,
  ): Verdicts {
    let malformed = 0;
    const at = headers.at[i];
    const world = this.#worlds.v6(view, at + 24);
    for (const [n, name] of PROFILE_NAMES.entries()) {
      const profile = V6_PROFILES.find((other) => other.name === name);
      if (profile === undefined || (this.#profiles & (1 << n)) === 0) continue;
      const verdict = judgeV6(profile, world, view, at, headers.end[i], headers.claimed[i]);
      if (verdict === null) continue;
      if (verdict.icmp?.type === PARAMETER_PROBLEM_V6 || verdict.malformed) malformed |= 1 << n;
      verdicts[name] = reportedV6(verdict);
    }
    return { verdicts, malformed };
  }
}

function reportedV4(verdict: Verdict): ReportedVerdict {
  const { action, reason, type, code, pointer, dev } = verdict;
  if (action === "icmp") {
    return { action, icmp: pointer < 0 ? { type, code } : { type, code, pointer }, reason };
  }
  if (action === "forward") return { action, dev, header: verdict.headerHex(), reason };
  if (action === "drop") return { action, reason };
  return {
    action,
    destination: formatV4(verdict.destination),
    options: verdict.optionsHex(),
    replyOptions: verdict.replyHex(),
    reason,
  };
}

const hexOf = (bytes: Uint8Array): string => hexAt(viewOf(bytes), 0, bytes.length);

function reportedV6({
  action,
  icmp,
  dev,
  header,
  destination,
  headers,
  reason,
}: V6Verdict): ReportedVerdict {
  if (action !== "accept") {
    return {
      action,
      ...(icmp === undefined ? {} : { icmp }),
      ...(dev === undefined ? {} : { dev }),
      ...(header === undefined ? {} : { header: hexOf(header) }),
      reason,
    };
  }
  return {
    action,
    destination: destination === undefined ? "" : formatV6At(viewOf(destination), 0),
    options: headers === undefined ? "" : hexOf(headers),
    // No kernel turns a routing header round (RFC 8200 section 8.4).
    replyOptions: "",
    reason,
  };
}
