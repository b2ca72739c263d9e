/** Reports of packets as the lines that `anypin check` prints. */
import type { Checker } from "./checker.ts";
import { IS_CUT, IS_OVERRUN } from "./headers.ts";
import { packetReport } from "./packet-report.ts";
import { quickJson, quickText } from "./quick-lines.ts";
import type { HeaderReport } from "./report.ts";
import { ruler } from "./ruler.ts";
import { packetText, type TextOptions } from "./text.ts";

/** One JSON object and a newline, or nothing for a packet without a subject. */
export function renderJson(
  checker: Checker,
  view: DataView,
  packet: number,
  file?: string,
): string {
  const quick = quickJson(checker, view, packet, file);
  if (quick !== null) return quick;
  const report = packetReport(checker, view, packet, file);
  return report === null ? "" : `${JSON.stringify(report)}\n`;
}

/** Bytes drawn of a header that does not say how long it is. */
const MOST_DRAWN = 128;

/** Bytes worth drawing: the header with its options or extension headers. */
function drawnLength(checker: Checker, view: DataView, i: number): number {
  const { headers } = checker;
  const at = headers.at[i];
  const broken = (headers.flags[i] & (IS_CUT | IS_OVERRUN)) !== 0;
  if (broken) return Math.min(headers.end[i] - at, MOST_DRAWN);
  const upper = headers.upper[i] === 135 ? (view.getUint8(headers.upperAt[i] + 1) + 1) * 8 : 0;
  return Math.min(headers.upperAt[i] + upper, headers.end[i]) - at;
}

/** Indices of the headers that the report is about, in its order. */
function shown(checker: Checker): number[] {
  const { headers, subject, judgements } = checker;
  const indices = [subject];
  for (let i = subject + 1; i < headers.count; i++) if (judgements[i]) indices.push(i);
  return indices;
}

/** The packet as text, or nothing for a packet without a subject. */
export function renderText(
  checker: Checker,
  view: DataView,
  packet: number,
  options: TextOptions,
  file?: string,
): string {
  const quick = quickText(checker, view, packet, options, file);
  if (quick !== null) return quick;
  const report = packetReport(checker, view, packet, file);
  if (report === null) return "";
  const indices = shown(checker);
  const reports: readonly HeaderReport[] = [report, ...(report.inner ?? [])];
  const lines = indices.map((i) => (checker.judgements[i]?.pieces ?? []).join("; "));
  const rulers = options.verbose
    ? indices.map((i, n) =>
        ruler(view, checker.headers.at[i], drawnLength(checker, view, i), reports[n].findings),
      )
    : [];
  return packetText(report, lines, rulers, options);
}
