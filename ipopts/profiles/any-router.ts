/**
 * The judge when nobody described a host: a router that owns whatever address the packet is sent
 * to, forwards, accepts source routes and has a route to everything, all of it on one link.
 */
import { isLoopback, isMulticast, isZeroNet, LIMITED_BROADCAST } from "../address.ts";
import type { Route, World } from "./world.ts";

/** Name of its only interface. */
const DEV = "any";

export class AnyRouter implements World {
  readonly arrival: string = DEV;
  readonly forwarding = true;
  readonly acceptSourceRoute = true;
  readonly forwardSourceRoute = true;
  readonly processOptions = 1;
  readonly time = 0;

  readonly #route = { network: 0, bits: 0, dev: DEV, gateway: 0, source: 0 };
  #own = 0;

  begin(destination: number): void {
    const toMany = isMulticast(destination) || destination === LIMITED_BROADCAST;
    this.#own = toMany || isLoopback(destination) ? 0 : destination;
    this.#route.source = this.#own;
  }

  isOwn(address: number): boolean {
    return address === this.#own && address !== 0;
  }

  isOwnUnicast(address: number): boolean {
    return this.isOwn(address);
  }

  deviceOf(address: number): string {
    return this.isOwn(address) ? DEV : "";
  }

  isBroadcast(): boolean {
    return false;
  }

  lookup(address: number): Route | null {
    return isMulticast(address) || address === LIMITED_BROADCAST || isZeroNet(address)
      ? null
      : this.#route;
  }

  addressOn(): number {
    return this.#own;
  }

  adjacent(address: number): number {
    return this.lookup(address) === null ? 0 : this.#own;
  }
}
