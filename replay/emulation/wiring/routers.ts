/** Routers of the virtual network: stacks that forward, and have several next hops for services. */

import type { Device, Interface } from "../../../stack/interface.ts";
import type { Mbuf } from "../../../stack/mbuf.ts";
import type { NextHop, NextHopChooser } from "../../../stack/route-table.ts";
import { Stack } from "../../../stack/stack.ts";
import { headerLength } from "../../../stack/wire/ipv4.ts";
import type { Port } from "../../network/port.ts";
import { serverAddress } from "../addressing.ts";
import { chance, type World } from "./hosts.ts";

/** 198.18/15, the network's own nodes, and the half of its lower half where requests reach servers. */
const NODES = serverAddress(-1);
const NODE_BITS = 15;
const SERVER_BITS = 17;

export interface RouterInterface {
  name: string;
  device: Device;
  address: number;
  mtu: number;
}

/** Addresses that nothing leads to: the routers say so. */
const REFUSE: NextHopChooser = { choose: () => -1 };

/** Every packet by the next one in turn. */
export const perPacket = (): NextHopChooser => {
  let next = 0;
  return { choose: (_stack, hops) => next++ % hops.length };
};

export class Router {
  readonly stack: Stack;
  /** Packets with options that came to it. */
  slowPath = 0;
  private readonly towardsServers: Interface;

  /** `up` leads to the clients, `down` to servers or other routers. */
  constructor(world: World, name: string, up: RouterInterface, down: RouterInterface) {
    this.stack = new Stack({
      name,
      clock: world.clock,
      random: chance(world.seed, `router/${name}`),
      pool: world.pool,
      forwarding: true,
      sendRedirects: false,
      interfaces: [up, down].map(({ address, ...rest }) => ({
        ...rest,
        addresses: [{ address, prefixLength: 32 }],
      })),
      routes: [{ prefix: 0, prefixLength: 0, interface: up.name }],
    });
    this.towardsServers = this.stack.interfaceNamed(down.name);
    const nowhere: NextHop = { interface: this.stack.interfaceNamed(up.name), gateway: null };
    const { routes } = this.stack;
    routes.add(NODES, NODE_BITS, nowhere);
    routes.add(NODES, NODE_BITS, nowhere).chooser = REFUSE;
  }

  /** Servers are neighbours: packets to their own addresses go straight to them. */
  reachServers(): void {
    const onLink = { interface: this.towardsServers, gateway: null };
    this.stack.routes.add(NODES, SERVER_BITS, onLink);
  }

  /** Servers lie behind the routers of these addresses. */
  reachServersBy(gateways: readonly number[]): void {
    for (const gateway of gateways) {
      const hop = { interface: this.towardsServers, gateway };
      this.stack.routes.add(NODES, SERVER_BITS, hop);
    }
  }

  /** Packets to `service` go to one of `gateways`, whichever `chooser` picks (null: a flow hash). */
  route(service: number, gateways: readonly number[], chooser: NextHopChooser | null): void {
    const { routes } = this.stack;
    routes.remove(service, 32);
    for (const gateway of gateways) {
      routes.add(service, 32, { interface: this.towardsServers, gateway }).chooser = chooser;
    }
    // Without next hops the service is nowhere, instead of where the default route leads.
    if (gateways.length > 0) return;
    const nowhere = { interface: this.towardsServers, gateway: null };
    routes.add(service, 32, nowhere);
    routes.add(service, 32, nowhere).chooser = REFUSE;
  }

  /** Where packets from `interface_` come in. */
  door(interface_: string): Port {
    const rcvif = this.stack.interfaceNamed(interface_);
    return {
      receive: (m: Mbuf) => {
        if (headerLength(m.view, m.off) > 20) this.slowPath++;
        this.stack.input(m, rcvif);
      },
    };
  }
}
