/** A scenario's runs side by side: design × policy × client mix, all over the same connections. */
import { ConnectionColumns, copyRows } from "../../traces/connection.ts";
import { findDesign } from "../designs/index.ts";
import { findPolicy } from "../policies/index.ts";
import { Emulation, type EmulationResult } from "./engine.ts";
import { Events } from "./events.ts";
import type { Pace, RecordedRows } from "./recorded-rows.ts";
import type { ClientMix, Scenario } from "./scenario/scenario.ts";
import type { EmulationSettings } from "./settings.ts";

/** One run of a comparison. */
export interface ComparisonRun {
  design: string;
  policy: string;
  client: ClientMix;
  emulation: Emulation;
}

/** A run, and what it came to. */
export interface ComparisonRow {
  design: string;
  policy: string;
  client: string;
  result: EmulationResult;
}

/** What else a run is to be made with, by its place among the runs. */
export type RunExtras = (
  index: number,
) => Pick<EmulationSettings, "opened" | "ended" | "keepEvidence">;

const copyPace = (pace: Pace, first: number, end: number): Pace => ({
  firstRequest: pace.firstRequest.slice(first, end),
  firstResponse: pace.firstResponse.slice(first, end),
  lastResponse: pace.lastResponse.slice(first, end),
});

export class Comparison {
  readonly runs: readonly ComparisonRun[];
  private readonly scenario: Scenario;
  /** Rows kept until the trace's length is known, where an event's time is a share of it. */
  private kept: RecordedRows[] | null;
  private planned = false;
  private start = Number.NaN;
  private end = Number.NEGATIVE_INFINITY;

  /** @throws {RangeError} when the scenario names a design or policy that there is not */
  constructor(scenario: Scenario, seed: number, extras: RunExtras = () => ({})) {
    this.scenario = scenario;
    this.kept = scenario.events.some(({ at }) => "share" in at) ? [] : null;
    const { servers, topology } = scenario;
    const runs: ComparisonRun[] = [];
    for (const policyName of scenario.policies) {
      const policy = findPolicy(policyName);
      if (!policy) throw new RangeError(`no policy is called "${policyName}"`);
      for (const designName of scenario.designs) {
        const design = findDesign(designName);
        if (!design) throw new RangeError(`no design is called "${designName}"`);
        for (const client of scenario.clients) {
          const clients = client.shares;
          const settings = { policy, design, clients, servers, seed, topology };
          const emulation = new Emulation({ ...settings, ...extras(runs.length) });
          runs.push({ design: designName, policy: policy.name, client, emulation });
        }
      }
    }
    this.runs = runs;
  }

  /** Takes the next connections. */
  take(recorded: RecordedRows): void {
    const { rows, pace, first, end } = recorded;
    if (first === end) return;
    if (this.kept === null) {
      if (!this.planned) this.plan(rows.start[first], 0);
      for (const { emulation } of this.runs) emulation.take(recorded);
      return;
    }
    if (Number.isNaN(this.start)) this.start = rows.start[first];
    for (let row = first; row < end; row++) {
      this.end = Math.max(this.end, rows.start[row] + rows.duration[row]);
    }
    const copy = new ConnectionColumns(end - first);
    copyRows(rows, first, copy, 0, end - first);
    copy.count = end - first;
    const copied = pace && copyPace(pace, first, end);
    this.kept.push({ rows: copy, pace: copied, first: 0, end: end - first });
  }

  /** Whether connections are only kept until the trace's length is known. */
  get keeps(): boolean {
    return this.kept !== null;
  }

  /**
   * Lets the runs take what was kept, `slice` connections at a time, after each of which it yields how
   * many they have taken, of how many. Who leaves early leaves the others untaken.
   */
  *rest(slice: number): Generator<[done: number, of: number]> {
    const kept = this.kept ?? [];
    this.kept = null;
    if (kept.length === 0) return;
    this.plan(this.start, this.end - this.start);
    const of = kept.reduce((sum, { end }) => sum + end, 0);
    let done = 0;
    for (const recorded of kept) {
      for (let first = 0; first < recorded.end; first += slice) {
        const end = Math.min(first + slice, recorded.end);
        for (const { emulation } of this.runs) emulation.take({ ...recorded, first, end });
        done += end - first;
        yield [done, of];
      }
    }
  }

  /** Runs to the end. */
  finish(): ComparisonRow[] {
    for (const _ of this.rest(Number.POSITIVE_INFINITY));
    return this.runs.map(({ design, policy, client, emulation }) => ({
      design,
      policy,
      client: client.label,
      result: emulation.finish(),
    }));
  }

  private plan(start: number, length: number): void {
    this.planned = true;
    for (const { emulation } of this.runs) {
      const events = new Events(emulation, this.scenario.servers);
      for (const event of this.scenario.events) {
        const after = "ns" in event.at ? event.at.ns : event.at.share * length;
        events.plan(event, start + Math.round(after));
      }
    }
  }
}
