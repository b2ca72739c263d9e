/**
 * One host: interfaces, routes, protocols and counters, built from options. A stack knows nothing
 * outside itself but the clock, the random stream and the buffer pool it is handed.
 *
 * Packets come in through `input`, leave through an interface's device. Transports attach
 * themselves with `register`.
 */

import type { V6Profile } from "../ipopts/v6/profiles.ts";
import type { V6World } from "../ipopts/v6/world.ts";
import type { Clock, Random } from "./clock.ts";
import { DEFAULTS, type StackSwitches } from "./config.ts";
import { FlowHash } from "./flow-hash.ts";
import { Interface, type InterfaceAddress, type InterfaceOptions } from "./interface.ts";
import { AddressTable, maskOf } from "./ip/addresses.ts";
import { HeaderScratch } from "./ip/header-scratch.ts";
import { Icmp } from "./ip/icmp.ts";
import { ipInput } from "./ip/ip-input.ts";
import { IpOptions } from "./ip/ip-options.ts";
import { PathMtuCache } from "./ip/path-mtu.ts";
import { Reassembly } from "./ip/reassemble.ts";
import { RouteTable } from "./ip/routes.ts";
import { SavedRoute } from "./ip/saved-route.ts";
import { AddressTable6 } from "./ip6/addresses6.ts";
import { Icmp6 } from "./ip6/icmp6.ts";
import { type Address, In6Addr } from "./ip6/in6-addr.ts";
import { ip6Input } from "./ip6/ip6-input.ts";
import { Reassembly6 } from "./ip6/reassemble6.ts";
import { RouteTable6 } from "./ip6/routes6.ts";
import { makeWorld6, profile6Named } from "./ip6/world6.ts";
import { Loopback } from "./loopback.ts";
import type { Mbuf, MbufPool } from "./mbuf.ts";
import type { Protocol } from "./protosw.ts";
import type { NextHopChooser, Route } from "./route-table.ts";
import { type DropReason, StackStats } from "./stats.ts";
import { IPPROTO_ICMP, version } from "./wire/ipv4.ts";
import { IPPROTO_ICMPV6 } from "./wire/ipv6.ts";

export interface RouteOptions {
  prefix: Address;
  prefixLength: number;
  /** Name of the interface, needed where the gateway alone does not tell. */
  interface?: string;
  gateway?: Address;
}

export interface StackOptions extends Partial<StackSwitches> {
  name: string;
  clock: Clock;
  random: Random;
  pool: MbufPool;
  interfaces: readonly InterfaceOptions[];
  /** Beside the networks of the interfaces' addresses, which are added without asking. */
  routes?: readonly RouteOptions[];
}

export class Stack {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly pool: MbufPool;
  readonly config: StackSwitches;
  readonly stats = new StackStats();
  readonly interfaces: Interface[] = [];
  readonly loopback: Interface;
  readonly addresses = new AddressTable();
  readonly addresses6 = new AddressTable6();
  readonly routes = new RouteTable();
  readonly routes6 = new RouteTable6();
  /** By protocol number; IPv6 next-header numbers are the same. */
  readonly protosw: (Protocol | null)[] = new Array(256).fill(null);
  /** The source route of the packet that a protocol's `input` is looking at. */
  readonly savedRoute = new SavedRoute();
  readonly scratch = new HeaderScratch();
  /** What received options ask for. */
  readonly options: IpOptions;
  readonly reassembly: Reassembly;
  readonly pathMtu: PathMtuCache;
  readonly icmp: Icmp;
  readonly reassembly6: Reassembly6;
  readonly icmp6: Icmp6;
  /** The tables that IPv6 extension headers are judged by, and what those know of this host. */
  readonly profile6: V6Profile;
  readonly world6: V6World;
  /** Whether a binding of a home to a care-of address is held: 16 bytes at each (RFC 6275). */
  hasBinding: (view: DataView, homeAt: number, careOfAt: number) => boolean = () => false;
  /** Where the byte stands that named what is being handed to its protocol. */
  lastNextHeaderAt = 0;
  /** Host routes learned from redirects. */
  redirects = 0;
  /** Chooses among equal-cost next hops where a route names no chooser of its own. */
  readonly flowHash: NextHopChooser;
  /** True for the protocol numbers that the patch is for. */
  readonly pins: readonly boolean[];
  /** Identification of the next datagram. */
  identification: number;

  constructor(options: StackOptions) {
    const { name, clock, random, pool, interfaces, routes, ...switches } = options;
    this.name = name;
    this.clock = clock;
    this.random = random;
    this.pool = pool;
    this.config = { ...DEFAULTS, ...switches };
    this.pins = Array.from({ length: 256 }, (_, p) => this.config.pinProtocols.includes(p));
    this.identification = random.word() & 0xffff;
    this.flowHash = new FlowHash(random.word());
    this.options = new IpOptions(this);
    this.reassembly = new Reassembly(this);
    this.pathMtu = new PathMtuCache(clock);
    this.icmp = new Icmp(this);
    this.protosw[IPPROTO_ICMP] = this.icmp;
    this.reassembly6 = new Reassembly6(this);
    this.icmp6 = new Icmp6(this);
    this.protosw[IPPROTO_ICMPV6] = this.icmp6;
    this.profile6 = profile6Named(this.config.profile);
    this.world6 = makeWorld6(this);
    const device = new Loopback(this);
    this.loopback = this.addInterface({
      name: "lo0",
      device,
      mtu: 16384,
      loopback: true,
      addresses: [
        { address: 0x7f000001, prefixLength: 8 },
        { address: new In6Addr(0, 0, 0, 1), prefixLength: 128 },
      ],
    });
    device.interface = this.loopback;
    for (const each of interfaces) this.addInterface(each);
    for (const route of routes ?? []) this.addRoute(route);
  }

  /** Takes one packet from the wire, in by `rcvif`; `m.off`/`m.len` are the IP packet. */
  input(m: Mbuf, rcvif: Interface): void {
    m.rcvif = rcvif;
    if (!rcvif.up) {
      this.drop(m, "interfaceDown");
      return;
    }
    rcvif.inPackets++;
    rcvif.inBytes += m.len;
    if (m.len > 0 && version(m.view, m.off) === 6) ip6Input(this, m);
    else ipInput(this, m);
  }

  /** Frees `m`, which ends here, and counts why. */
  drop(m: Mbuf, reason: DropReason): void {
    this.stats.drop(reason);
    m.free();
  }

  /** Attaches a transport protocol under its number. */
  register(protocol: number, implementation: Protocol): void {
    this.protosw[protocol] = implementation;
  }

  addInterface(options: InterfaceOptions): Interface {
    const made = new Interface(options);
    this.interfaces.push(made);
    for (const each of options.addresses ?? []) {
      this.addAddress(made, each.address, each.prefixLength, each.anycast ?? false);
    }
    return made;
  }

  /** The interface called `name`; throws when there is none (configuration, never packets). */
  interfaceNamed(name: string): Interface {
    const found = this.interfaces.find((each) => each.name === name);
    if (!found) throw new Error(`${this.name} has no interface ${name}`);
    return found;
  }

  /** Gives `interface_` an address: a route for its network, and for itself through loopback. */
  addAddress(interface_: Interface, address: Address, length: number, anycast = false): void {
    const entry: InterfaceAddress = {
      address,
      prefixLength: length,
      anycast,
      interface: interface_,
    };
    const onLink = { interface: interface_, gateway: null };
    interface_.addresses.push(entry);
    if (typeof address === "number") {
      this.addresses.add(entry);
      if (!anycast && !interface_.unicast) interface_.unicast = address;
      if (!anycast && length < 32) interface_.networks.push(entry);
      if (length < 32) this.routes.add((address & maskOf(length)) >>> 0, length, onLink);
    } else {
      this.addresses6.add(entry);
      if (length < 128) this.routes6.add(address, length, onLink);
    }
  }

  /** Adds a route; a gateway without an interface is looked up among the attached networks. */
  addRoute(options: RouteOptions): Route {
    const { prefix, prefixLength, gateway = null } = options;
    const out = options.interface
      ? this.interfaceNamed(options.interface)
      : this.interfaceTowards(gateway ?? prefix);
    const hop = { interface: out, gateway };
    return typeof prefix === "number"
      ? this.routes.add(prefix, prefixLength, hop)
      : this.routes6.add(prefix, prefixLength, hop);
  }

  /** Takes an interface down or up; routes through it stop and start being used. */
  setUp(interface_: Interface, up: boolean): void {
    interface_.up = up;
    this.routes.touch();
    this.routes6.touch();
  }

  /** The host dies: its interfaces go down, and what waits for more fragments is freed. */
  halt(): void {
    for (const each of this.interfaces) this.setUp(each, false);
    this.reassembly.clear();
    this.reassembly6.clear();
  }

  private interfaceTowards(neighbour: Address): Interface {
    if (typeof neighbour === "number") {
      const route = this.routes.lookup(neighbour);
      if (route) return route.hops[0].interface;
    } else {
      const view = new DataView(new ArrayBuffer(16));
      neighbour.write(view, 0);
      const route = this.routes6.lookupAt(view, 0);
      if (route) return route.hops[0].interface;
    }
    throw new Error(`${this.name}: no interface leads to the gateway of a route`);
  }
}
