/** A described host as a `World`. */
import { isLoopback } from "../address.ts";
import type { HostSettings, Route, World } from "./world.ts";

/** An address on an interface with the length of its network. */
export interface OwnAddress {
  readonly dev: string;
  readonly address: number;
  /** Prefix length, 0 to 32. */
  readonly bits: number;
  /** Other hosts have it too (anycast). */
  readonly shared: boolean;
}

/** What describes a host; every name of an interface is one of `interfaces`. */
export interface HostSpec extends HostSettings {
  readonly interfaces: readonly string[];
  readonly addresses: readonly OwnAddress[];
  readonly routes: readonly { network: number; bits: number; dev: string; gateway: number }[];
}

/** The leading `bits` bits of an address. */
export const networkOf = (address: number, bits: number): number =>
  bits === 0 ? 0 : (address & (-1 << (32 - bits))) >>> 0;

export class HostWorld implements World {
  readonly arrival: string;
  readonly forwarding: boolean;
  readonly acceptSourceRoute: boolean;
  readonly forwardSourceRoute: boolean;
  readonly processOptions: number;
  readonly time: number;

  readonly #addresses: readonly OwnAddress[];
  readonly #own: ReadonlySet<number>;
  readonly #shared: ReadonlySet<number>;
  readonly #broadcast: ReadonlySet<number>;
  /** Longest prefix first. */
  readonly #routes: readonly Route[];

  constructor(spec: HostSpec) {
    this.arrival = spec.arrival;
    this.forwarding = spec.forwarding;
    this.acceptSourceRoute = spec.acceptSourceRoute;
    this.forwardSourceRoute = spec.forwardSourceRoute;
    this.processOptions = spec.processOptions;
    this.time = spec.time;
    this.#addresses = spec.addresses;
    this.#own = new Set(spec.addresses.map((own) => own.address));
    this.#shared = new Set(spec.addresses.filter((own) => own.shared).map((own) => own.address));
    // A network of two hosts (RFC 3021) or one has no broadcast address.
    const subnets = spec.addresses.filter((own) => own.bits < 31);
    this.#broadcast = new Set(
      subnets.map(({ address, bits }) => (address | (0xffffffff >>> bits)) >>> 0),
    );
    const attached = spec.addresses
      .filter((own) => own.bits < 32)
      .map(({ dev, address, bits }) => ({
        network: networkOf(address, bits),
        bits,
        dev,
        gateway: 0,
        source: address,
      }));
    const given = spec.routes.map((route) => ({
      ...route,
      source: this.addressOn(route.dev, route.gateway || route.network),
    }));
    const local = spec.addresses.map(({ dev, address, bits }) => ({
      network: address,
      bits: 32,
      dev,
      gateway: 0,
      source: this.#primary(dev, address, bits),
    }));
    this.#routes = [...local, ...attached, ...given].sort((a, b) => b.bits - a.bits);
  }

  begin(): void {}

  isOwn(address: number): boolean {
    return this.#own.has(address);
  }

  isOwnUnicast(address: number): boolean {
    return this.#own.has(address) && !this.#shared.has(address);
  }

  deviceOf(address: number): string {
    return this.#addresses.find((own) => own.address === address)?.dev ?? "";
  }

  isBroadcast(address: number): boolean {
    return this.#broadcast.has(address);
  }

  lookup(address: number, dev?: string): Route | null {
    for (const route of this.#routes) {
      if (dev !== undefined && route.dev !== dev) continue;
      if (networkOf(address, route.bits) === route.network) return route;
    }
    return null;
  }

  /** The first address of the same network on the interface; later ones are secondary. */
  #primary(dev: string, address: number, bits: number): number {
    const network = networkOf(address, bits);
    const first = this.#addresses.find(
      (own) => own.dev === dev && own.bits === bits && networkOf(own.address, bits) === network,
    );
    return first?.address ?? address;
  }

  addressOn(dev: string, peer: number): number {
    let first = 0;
    let shared = 0;
    for (const own of this.#addresses) {
      if (own.dev !== dev || isLoopback(own.address)) continue;
      if (networkOf(own.address, own.bits) === networkOf(peer, own.bits)) return own.address;
      if (own.shared) shared ||= own.address;
      else first ||= own.address;
    }
    return first || shared;
  }

  adjacent(address: number): number {
    let best = -1;
    let found = 0;
    for (const own of this.#addresses) {
      if (own.bits <= best) continue;
      if (networkOf(own.address, own.bits) !== networkOf(address, own.bits)) continue;
      best = own.bits;
      found = own.address;
    }
    return found;
  }
}
