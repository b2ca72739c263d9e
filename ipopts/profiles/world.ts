/**
 * The host that judges a packet: its addresses, its routes, its settings. What it does not say is
 * taken to be so: every neighbour answers, errors are not rate-limited, redirects, reverse path
 * filters, `accept_local` and `route_localnet` are off, loopback is up.
 */
import type { OwnAddresses } from "../source-route.ts";

/** Where packets for a range of addresses go. */
export interface Route {
  /** Network address, unsigned 32-bit, and how many of its leading bits count. */
  readonly network: number;
  readonly bits: number;
  /** Name of the interface. */
  readonly dev: string;
  /** Next router, or 0 when the range is on the link. */
  readonly gateway: number;
  /** Own address that packets take as source, and that a route records, on the way out. */
  readonly source: number;
}

/** Loopback interfaces are told by their name. */
export const isLoopbackDevice = (dev: string): boolean => /^lo\d*$/.test(dev);

/** What is set on a host, and what is so when a packet comes. */
export interface HostSettings {
  /** Interface the packet came in by. */
  readonly arrival: string;
  /** Whether it forwards at all (`ip_forward`, `ipforwarding`). */
  readonly forwarding: boolean;
  /** Whether packets with a source route may end here (`accept_source_route`). */
  readonly acceptSourceRoute: boolean;
  /** Whether they may pass through; differs from the above only in FreeBSD's two settings. */
  readonly forwardSourceRoute: boolean;
  /** FreeBSD's `process_options`: 0 ignores options, 1 processes them, 2 refuses them. */
  readonly processOptions: number;
  /** Milliseconds since midnight UT, for timestamp options. */
  readonly time: number;
}

export interface World extends OwnAddresses, HostSettings {
  /** Hears of the next packet before it is judged. */
  begin(destination: number): void;
  /** Whether an interface has this address. */
  isOwn(address: number): boolean;
  /** Whether it is own and no other host has it too: fit to be recorded in a route. */
  isOwnUnicast(address: number): boolean;
  /** Name of the interface that has an own address; "" for any other address. */
  deviceOf(address: number): string;
  /** Whether it is the broadcast address of an attached network. */
  isBroadcast(address: number): boolean;
  /**
   * The longest match, or null; an own address is a route to itself. With `dev`, a world that can
   * tell looks only at routes by that interface.
   */
  lookup(address: number, dev?: string): Route | null;
  /**
   * Own address of interface `dev` to speak to `peer` from: the one whose network holds it, else
   * the first; 0 when the interface has none (`inet_select_addr`, `ifaof_ifpforaddr`).
   */
  addressOn(dev: string, peer: number): number;
  /** Own address whose network holds `address`, the longest match; 0 when none is adjacent. */
  adjacent(address: number): number;
}
