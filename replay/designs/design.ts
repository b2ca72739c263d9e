/**
 * What a way to do anycast is made of: the contract between designs and the emulation. A design says
 * how servers' stacks are switched, what stands between a router's policy and its next hops, and
 * what it changes in the hosts at both ends. The policy is a parameter of every design.
 */
import type { StackSwitches } from "../../stack/config.ts";
import type { Device } from "../../stack/interface.ts";
import type { Stack } from "../../stack/stack.ts";
import type { Tcp } from "../../stack/tcp/tcp.ts";
import type { DesignName } from "../experiment.ts";
import type { PacketFields } from "../network/packet-fields.ts";
import type { Port } from "../network/port.ts";

/** What a router remembers of flows, where a design makes it remember. */
export interface FlowBinding {
  /** The server that the packet's flow is bound to, −1 for none. */
  find(fields: PacketFields, now: number): number;
  /** Binds the packet's flow. */
  bind(fields: PacketFields, server: number, now: number): void;
  /** The router starts anew, and knows nothing. */
  restart(): void;
  /** Another router takes its place, and has seen nothing yet. */
  replaced(): void;
  /** Figures of the table, for the report. */
  figures(): Readonly<Record<string, number>>;
}

/** A host that a design may change: its stack, and what lies between it and its link. */
export interface DesignHost {
  stack: Stack;
  tcp: Tcp;
  /** The host's unicast address. */
  unicast: number;
  /** The addresses that servers share; more may come. */
  services: ReadonlySet<number>;
  /** Takes what arrives. */
  door: Port;
  /** Takes what the stack sends. */
  device: Device;
}

export interface Design {
  readonly name: DesignName;
  /** One line for help and reports. */
  readonly summary: string;
  /** Switches of the servers' stacks that differ from a plain host's. */
  readonly server: Readonly<Partial<StackSwitches>>;
  /** A connection's packets carry a server's own address instead of the shared one, once it is open. */
  readonly rebinds?: boolean;
  /** The memory of one router; absent where routers have none. */
  makeBinding?(): FlowBinding;
  /** Puts the design's own pieces in place of `door` and `device`. */
  changeServer?(host: DesignHost): void;
  changeClient?(host: DesignHost): void;
}
