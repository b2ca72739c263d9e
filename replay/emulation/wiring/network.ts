/**
 * Wires clients, routers and servers of one run together.
 *
 *     clients ── uplink/downlink ── [edge ──] routers ── segment ── servers
 *                        └────────── exit router ── second segment ───┘   (multihomed)
 */
import type { ClientProfile } from "../../../stack/config.ts";
import type { Mbuf } from "../../../stack/mbuf.ts";
import type { NextHopChooser } from "../../../stack/route-table.ts";
import { destination } from "../../../stack/wire/ipv4.ts";
import type { Design } from "../../designs/design.ts";
import type { Ledger } from "../../network/ledger.ts";
import type { Link } from "../../network/link.ts";
import { OptionFilter } from "../../network/option-filter.ts";
import type { Port } from "../../network/port.ts";
import { isNode, populationAddress, routerAddress, serverAddress } from "../addressing.ts";
import type { Topology } from "../topology.ts";
import { type Host, makePopulation, type World } from "./hosts.ts";
import { Links } from "./links.ts";
import { dispatcherGateways, makeDispatchers, makeEdge, makeExit } from "./router-lines.ts";
import { perPacket, type Router } from "./routers.ts";
import { wireServer } from "./server-lines.ts";

export interface NetworkOptions {
  topology: Topology;
  design: Design;
  servers: number;
  profiles: readonly ClientProfile[];
  /** Which of `profiles` the client of an address has. */
  populationOf(address: number): number;
  /** Whether clients may have an address. */
  isClient(address: number): boolean;
  /** Of each dispatching router. */
  choosers: readonly NextHopChooser[];
}

export class Network {
  readonly servers: readonly Host[];
  readonly populations: readonly Host[];
  readonly links: Links;
  /** A server's lines, both ways, on all its segments. */
  readonly serverLinks: readonly (readonly Link[])[];
  private readonly options: NetworkOptions;
  /** Those that dispatch, and the one in front of them where they are several. */
  private readonly routers: readonly Router[];
  private readonly edge: Router | null;
  private readonly services: number[] = [];
  /** Servers that routers send packets for shared addresses to. */
  private live: readonly number[];

  constructor(world: World, ledger: Ledger, options: NetworkOptions) {
    const { topology, design, profiles, isClient } = options;
    const links = new Links(world, ledger);
    this.links = links;
    this.options = options;
    const uplink = links.make("uplink", topology.clientLink);
    const downlink = links.make("downlink", topology.clientLink);
    downlink.to = this.clientDoor(world);
    if (topology.filter) {
      uplink.filter = new OptionFilter(topology.filter, world.seed | 0, false);
      downlink.filter = new OptionFilter(topology.filter, world.seed | 0, true);
    }
    const segment = links.segment();
    this.routers = makeDispatchers(links, topology, segment, downlink);
    const several = topology.routers > 1;
    this.edge = several ? makeEdge(links, topology, this.routers, downlink) : null;
    uplink.to = this.edge ? this.edge.door("clients") : this.routers[0].door("up");
    this.populations = profiles.map((profile, i) => {
      const { mtu } = uplink.options;
      const face = { name: "net", device: uplink, address: populationAddress(i), mtu };
      return makePopulation(world, design, profile, face, routerAddress(0, 2), isClient);
    });
    const exit = topology.multihomed ? makeExit(links, downlink) : null;
    const servers = Array.from({ length: options.servers }, (_, i) =>
      wireServer(links, topology, design, i, segment, exit),
    );
    this.servers = servers.map(({ host }) => host);
    this.serverLinks = servers.map((server) => server.links);
    this.live = servers.map((_, i) => i);
  }

  /** Servers share `address` from here on, and routers know of it. */
  addService(address: number): void {
    this.services.push(address);
    for (const { stack } of this.servers) {
      stack.addAddress(stack.interfaces[1], address, 32, true);
    }
    this.routeService(address);
    const { topology } = this.options;
    const chooser = topology.spread === "packet" ? perPacket() : null;
    this.edge?.route(address, dispatcherGateways(topology), chooser);
  }

  /** Who gets packets for shared addresses from here on. */
  setLive(live: readonly number[]): void {
    this.live = [...live];
    for (const service of this.services) this.routeService(service);
  }

  /** Cuts a server off from the network, or connects it again. */
  setServerUp(server: number, up: boolean): void {
    for (const link of this.serverLinks[server]) link.up = up;
  }

  /** Packets with options that routers had to look at. */
  get slowPath(): number {
    if (this.options.topology.routerOptions === "ignore") return 0;
    const all = this.edge ? [this.edge, ...this.routers] : this.routers;
    return all.reduce((sum, router) => sum + router.slowPath, 0);
  }

  private routeService(service: number): void {
    const gateways = this.live.map((server) => serverAddress(server));
    this.options.choosers.forEach((chooser, i) => {
      this.routers[i].route(service, gateways, chooser);
    });
  }

  /** Where packets for clients come in: of which population the client is, its address tells. */
  private clientDoor({ observer, clock }: World): Port {
    return {
      receive: (m: Mbuf) => {
        observer.atClient(m, clock.now());
        const to = destination(m.view, m.off);
        const population = isNode(to)
          ? (to - populationAddress(0)) % this.populations.length
          : this.options.populationOf(to);
        this.populations[population].doors[0].receive(m);
      },
    };
  }
}
