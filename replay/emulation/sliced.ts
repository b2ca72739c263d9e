/** The stack engine's work in slices, between which somebody may look in and end it. */
import type { Activity } from "../../traces/activity.ts";
import type { Comparison, ComparisonRow } from "./comparison.ts";
import { CaptureRows, type RecordedRows } from "./recorded-rows.ts";

/**
 * Called between slices: `done` connections of the `of` that are known so far have been taken by every
 * run. No more are when it answers false.
 */
export type Attend = (done: number, of: number) => Promise<boolean>;

/** Connections of a slice: some tens of milliseconds for a run. */
export const SLICE = 512;

export class SlicedComparison {
  /** Whether it was ended before all was done. */
  stopped = false;
  private readonly comparison: Comparison;
  private readonly attend: Attend;
  private readonly whole = new CaptureRows();
  private done = 0;
  private sinceLook = 0;

  constructor(comparison: Comparison, attend: Attend) {
    this.comparison = comparison;
    this.attend = attend;
  }

  /** Takes the connections of a capture that have become whole; `known` as for `take`. */
  async follow(activity: Activity, known: number): Promise<void> {
    this.whole.take(activity);
    for (const recorded of this.whole.ready()) await this.take(recorded, known);
  }

  /** Takes the next connections; `known` have been read of so far. */
  async take(recorded: RecordedRows, known: number): Promise<void> {
    for (let first = recorded.first; first < recorded.end && !this.stopped; first += SLICE) {
      const end = Math.min(first + SLICE, recorded.end);
      this.comparison.take({ ...recorded, first, end });
      // What is only kept for later is no work, and is seen to in `finish`.
      if (this.comparison.keeps) continue;
      this.done += end - first;
      this.sinceLook += end - first;
      if (this.sinceLook < SLICE) continue;
      this.sinceLook = 0;
      this.stopped = !(await this.attend(this.done, known));
    }
  }

  /** Runs to the end of what was taken. */
  async finish(): Promise<ComparisonRow[]> {
    for (const [done, of] of this.comparison.rest(SLICE)) {
      this.stopped = !(await this.attend(done, of));
      if (this.stopped) break;
    }
    return this.comparison.finish();
  }
}
