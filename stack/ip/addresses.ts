/**
 * The IPv4 addresses of a host: which packets are ours, which address is anycast, and the paper's
 * `pick`, the unicast address that stands for an interface.
 */
import type { OwnAddresses } from "../../ipopts/source-route.ts";
import type { Interface, InterfaceAddress } from "../interface.ts";
import { WordMap } from "../word-map.ts";

export const INADDR_BROADCAST = 0xffffffff;

/** 224.0.0.0/4. */
export const isMulticast = (address: number): boolean => address >>> 28 === 14;
/** 127.0.0.0/8. */
export const isLoopback = (address: number): boolean => address >>> 24 === 127;
/** 240.0.0.0/4, the limited broadcast among them. */
export const isClassE = (address: number): boolean => address >>> 28 === 15;

/** The network mask of a prefix length as an unsigned number. */
export const maskOf = (prefixLength: number): number =>
  prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0;

/** True for a source that no packet may be answered to: 0/8, 127/8, multicast, class E. */
export const isBadSource = (address: number): boolean =>
  address >>> 24 === 0 || isLoopback(address) || address >= 0xe0000000;

/** Addresses that a host takes for its own without having them configured one by one. */
export interface AnyIp {
  /** Whether `address` is one of them. */
  owns(address: number): boolean;
  /** Stands for each of them; its own `address` says nothing. */
  readonly entry: InterfaceAddress;
}

export class AddressTable implements OwnAddresses {
  /**
   * Makes one stack a whole population of hosts (Linux calls it AnyIP: a local route for a prefix);
   * null for the ordinary host.
   */
  anyIp: AnyIp | null = null;
  private readonly own = new WordMap<InterfaceAddress>();
  private readonly broadcasts = new WordMap<InterfaceAddress>();
  private lowest = 0;

  /** Adds an IPv4 address that `entry.interface` has just been given. */
  add(entry: InterfaceAddress): void {
    const address = entry.address as number;
    this.own.set(address, entry);
    if (!entry.anycast && !entry.interface.loopback && (!this.lowest || address < this.lowest)) {
      this.lowest = address;
    }
    if (entry.prefixLength >= 31 || entry.interface.loopback) return;
    const mask = maskOf(entry.prefixLength);
    this.broadcasts.set(((address & mask) | ~mask) >>> 0, entry);
    this.broadcasts.set((address & mask) >>> 0, entry);
  }

  /** The entry of an own address, undefined for anyone else's. */
  find(address: number): InterfaceAddress | undefined {
    const own = this.own.get(address);
    if (own !== undefined || this.anyIp === null) return own;
    return this.anyIp.owns(address) ? this.anyIp.entry : undefined;
  }

  isOwn(address: number): boolean {
    return this.find(address) !== undefined;
  }

  /** Own and shared with other hosts. */
  isAnycast(address: number): boolean {
    return this.find(address)?.anycast === true;
  }

  /** The specification's ownUnicast: own and not anycast. */
  isOwnUnicast(address: number): boolean {
    return this.find(address)?.anycast === false;
  }

  /** The limited broadcast, or the all-ones or all-zeros address of an attached network. */
  isBroadcast(address: number): boolean {
    return address === INADDR_BROADCAST || this.broadcasts.get(address) !== undefined;
  }

  /** The interface whose network has this broadcast address. */
  broadcastInterface(address: number): Interface | undefined {
    return this.broadcasts.get(address)?.interface;
  }

  /**
   * The unicast address that stands for `interface_`: its first plain one, else `pinAddress` where
   * one is configured, else the host's lowest (the router-id rule of RFC 1812 section 5.3.13.3).
   */
  pick(interface_: Interface | null, pinAddress: number): number {
    if (interface_ && !interface_.loopback && interface_.unicast) return interface_.unicast;
    return pinAddress || this.lowest;
  }
}
