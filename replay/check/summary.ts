/** What a whole check comes to: counts by option, finding and verdict. */
import type { Judgement } from "./judgement.ts";
import type { Finding } from "./report.ts";
import { verdictClass } from "./verdicts.ts";

const add = (counts: Map<string, number>, name: string, times: number): void => {
  counts.set(name, (counts.get(name) ?? 0) + times);
};

export class Summary {
  packets = 0;
  withOptions = 0;
  invalid = 0;
  /** Headers by what their checksums are: indices are the SUM_ constants. */
  readonly ip = new Float64Array(6);
  readonly transport = new Float64Array(6);
  /** Headers whose length field claims more than the frame had. */
  overlong = 0;
  readonly options = new Map<string, number>();
  readonly findings = new Map<string, number>();
  /** By profile, then by action: `forward`, `icmp 12/0`. */
  readonly verdicts = new Map<string, Map<string, number>>();
  /** Judged once and not kept elsewhere; counted when the next one comes. */
  #pending: Judgement | null = null;
  readonly #profiles: readonly string[];

  /** Verdicts are counted of these profiles. */
  constructor(profiles: readonly string[]) {
    this.#profiles = profiles;
  }

  /** Adds a judgement as often as packets had it, and starts its count again. */
  count(judgement: Judgement): void {
    const { hits } = judgement;
    if (hits === 0) return;
    judgement.hits = 0;
    for (const { name } of judgement.options) add(this.options, name, hits);
    for (const { code } of judgement.findings) add(this.findings, code, hits);
    for (const profile of this.#profiles) {
      const verdict = judgement.verdicts[profile];
      if (verdict !== undefined) this.addVerdict(profile, verdictClass(verdict), hits);
    }
  }

  addOption(name: string, times: number): void {
    add(this.options, name, times);
  }

  addVerdict(profile: string, verdict: string, times: number): void {
    const counts = this.verdicts.get(profile) ?? new Map<string, number>();
    this.verdicts.set(profile, counts);
    add(counts, verdict, times);
  }

  /** Counts a judgement that no cache keeps, once its packet has been counted. */
  later(judgement: Judgement): void {
    if (this.#pending) this.count(this.#pending);
    this.#pending = judgement;
  }

  /** Counts what is still pending. */
  finish(): void {
    if (this.#pending) this.count(this.#pending);
    this.#pending = null;
  }

  /** Adds a finding that is counted apart from judgements. */
  addFinding(code: string, times: number): void {
    if (times > 0) add(this.findings, code, times);
  }

  addFindings(findings: readonly Finding[]): void {
    for (const { code } of findings) add(this.findings, code, 1);
  }
}
