/**
 * Wires clients, routers and servers of one run together.
 *
 *     clients ── uplink/downlink ── [edge ──] routers ── segment ── servers
 *                        └────────── exit router ── second segment ───┘   (multihomed)
 */
import type { ClientProfile } from "../../stack/config.ts";
import type { Device } from "../../stack/interface.ts";
import type { Mbuf } from "../../stack/mbuf.ts";
import type { NextHopChooser } from "../../stack/route-table.ts";
import { destination } from "../../stack/wire/ipv4.ts";
import type { Design } from "../designs/design.ts";
import type { Ledger } from "../network/ledger.ts";
import { Link, type LinkOptions } from "../network/link.ts";
import { OptionFilter } from "../network/option-filter.ts";
import type { Port } from "../network/port.ts";
import { Segment } from "../network/segment.ts";
import { isNode, populationAddress, routerAddress, serverAddress } from "./addressing.ts";
import {
  chance,
  type Host,
  type HostInterface,
  makePopulation,
  makeServer,
  type World,
} from "./hosts.ts";
import { perPacket, Router } from "./routers.ts";
import type { Topology } from "./topology.ts";

/** Between routers of one site. */
const CORE: Partial<LinkOptions> = { delay: 50_000 };

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
  readonly servers: Host[] = [];
  readonly populations: Host[] = [];
  readonly routers: Router[] = [];
  readonly links = new Map<string, Link>();
  /** A server's lines, both ways, on all its segments. */
  readonly serverLinks: Link[][] = [];
  private readonly world: World;
  private readonly ledger: Ledger;
  private readonly options: NetworkOptions;
  private readonly edge: Router | null = null;
  private readonly services: number[] = [];
  /** Servers that routers send packets for shared addresses to. */
  private live: number[];

  constructor(world: World, ledger: Ledger, options: NetworkOptions) {
    const { topology, servers } = options;
    this.world = world;
    this.ledger = ledger;
    this.options = options;
    this.live = Array.from({ length: servers }, (_, i) => i);
    const uplink = this.link("uplink", topology.clientLink);
    const downlink = this.link("downlink", topology.clientLink);
    downlink.to = this.clientDoor();
    if (topology.filter) {
      uplink.filter = new OptionFilter(topology.filter, world.seed | 0, false);
      downlink.filter = new OptionFilter(topology.filter, world.seed | 0, true);
    }
    const segment = new Segment(ledger);
    const routerDoors = this.makeRouters(segment, downlink);
    if (topology.routers > 1) {
      this.edge = this.makeEdge(routerDoors, downlink);
      uplink.to = this.edge.door("clients");
    } else {
      uplink.to = this.routers[0].door("up");
    }
    this.makeClients(uplink);
    const exit = topology.multihomed ? this.makeExit(downlink) : null;
    for (let i = 0; i < servers; i++) this.makeServer(i, segment, exit);
  }

  /** Servers share `address` from here on, and routers know of it. */
  addService(address: number): void {
    this.services.push(address);
    for (const { stack } of this.servers) {
      stack.addAddress(stack.interfaces[1], address, 32, true);
    }
    this.routeService(address);
    this.edge?.route(address, this.routerGateways(), this.edgeChooser());
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

  private link(name: string, options: Partial<LinkOptions>): Link {
    const { clock, seed } = this.world;
    const link = new Link(name, clock, chance(seed, `link/${name}`), this.ledger, options);
    this.links.set(name, link);
    return link;
  }

  private makeRouters(segment: Segment, downlink: Link): Port[] {
    const { topology } = this.options;
    const { mtu = 1500 } = topology.serverLink;
    return Array.from({ length: topology.routers }, (_, i) => {
      const alone = topology.routers === 1;
      const up = alone ? downlink : this.link(`router-${i + 1}-up`, CORE);
      const router = new Router(
        this.world,
        `router ${i + 1}`,
        { name: "up", device: up, address: routerAddress(i, 1), mtu: downlink.options.mtu },
        { name: "lan", device: segment, address: routerAddress(i), mtu },
      );
      router.reachServers();
      this.routers.push(router);
      segment.attach(routerAddress(i), doorDevice(router.door("lan")));
      return router.door("up");
    });
  }

  /** The router that the clients see where several dispatch behind it. */
  private makeEdge(doors: readonly Port[], downlink: Link): Router {
    const core = new Segment(this.ledger);
    const { mtu } = downlink.options;
    const edge = new Router(
      this.world,
      "edge",
      { name: "clients", device: downlink, address: routerAddress(0, 2), mtu },
      { name: "core", device: core, address: routerAddress(1, 2), mtu: 1500 },
    );
    doors.forEach((door, i) => {
      const link = this.link(`router-${i + 1}-down`, CORE);
      link.to = door;
      core.attach(routerAddress(i, 1), link);
      const up = this.links.get(`router-${i + 1}-up`);
      if (up) up.to = edge.door("core");
    });
    edge.reachServersBy(this.routerGateways());
    return edge;
  }

  private routerGateways(): number[] {
    return Array.from({ length: this.options.topology.routers }, (_, i) => routerAddress(i, 1));
  }

  private edgeChooser(): NextHopChooser | null {
    return this.options.topology.spread === "packet" ? perPacket() : null;
  }

  private makeClients(uplink: Link): void {
    const { design, profiles, isClient } = this.options;
    profiles.forEach((profile, i) => {
      const { mtu } = uplink.options;
      const face = { name: "net", device: uplink, address: populationAddress(i), mtu };
      const gateway = routerAddress(0, 2);
      this.populations.push(makePopulation(this.world, design, profile, face, gateway, isClient));
    });
  }

  private clientDoor(): Port {
    const { observer, clock } = this.world;
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

  /** The router that multihomed servers send by: packets to servers' second addresses end there. */
  private makeExit(downlink: Link): Segment {
    const exit = new Segment(this.ledger);
    const router = new Router(
      this.world,
      "exit",
      { name: "up", device: downlink, address: routerAddress(0, 4), mtu: downlink.options.mtu },
      { name: "lan", device: exit, address: routerAddress(0, 3), mtu: 1500 },
    );
    exit.attach(routerAddress(0, 3), doorDevice(router.door("lan")));
    return exit;
  }

  private makeServer(index: number, segment: Segment, exit: Segment | null): void {
    const { topology, design } = this.options;
    const links: Link[] = [];
    const face = (name: string, lan: Segment, which: number): HostInterface => {
      const out = this.fromServer(`from-server-${index + 1}${which ? "-exit" : ""}`, lan, links);
      const address = serverAddress(index, which);
      return { name, device: out, address, mtu: topology.serverLink.mtu ?? 1500 };
    };
    const faces = [face("if0", segment, 0)];
    if (exit) faces.push(face("if1", exit, 1));
    const gateway = exit ? routerAddress(0, 3) : routerAddress(index % topology.routers);
    const host = makeServer(this.world, design, index, faces, gateway);
    this.servers.push(host);
    for (const service of this.services)
      host.stack.addAddress(host.stack.interfaces[1], service, 32, true);
    faces.forEach(({ address }, which) => {
      const link = this.link(`server-${index + 1}${which ? "-exit" : ""}`, topology.serverLink);
      link.to = this.serverDoor(index, host.doors[which]);
      links.push(link);
      (which && exit ? exit : segment).attach(address, link);
    });
    this.serverLinks.push(links);
  }

  /** A server's own line to the segment: its delay, then whoever the packet is for. */
  private fromServer(name: string, lan: Segment, links: Link[]): Device {
    const link = this.link(name, this.options.topology.serverLink);
    links.push(link);
    // The segment chooses by the next hop that the packet still carries.
    link.to = { receive: (m: Mbuf) => lan.transmit(m) };
    return link;
  }

  private serverDoor(server: number, door: Port): Port {
    const { observer, clock } = this.world;
    return {
      receive: (m: Mbuf) => {
        observer.atServer(server, m, clock.now());
        door.receive(m);
      },
    };
  }
}

/** A line without length: a server's own line has been passed already. */
const doorDevice = (door: Port): Device => ({ transmit: (m) => door.receive(m) });
