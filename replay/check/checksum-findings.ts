/** Checksums in the words of the report. */
import * as ip4 from "../../stack/wire/ipv4.ts";
import type { Checker } from "./checker.ts";
import { checksumField, SUM_FIRST_HOP, SUM_WRONG, transportChecksumField } from "./checksums.ts";
import { IP_SUM_WRONG, SUM_OVER_FIRST_HOP, TRANSPORT_SUM_WRONG } from "./finding-codes.ts";
import type { Finding } from "./report.ts";

const hex16 = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;

/** What is wrong with the checksums of header i of the packet just checked. */
export function checksumFindings(checker: Checker, view: DataView, i: number): Finding[] {
  const { headers, ipSums, transportSums } = checker;
  const at = headers.at[i];
  const findings: Finding[] = [];
  if (ipSums[i] === SUM_WRONG) {
    const found = hex16(ip4.headerChecksum(view, at));
    findings.push({
      code: IP_SUM_WRONG,
      offset: 10,
      message: `header checksum ${found}, expected ${hex16(checksumField(view, headers, i))}`,
      severity: "error",
      source: "RFC 791 section 3.1",
    });
  }
  const state = transportSums[i];
  if (state !== SUM_WRONG && state !== SUM_FIRST_HOP) return findings;
  const { fieldAt, found, expected } = transportChecksumField(view, headers, i);
  const firstHop = state === SUM_FIRST_HOP;
  findings.push({
    code: firstHop ? SUM_OVER_FIRST_HOP : TRANSPORT_SUM_WRONG,
    offset: fieldAt - at,
    message: firstHop
      ? "the pseudo-header has the first hop, not the final destination"
      : `checksum ${hex16(found)}, expected ${hex16(expected)}`,
    severity: "error",
    source: firstHop ? "RFC 9293 section 3.9.2.1; Linux udp_v4_check" : "RFC 9293 section 3.1",
  });
  return findings;
}
