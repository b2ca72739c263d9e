/** What `anypin replay` puts around the runs of the stack engine: captures, and explained connections. */
import { Comparison } from "../emulation/comparison.ts";
import { Explainer } from "../emulation/explain.ts";
import type { Scenario } from "../emulation/scenario/scenario.ts";
import type { Attend } from "../emulation/sliced.ts";
import type { ExplainedConnection, ReplayResult } from "../result.ts";
import { attendance } from "./attendance.ts";
import type { OptionValues, Terminal } from "./command.ts";
import { numberOption, switchOption } from "./option-values.ts";
import { captureRuns } from "./stack-captures.ts";
import { tapOptions } from "./stack-options.ts";
import type { TraceInput } from "./trace-input.ts";

export interface StackRun {
  comparison: Comparison;
  attend: Attend;
  /** Which capture is of which run, where there are several: a line each. */
  notes: readonly string[];
  /** Closes captures and puts in what was asked to be explained, once the replay is over. */
  finish(result: ReplayResult): ReplayResult;
}

/** Makes the runs of `scenario` on `input`, which `names` name. */
export function prepareStackRun(
  scenario: Scenario,
  seed: number,
  options: OptionValues,
  names: readonly string[],
  input: TraceInput,
  terminal: Terminal,
): StackRun {
  const wanted = numberOption(options, "explain", {
    integer: true,
    // A page shows one without being asked.
    fallback: options.report === undefined ? 0 : 1,
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
  });
  const explainers: Explainer[] = [];
  const comparison = new Comparison(scenario, seed, () => {
    if (wanted === 0) return {};
    const explainer = new Explainer(wanted);
    explainers.push(explainer);
    return { opened: explainer.opened, ended: explainer.ended, keepEvidence: true };
  });
  const captures = captureRuns(comparison, tapOptions(options), input.origin, names);
  const { attend, done } = attendance(terminal, switchOption(options, "quiet"), input.readAll);
  return {
    comparison,
    attend,
    notes: captures.notes,
    finish(result) {
      done();
      captures.close();
      return wanted === 0 ? result : { ...result, explained: explained(comparison, explainers) };
    },
  };
}

/** The explanation of the first run in which that many connections broke. */
function explained(
  { runs }: Comparison,
  explainers: readonly Explainer[],
): ExplainedConnection | null {
  const index = explainers.findIndex(({ explanation }) => explanation !== null);
  const story = explainers[index]?.explanation;
  if (!story) return null;
  const { design, policy, client } = runs[index];
  return { design, policy, clients: client.label, ...story };
}
