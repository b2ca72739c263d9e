/** What is asked of a trace: plain data, so that it can be printed, stored and run again. */
import type { ByteChoice } from "../traces/activity.ts";
import type { Scenario } from "./emulation/scenario/scenario.ts";

/** Where servers insert the pin: nowhere, in what they send, in what they receive. */
export const PINS = ["none", "transmit", "receive"] as const;
export type Pin = (typeof PINS)[number];

/** The design that a pin stands for. */
export const PIN_DESIGNS: Readonly<Record<Pin, string>> = {
  none: "plain",
  transmit: "pinned-transmit",
  receive: "pinned-receive",
};

/** Every design's name, in the order of `DESIGNS`: for who lists them and need not load them. */
export const DESIGN_NAMES = [
  "plain",
  "pinned-transmit",
  "pinned-receive",
  "pinned-two-pass",
  "rfc1546",
  "source-identification",
  "connection-router",
] as const;
export type DesignName = (typeof DESIGN_NAMES)[number];

/** How the kernels of clients treat a source route: what a client mix is mixed of. */
export const CLIENT_PROFILES = ["engel", "stock", "filtering", "bsd44", "freebsd"] as const;

/** The scenarios that come with the program: files in `scenarios/`. */
export const SCENARIO_NAMES = [
  "figure1",
  "figure2-multihomed",
  "mixed-clients",
  "options-filtered",
  "route-change",
  "router-restart",
  "server-failure",
  "two-routers-ecmp",
] as const;

export interface Experiment {
  readonly engine: "flow" | "stack";
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
  readonly pin: Pin;
  /** The client mix, as reports call it. */
  readonly client: string;
  /** What the stack engine runs, its servers and policies those above; null for the flow engine. */
  readonly scenario: Scenario | null;
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
  scenario: null,
};
