/**
 * Interfaces and their addresses (BSD's ifnet and in_ifaddr).
 *
 * An address is plain, or **anycast**: shared with other hosts. The flag is the paper's extension of
 * interface aliases (Engel et al. section 3); the patch pins whatever leaves from such an address.
 */
import type { Address } from "./ip6/in6-addr.ts";
import type { Mbuf } from "./mbuf.ts";
import type { NextHop } from "./route-table.ts";

/** The hardware below an interface: a link of the virtual network, a raw socket, loopback. */
export interface Device {
  /**
   * Sends one packet and owns it from here. `m.off`/`m.len` are the whole IP packet, `m.nextHop`
   * (IPv6: `m.nextHop6`, null meaning the packet's own destination) the neighbour to hand it to.
   */
  transmit(m: Mbuf): void;
}

/** One address of one interface. */
export interface InterfaceAddress {
  readonly address: Address;
  /** Bits of the network part: 32 (128) for an alias that shares no network. */
  readonly prefixLength: number;
  /** Shared with other hosts: never a source route's slot, never `pick`ed as the pin. */
  readonly anycast: boolean;
  readonly interface: Interface;
}

export interface InterfaceOptions {
  name: string;
  device: Device;
  /** Bytes of the largest IP packet; 1500 when left out. */
  mtu?: number;
  /** True for the loopback interface. */
  loopback?: boolean;
  /** Addresses with prefix length, first the one that the interface is known by. */
  addresses?: readonly AddressOptions[];
}

export interface AddressOptions {
  address: Address;
  prefixLength: number;
  anycast?: boolean;
}

export class Interface {
  readonly name: string;
  readonly device: Device;
  readonly loopback: boolean;
  /** The way to its neighbours. */
  readonly onLink: NextHop = { interface: this, gateway: null };
  mtu: number;
  up = true;
  /** In order of configuration. */
  readonly addresses: InterfaceAddress[] = [];
  /** Those plain IPv4 addresses of `addresses` that share a network with neighbours. */
  readonly networks: InterfaceAddress[] = [];
  /** The first plain IPv4 address (what `pick` answers), 0 for an unnumbered interface. */
  unicast = 0;
  inPackets = 0;
  inBytes = 0;
  outPackets = 0;
  outBytes = 0;

  constructor(options: InterfaceOptions) {
    this.name = options.name;
    this.device = options.device;
    this.mtu = options.mtu ?? 1500;
    this.loopback = options.loopback ?? false;
  }

  /** Hands `m` to the device, which owns it. */
  output(m: Mbuf): void {
    this.outPackets++;
    this.outBytes += m.len;
    this.device.transmit(m);
  }
}
