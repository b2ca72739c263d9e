/**
 * Everything that can be said about one IP header from its own bytes: options, what is wrong with
 * them, and what each kernel does.
 */
import { type HeaderStack, IS_CUT } from "./headers.ts";
import { type Leaving, leavingOf } from "./leaving.ts";
import { type OptionsReport, reportOptionsV4 } from "./options-v4.ts";
import { reportOptionsV6 } from "./options-v6.ts";
import type { Finding, ReportedVerdict } from "./report.ts";
import type { KernelVerdicts } from "./verdicts.ts";

export interface Judgement extends OptionsReport {
  readonly verdicts: Readonly<Record<string, ReportedVerdict>>;
  /** Bit i: the header is invalid under profile i of `PROFILE_NAMES`. */
  readonly invalid: number;
  /** Headers as they leave, which differ from packet to packet. */
  readonly leaving: readonly Leaving[];
  /** How many packets had this header since it was last counted. */
  hits: number;
}

const FAULTS: Readonly<Record<string, { offset: number; message: string; source: string }>> = {
  version: { offset: 0, message: "neither IPv4 nor IPv6", source: "RFC 1122 section 3.2.1.1" },
  "header-length": {
    offset: 0,
    message: "the header length is below 20 bytes",
    source: "RFC 1812 section 5.2.2",
  },
  "total-length": {
    offset: 2,
    message: "the total length does not even hold the header",
    source: "RFC 1812 section 5.2.2",
  },
};

const NOTHING: OptionsReport = { options: [], pieces: [], findings: [], reencodes: true };

function optionsOf(view: DataView, headers: HeaderStack, i: number): OptionsReport {
  const at = headers.at[i];
  const end = headers.end[i];
  if (headers.version[i] === 6 && end - at >= 40) {
    return reportOptionsV6(view, at, end, headers.claimed[i]);
  }
  if (headers.version[i] !== 4 || end - at < 20) return NOTHING;
  const whole = (view.getUint8(at) & 15) << 2;
  return whole <= 20 ? NOTHING : reportOptionsV4(view, at, Math.min(whole, end - at), whole);
}

function faultOf(headers: HeaderStack, i: number): Finding | null {
  const fault = headers.fault[i];
  if (fault === null) return null;
  return { code: `bad-${fault}`, severity: "error", ...FAULTS[fault] };
}

/** Judges header i under every profile. */
export function judgeHeader(
  view: DataView,
  headers: HeaderStack,
  i: number,
  kernels: KernelVerdicts,
): Judgement {
  const fault = faultOf(headers, i);
  const report = fault === null ? optionsOf(view, headers, i) : NOTHING;
  const findings = fault === null ? report.findings : [fault];
  const { verdicts, malformed } = kernels.judge(view, headers, i);
  const broken = findings.some(({ severity }) => severity === "error");
  const cut = (headers.flags[i] & IS_CUT) !== 0;
  return {
    ...report,
    findings,
    verdicts,
    // The engel profile is the RFCs' reading: what breaks a rule is invalid even where no kernel
    // looks at it.
    invalid: cut ? 0 : malformed | (broken ? 1 : 0),
    leaving: leavingOf(view, headers.at[i], verdicts),
    hits: 0,
  };
}
