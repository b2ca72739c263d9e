/** What is asked of a trace: plain data, so that it can be printed, stored and run again. */
import type { ByteChoice } from "./flow/timeline.ts";

export interface Experiment {
  readonly engine: "flow";
  /** Names of policies, as `POLICIES` has them. */
  readonly policies: readonly string[];
  /** Number of servers that share the anycast address, 1 to 65,535. */
  readonly servers: number;
  /** Length of a sampling window. */
  readonly windowSeconds: number;
  readonly seed: number;
  /** Which bytes count in a window. */
  readonly bytes: ByteChoice;
  /** The flow engine sends every connection to one server: nothing to pin, clients play no part. */
  readonly pin: "none";
  readonly client: "engel";
}

/** The paper's: five servers, windows of half a second. */
export const DEFAULT_EXPERIMENT: Omit<Experiment, "policies"> = {
  engine: "flow",
  servers: 5,
  windowSeconds: 0.5,
  seed: 1,
  bytes: { layer: "payload", direction: "both" },
  pin: "none",
  client: "engel",
};
