/** Makes the report of the packet that a `Checker` has just checked. */
import { formatV4, formatV6At } from "../../stack/wire/address.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";
import * as ip6 from "../../stack/wire/ipv6.ts";
import type { Checker } from "./checker.ts";
import { checksumFindings } from "./checksum-findings.ts";
import { sumValue } from "./checksums.ts";
import { LENGTH_BEYOND_FRAME } from "./finding-codes.ts";
import { type HeaderStack, IS_OVERLONG, IS_QUOTED, VIA_QUOTE } from "./headers.ts";
import type { Finding, HeaderReport, PacketReport } from "./report.ts";

/** Both addresses of header i as text; empty where the header is cut before them. */
export function addressesOf(view: DataView, headers: HeaderStack, i: number): [string, string] {
  const at = headers.at[i];
  const left = headers.end[i] - at;
  if (headers.version[i] === 4 && left >= 20) {
    return [formatV4(ip4.source(view, at)), formatV4(ip4.destination(view, at))];
  }
  if (headers.version[i] !== 6 || left < 40) return ["", ""];
  return [formatV6At(view, ip6.sourceAt(at)), formatV6At(view, ip6.destinationAt(at))];
}

/** In a quote nothing is worse than worth knowing: the packet at fault was another one. */
const asNote = (finding: Finding): Finding => ({ ...finding, severity: "note" });

const OVERLONG: Finding = {
  code: LENGTH_BEYOND_FRAME,
  offset: 2,
  message: "the length field claims more than the frame had",
  severity: "error",
  source: "RFC 1122 section 3.2.1",
};

function headerReport(checker: Checker, view: DataView, i: number): HeaderReport {
  const { headers } = checker;
  const [source, destination] = addressesOf(view, headers, i);
  const judgement = checker.judgement(view, i);
  const quoted = (headers.flags[i] & IS_QUOTED) !== 0;
  const findings = [...judgement.findings, ...checksumFindings(checker, view, i)];
  const long = (headers.flags[i] & IS_OVERLONG) !== 0 && !quoted;
  if (long) findings.push({ ...OVERLONG, offset: headers.version[i] === 6 ? 4 : 2 });
  findings.push(...checker.extraOf(i));
  const within: string[] = [];
  for (let n = 1; n <= i; n++) within.push(headers.via[n] === VIA_QUOTE ? "icmp" : "tunnel");
  return {
    source,
    destination,
    options: judgement.options,
    checksums: {
      ip: sumValue(checker.ipSums[i]),
      transport: sumValue(checker.transportSums[i]),
    },
    findings: quoted ? findings.map(asNote) : findings,
    verdicts: checker.verdicts(view, i),
    reencodes: judgement.reencodes,
    ...(within.length > 0 ? { within } : {}),
  };
}

/** Headers of the packet just checked that its report is about, in its order. */
export function reportedHeaders({ headers, subject, reported }: Checker): number[] {
  const indices: number[] = [];
  for (let i = Math.max(0, subject); i < headers.count; i++) if (reported[i] === 1) indices.push(i);
  return indices;
}

/** The packet just checked, `packet` being its number in its file; null when it has no subject. */
export function packetReport(
  checker: Checker,
  view: DataView,
  packet: number,
  file?: string,
): PacketReport | null {
  const { subject } = checker;
  if (subject < 0) return null;
  const inner = reportedHeaders(checker)
    .slice(1)
    .map((i) => headerReport(checker, view, i));
  return {
    packet,
    ...(file === undefined ? {} : { file }),
    ...headerReport(checker, view, subject),
    invalid: checker.invalid,
    ...(inner.length > 0 ? { inner } : {}),
  };
}
