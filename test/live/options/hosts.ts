/** Hosts that the comparison is run on: the recorded one, and three that differ where it is plain. */
import { LINUX_HOST } from "../../support/worlds.ts";

export interface LiveHost {
  readonly interfaces: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly routes: readonly { readonly to: string; readonly via: string; readonly dev: string }[];
  readonly arrival: string;
  readonly forwarding: boolean;
  readonly acceptSourceRoute: boolean;
  /** Networks of 256 addresses whose hosts all answer: `10.9.0`. */
  readonly neighbours: readonly { readonly net: string; readonly dev: string }[];
}

const recorded: LiveHost = {
  ...LINUX_HOST,
  neighbours: [
    { net: "10.9.0", dev: "vB" },
    { net: "10.10.0", dev: "vD" },
  ],
};

/** Several addresses an interface, networks inside networks, a default route. */
const crowded: LiveHost = {
  ...recorded,
  interfaces: [
    { name: "vB", addresses: ["10.9.0.2/24", "10.9.0.3/24", "10.9.0.130/25"] },
    { name: "vD", addresses: ["10.10.0.2/24", "10.11.0.2/25", "10.10.0.77/32", "192.0.2.2/31"] },
    { name: "lo", addresses: ["10.77.0.3/32"] },
  ],
  routes: [
    { to: "10.20.0.0/16", via: "10.11.0.1", dev: "vD" },
    { to: "10.20.255.0/24", via: "10.9.0.1", dev: "vB" },
    { to: "default", via: "10.10.0.1", dev: "vD" },
  ],
  neighbours: [
    ...recorded.neighbours,
    { net: "10.11.0", dev: "vD" },
    { net: "192.0.2", dev: "vD" },
  ],
};

export const HOSTS: Readonly<Record<string, LiveHost>> = {
  recorded,
  crowded,
  "not forwarding": { ...recorded, forwarding: false },
  "refusing routes": { ...recorded, acceptSourceRoute: false },
};

/** The part of a host that a world is made from. */
export function worldOf({ neighbours: _, ...world }: LiveHost): Omit<LiveHost, "neighbours"> {
  return world;
}
