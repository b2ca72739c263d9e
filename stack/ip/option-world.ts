/**
 * What the option tables of `ipopts/profiles` are told of a stack. Nothing is made for a packet:
 * routes are shown in objects that are kept as long as the routing table stays as it is.
 */
import type { Route, World } from "../../ipopts/profiles/world.ts";
import { MILLISECOND } from "../clock.ts";
import type { Interface } from "../interface.ts";
import type { Route as TableRoute } from "../route-table.ts";
import type { Stack } from "../stack.ts";
import { isLoopback, maskOf } from "./addresses.ts";
import { isAdjacent } from "./routes.ts";

const DAY_MS = 86_400_000;

export class OptionWorld implements World {
  /** Set for each packet. */
  rcvif: Interface | null = null;
  private readonly stack: Stack;
  private readonly shown = new Map<TableRoute, Route>();
  private shownGeneration = -1;

  constructor(stack: Stack) {
    this.stack = stack;
  }

  get arrival(): string {
    return this.rcvif?.name ?? "lo0";
  }

  /** What loops through this host itself goes on even where it does not forward for others. */
  get forwarding(): boolean {
    return this.stack.config.forwarding || this.rcvif?.loopback === true;
  }

  get acceptSourceRoute(): boolean {
    return this.stack.config.acceptSourceRoute;
  }

  get forwardSourceRoute(): boolean {
    return this.stack.config.forwardSourceRoute;
  }

  get processOptions(): number {
    return this.stack.config.processOptions;
  }

  get time(): number {
    const { clock, config } = this.stack;
    return Math.floor((clock.now() + config.utcOffset) / MILLISECOND) % DAY_MS;
  }

  begin(): void {}

  /** Loopback addresses are own only to what came over loopback. */
  isOwn(address: number): boolean {
    return this.stack.addresses.isOwn(address) && this.mayBeSeen(address);
  }

  isOwnUnicast(address: number): boolean {
    return this.stack.addresses.isOwnUnicast(address) && this.mayBeSeen(address);
  }

  deviceOf(address: number): string {
    return this.stack.addresses.find(address)?.interface.name ?? "";
  }

  isBroadcast(address: number): boolean {
    return this.stack.addresses.isBroadcast(address);
  }

  lookup(address: number): Route | null {
    const { routes } = this.stack;
    if (this.shownGeneration !== routes.generation) {
      this.shown.clear();
      this.shownGeneration = routes.generation;
    }
    const route = routes.lookup(address);
    if (!route) return null;
    let shown = this.shown.get(route);
    if (!shown) {
      shown = this.show(route);
      this.shown.set(route, shown);
    }
    return shown;
  }

  addressOn(dev: string, peer: number): number {
    const { interfaces, addresses, config } = this.stack;
    const found = interfaces.find((each) => each.name === dev);
    if (!found) return 0;
    for (const { address, prefixLength } of found.loopback ? [] : found.networks) {
      if ((((address as number) ^ peer) & maskOf(prefixLength)) === 0) return address as number;
    }
    return addresses.pick(found, config.pinAddress);
  }

  adjacent(address: number): number {
    const { routes } = this.stack;
    if (!isAdjacent(routes, address)) return 0;
    const out = routes.lookup(address)?.hops[0].interface;
    return out ? this.addressOn(out.name, address) : 0;
  }

  private mayBeSeen(address: number): boolean {
    return !isLoopback(address) || this.rcvif?.loopback === true;
  }

  private show(route: TableRoute): Route {
    const hop = route.hops.find((each) => each.interface.up) ?? route.hops[0];
    const gateway = typeof hop.gateway === "number" ? hop.gateway : 0;
    const network = route.prefix as number;
    const source = this.addressOn(hop.interface.name, gateway || network);
    return { network, bits: route.prefixLength, dev: hop.interface.name, gateway, source };
  }
}
