/** An experiment of the stack engine as plain data: what a scenario file says, and what options change. */
import type { ClientShare } from "../settings.ts";
import { DEFAULT_TOPOLOGY, type Topology } from "../topology.ts";

/** A time in nanoseconds after the first connection's start, or a share of the trace's length. */
export type EventTime = { ns: number } | { share: number };

/**
 * - `route-change`: packets to shared addresses come by another router from here on, whose policy
 *   has a key of its own.
 * - `fail`: a server dies, silently or resetting all it has; routers notice after `detectNs`.
 * - `restart`: it is back, knowing nothing; routers send it packets again at once.
 * - `drain`: routers send it no more packets for shared addresses; its own address stays reachable.
 * - `restart-router`: a router forgets what it remembers of flows.
 */
export type ScenarioEvent =
  | { at: EventTime; do: "route-change" }
  | { at: EventTime; do: "fail"; server: number; how: "silent" | "reset"; detectNs: number }
  | { at: EventTime; do: "restart"; server: number }
  | { at: EventTime; do: "drain"; server: number }
  | { at: EventTime; do: "restart-router"; router: number };

/** A mix of client profiles, by the name that reports give it. */
export interface ClientMix {
  label: string;
  shares: readonly ClientShare[];
}

export interface Scenario {
  name: string;
  about: string;
  servers: number;
  /** Names of designs and policies. */
  designs: readonly string[];
  policies: readonly string[];
  clients: readonly ClientMix[];
  topology: Topology;
  events: readonly ScenarioEvent[];
}

/** N servers behind one router, everybody as in the paper. */
export const DEFAULT_SCENARIO: Scenario = {
  name: "default",
  about: "servers behind one router",
  servers: 5,
  designs: ["plain"],
  policies: [],
  clients: [{ label: "engel", shares: [{ profile: "engel", share: 1 }] }],
  topology: DEFAULT_TOPOLOGY,
  events: [],
};
