/** The end of a check, as text and as JSON's last line. */
import {
  SUM_BLANK,
  SUM_FIRST_HOP,
  SUM_NONE,
  SUM_RIGHT,
  SUM_UNKNOWN,
  SUM_WRONG,
} from "./checksums.ts";
import type { Summary } from "./summary.ts";

const byCount = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));

const row = (label: string, counts: readonly (readonly [string, number])[]): string =>
  counts.length === 0
    ? ""
    : `  ${label.padEnd(10)} ${counts.map(([name, count]) => `${name} ${count}`).join(", ")}\n`;

const sums = (states: Float64Array): [string, number][] => {
  const wrong = states[SUM_WRONG] + states[SUM_FIRST_HOP];
  const unknown = states[SUM_UNKNOWN] + states[SUM_BLANK] + states[SUM_NONE];
  const counts: [string, number][] = [
    ["right", states[SUM_RIGHT]],
    ["wrong", wrong],
    ["unknown", unknown],
  ];
  return counts.filter(([, count]) => count > 0);
};

/** A few lines: packets, then counts per option, finding and verdict of the profiles named. */
export function summaryText(summary: Summary, profiles: readonly string[]): string {
  const { packets, withOptions, invalid, options, findings, verdicts } = summary;
  let text = `${packets} packets, ${withOptions} with options, ${invalid} invalid under ${profiles.join(", ")}\n`;
  text += row("options", byCount(options));
  text += row("ip sums", sums(summary.ip));
  text += row("transport", sums(summary.transport));
  text += row("findings", byCount(findings));
  for (const profile of profiles) text += row(profile, byCount(verdicts.get(profile) ?? new Map()));
  return text;
}

/** The last line of `--json`, without a newline. */
export function summaryJson(summary: Summary, truncated: boolean): string {
  const { packets, withOptions, invalid, options, findings, verdicts } = summary;
  return JSON.stringify({
    summary: {
      packets,
      withOptions,
      invalid,
      options: Object.fromEntries(byCount(options)),
      findings: Object.fromEntries(byCount(findings)),
      verdicts: Object.fromEntries(
        [...verdicts].map(([profile, counts]) => [profile, Object.fromEntries(byCount(counts))]),
      ),
      ...(truncated ? { truncated } : {}),
    },
  });
}
