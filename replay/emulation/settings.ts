/** What one run of the emulation is made of. */
import type { ClientProfile } from "../../stack/config.ts";
import type { Design } from "../designs/design.ts";
import type { Policy } from "../policies/policy.ts";
import type { Connection } from "./connection.ts";
import type { End } from "./outcome.ts";
import type { Topology } from "./topology.ts";

/** A part of all clients, by address: shares sum to 1. */
export interface ClientShare {
  profile: ClientProfile;
  share: number;
}

export interface EmulationSettings {
  policy: Policy;
  design: Design;
  clients: readonly ClientShare[];
  servers: number;
  seed: number;
  topology: Topology;
  /** Packets are kept with connections that have a place for them. */
  keepEvidence?: boolean;
  /** Told when a connection opens and when it has come to its end. */
  opened?(connection: Connection): void;
  ended?(connection: Connection, end: End, how: string): void;
}
