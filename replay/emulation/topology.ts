/** The shape of a virtual network, as plain data. */
import type { LinkOptions } from "../network/link.ts";
import type { FilterOptions } from "../network/option-filter.ts";

export interface Topology {
  /** Routers between clients and servers that dispatch packets to shared addresses. */
  routers: number;
  /** The routers' policies share their key: two of them send a flow to the same server. */
  agree: boolean;
  /** How packets are spread over several routers: each flow by one, or each packet by the next. */
  spread: "flow" | "packet";
  /**
   * Servers have a second interface, by which all they send leaves through a router of its own; its
   * address cannot be reached from the clients' side (Figure 2 of the paper).
   */
  multihomed: boolean;
  /** Both directions between clients and the first router; each server's own line. */
  clientLink: Partial<LinkOptions>;
  serverLink: Partial<LinkOptions>;
  /**
   * Routers look at options, which takes their slow path, or ignore them and forward the packet like
   * any other (Cisco's `ip options ignore`): one that is no hop of a source route need not act on it.
   */
  routerOptions: "process" | "ignore";
  /** What happens to packets with options between clients and the first router, either way. */
  filter: FilterOptions | null;
}

/** N servers behind one router, a millisecond from the clients. */
export const DEFAULT_TOPOLOGY: Topology = {
  routers: 1,
  agree: true,
  spread: "flow",
  multihomed: false,
  routerOptions: "process",
  clientLink: { delay: 1_000_000 },
  serverLink: { delay: 100_000 },
  filter: null,
};
