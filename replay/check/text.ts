/** A packet's report as text: one line, a line for each finding, and the byte ruler. */
import type { Finding, HeaderReport, PacketReport, ReportedVerdict } from "./report.ts";

export interface TextOptions {
  /** Profiles whose verdicts are shown. */
  readonly profiles: readonly string[];
  /** Show notes too, the reasons of verdicts, and the bytes. */
  readonly verbose: boolean;
}

/** `icmp 12/0 pointer 22`, `forward vD`, `accept 203.0.113.9`, `drop`. */
export function verdictText({ action, icmp, dev, destination }: ReportedVerdict): string {
  if (icmp !== undefined) {
    const pointer = icmp.pointer === undefined ? "" : ` pointer ${icmp.pointer}`;
    return `icmp ${icmp.type}/${icmp.code}${pointer}`;
  }
  if (action === "forward") return `forward ${dev ?? ""}`.trimEnd();
  return action === "accept" ? `accept ${destination ?? ""}`.trimEnd() : action;
}

const oneSum = (name: string, value: boolean | null): string =>
  `${name} ${value === null ? "sum unknown" : value ? "sum right" : "SUM WRONG"}`;

/** Both sums; `ip` is undefined for IPv6, whose header has none. */
export function sumText(ip: boolean | null | undefined, transport: boolean | null): string {
  const last = oneSum("transport", transport);
  return ip === undefined ? last : `${oneSum("ip", ip)}, ${last}`;
}

/** The verdicts of the profiles shown, two spaces before them; nothing when there are none. */
export function verdictsText(
  verdicts: Readonly<Record<string, ReportedVerdict>>,
  { profiles }: TextOptions,
): string {
  const said = profiles
    .filter((name) => verdicts[name] !== undefined)
    .map((name) => `${name} ${verdictText(verdicts[name])}`);
  return said.length > 0 ? `  ${said.join(", ")}` : "";
}

/** What the lines on a header say beside its report. */
export interface HeaderText {
  readonly version: number;
  /** Its options, described; empty when it has none. */
  readonly line: string;
  /** Its bytes, drawn by `ruler`, when verbose. */
  readonly ruler: string;
}

/** One line: addresses, options, checksums, verdicts. */
function headerLine(
  report: HeaderReport,
  { version, line }: HeaderText,
  options: TextOptions,
): string {
  const { source, destination, checksums, verdicts, within } = report;
  const where = within === undefined ? "" : `[${within.join(" ")}] `;
  const sums = sumText(version === 6 ? undefined : checksums.ip, checksums.transport);
  const quote = within?.includes("icmp") ?? false;
  const told = verdictsText(verdicts, options);
  const said = quote && told !== "" ? `  outside:${told.slice(1)}` : told;
  const again = report.reencodes ? "" : "  does not re-encode";
  return `${where}${source} > ${destination}  ${line || "no options"}  ${sums}${said}${again}`;
}

const findingLine = ({ severity, code, offset, message, source }: Finding): string =>
  `    ${severity} ${code} at byte ${offset}: ${message} (${source})\n`;

/** Why each kernel shown does what it does, a line each. */
const reasonLines = (
  verdicts: Readonly<Record<string, ReportedVerdict>>,
  { profiles }: TextOptions,
): string =>
  profiles
    .filter((name) => verdicts[name]?.reason)
    .map((name) => `    ${name}: ${verdicts[name].reason}\n`)
    .join("");

/** The report as lines that end in a newline; `texts` has what belongs to each of its headers. */
export function packetText(
  report: PacketReport,
  texts: readonly HeaderText[],
  options: TextOptions,
): string {
  const name = report.file === undefined ? "" : `${report.file} `;
  let text = `${name}#${report.packet} `;
  for (const [n, header] of [report, ...(report.inner ?? [])].entries()) {
    const end = n === 0 && report.invalid ? "  INVALID" : "";
    text += `${n > 0 ? "  inside: " : ""}${headerLine(header, texts[n], options)}${end}\n`;
    for (const finding of header.findings) {
      if (finding.severity === "note" && !options.verbose) continue;
      text += findingLine(finding);
    }
    if (options.verbose) text += reasonLines(header.verdicts, options);
    text += texts[n].ruler;
  }
  return text;
}
