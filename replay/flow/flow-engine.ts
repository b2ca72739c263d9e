/** The flow engine: one pass over a trace, every policy over the same events. */
import type { FlowKeys, Policy } from "../policies/policy.ts";
import type { EventBlock } from "./event-block.ts";
import { type PolicyOutcome, PolicyRun } from "./policy-run.ts";
import type { Span, TimelineSink } from "./timeline.ts";

export class FlowEngine implements TimelineSink {
  readonly #runs: readonly PolicyRun[];

  constructor(policies: readonly Policy[], servers: number, windowNs: number, seed: number) {
    this.#runs = policies.map((policy) => new PolicyRun(policy, servers, windowNs, seed));
  }

  announce(keys: FlowKeys, count: number, slots?: Int32Array): void {
    for (const run of this.#runs) run.announce(keys, count, slots);
  }

  replay(block: EventBlock, slots: number): void {
    for (const run of this.#runs) run.replay(block, slots);
  }

  /** What each policy came to, in the order given, once the timeline has finished. */
  outcomes(span: Span): { policy: Policy; outcome: PolicyOutcome }[] {
    return this.#runs.map((run) => ({ policy: run.policy, outcome: run.outcome(span.startNs) }));
  }
}
