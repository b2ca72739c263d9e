/**
 * Lines of packets whose header was met before. All of a line but the packet's number, its sums and
 * the headers that leave is the same for every packet of a judgement, and is kept with it.
 */
import type { Checker } from "./checker.ts";
import { SUM_FIRST_HOP, SUM_WRONG, sumValue } from "./checksums.ts";
import { IS_OVERLONG, IS_QUOTED } from "./headers.ts";
import type { Judgement } from "./judgement.ts";
import { addressesOf } from "./packet-report.ts";
import { sumText, type TextOptions, verdictsText } from "./text.ts";

/** The parts of a judgement's lines, made when first wanted. */
export interface KeptLines {
  /** `"source":…,"destination":…,"options":[…]` */
  json?: string;
  /** `"findings":[…]` */
  findings?: string;
  /** `{"engel":…}`, for a judgement without headers that leave. */
  verdicts?: string;
  /** Addresses and options; then the verdicts. */
  text?: string;
  said?: string;
}

/**
 * The judgement of the packet just checked when its line is made of kept parts alone: one header,
 * the outermost, nothing wrong that is the packet's own.
 */
function plainJudgement(checker: Checker): Judgement | null {
  const { headers, subject, judgements, extra, ipSums, transportSums } = checker;
  if (subject !== 0 || extra.length > 0) return null;
  for (let i = 1; i < headers.count; i++) if (judgements[i]) return null;
  const transport = transportSums[0];
  const wrong = ipSums[0] === SUM_WRONG || transport === SUM_WRONG || transport === SUM_FIRST_HOP;
  if (wrong || (headers.flags[0] & (IS_OVERLONG | IS_QUOTED)) !== 0) return null;
  return judgements[0];
}

/** The JSON line, or null when the packet wants a report of its own. */
export function quickJson(
  checker: Checker,
  view: DataView,
  packet: number,
  file: string | undefined,
): string | null {
  const judgement = plainJudgement(checker);
  if (judgement === null) return null;
  const { kept, options, findings, leaving, reencodes } = judgement;
  if (kept.json === undefined) {
    const [source, destination] = addressesOf(view, checker.headers, 0);
    kept.json = JSON.stringify({ source, destination, options }).slice(1, -1);
    kept.findings = JSON.stringify(findings);
  }
  const varies = leaving.length > 0 || checker.headers.version[0] === 6;
  if (!varies) kept.verdicts ??= JSON.stringify(judgement.verdicts);
  const verdicts = varies ? JSON.stringify(checker.verdicts(view, 0)) : kept.verdicts;
  const where = file === undefined ? "" : `,"file":${JSON.stringify(file)}`;
  const sums = `{"ip":${sumValue(checker.ipSums[0])},"transport":${sumValue(checker.transportSums[0])}}`;
  return `{"packet":${packet}${where},${kept.json},"checksums":${sums},"findings":${kept.findings},"verdicts":${verdicts},"reencodes":${reencodes},"invalid":${checker.invalid}}\n`;
}

/** The line of text, or null when the packet wants a report of its own. */
export function quickText(
  checker: Checker,
  view: DataView,
  packet: number,
  options: TextOptions,
  file: string | undefined,
): string | null {
  if (options.verbose) return null;
  const judgement = plainJudgement(checker);
  if (judgement === null || !judgement.reencodes) return null;
  if (judgement.findings.some(({ severity }) => severity !== "note")) return null;
  const { kept } = judgement;
  if (kept.text === undefined) {
    const [source, destination] = addressesOf(view, checker.headers, 0);
    kept.text = `${source} > ${destination}  ${judgement.pieces.join("; ") || "no options"}`;
    kept.said = verdictsText(judgement.verdicts, options);
  }
  const where = file === undefined ? "" : `${file} `;
  const ip = checker.headers.version[0] === 4 ? checker.ipSums[0] : null;
  const sums = sumText(ip === null ? undefined : sumValue(ip), sumValue(checker.transportSums[0]));
  return `${where}#${packet} ${kept.text}  ${sums}${kept.said}${checker.invalid ? "  INVALID" : ""}\n`;
}
