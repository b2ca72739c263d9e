/** The hosts of the virtual network: servers that share addresses, and populations of clients. */
import { type Clock, MILLISECOND, type Random, SECOND } from "../../../stack/clock.ts";
import type { ClientProfile, StackSwitches } from "../../../stack/config.ts";
import type { Device, Interface, InterfaceOptions } from "../../../stack/interface.ts";
import type { Mbuf, MbufPool } from "../../../stack/mbuf.ts";
import { type RouteOptions, Stack } from "../../../stack/stack.ts";
import { NEVER } from "../../../stack/tcp/tcb.ts";
import { Tcp } from "../../../stack/tcp/tcp.ts";
import { Udp } from "../../../stack/udp/udp.ts";
import type { Design, DesignHost } from "../../designs/design.ts";
import { type Port, StackPort } from "../../network/port.ts";
import { randomStream } from "../../random.ts";
import type { Observer } from "../observer.ts";

/** Whatever all stacks of one run share. */
export interface World {
  clock: Clock;
  pool: MbufPool;
  seed: number;
  observer: Observer;
  /** The addresses that servers share; more may come. */
  services: ReadonlySet<number>;
}

/** The stream called `name` as a stack takes chance. */
export function chance(seed: number, name: string): Random {
  const stream = randomStream(seed, name);
  return { word: () => stream.next() };
}

/** A host: its stack, its transports, and the doors that packets come in by. */
export interface Host {
  name: string;
  stack: Stack;
  tcp: Tcp;
  udp: Udp;
  /** One for each interface, in order. */
  doors: Port[];
}

/** An interface to be: where it sends, the address it is known by, the longest packet. */
export interface HostInterface {
  name: string;
  device: Device;
  address: number;
  mtu: number;
}

/** Counts what leaves a host. */
class ObservedDevice implements Device {
  private readonly line: Device;
  private readonly place: string;
  private readonly world: World;

  constructor(line: Device, place: string, world: World) {
    this.line = line;
    this.place = place;
    this.world = world;
  }

  transmit(m: Mbuf): void {
    this.world.observer.sent(this.place, m, this.world.clock.now());
    this.line.transmit(m);
  }
}

/** A device that is known before what it hands packets to: a design makes that of the stack. */
class OpenDevice implements Device {
  target: Device;

  constructor(target: Device) {
    this.target = target;
  }

  transmit(m: Mbuf): void {
    this.target.transmit(m);
  }
}

/**
 * Half-open connections are many when SYNs are lost, and a virtual network has no old duplicates
 * that would need a longer wait: TIME-WAIT lasts a second.
 */
function transports(stack: Stack, random: Random): { tcp: Tcp; udp: Udp } {
  const tcp = new Tcp(stack, {
    iss: () => random.word(),
    synCookies: "never",
    synBacklog: Number.MAX_SAFE_INTEGER,
    somaxconn: Number.MAX_SAFE_INTEGER,
    msl: 500 * MILLISECOND,
    finWait2Timeout: 60 * SECOND,
    keepInit: NEVER,
  });
  return { tcp, udp: new Udp(stack) };
}

interface HostOptions {
  name: string;
  /** What packets' evidence calls it. */
  place: string;
  interfaces: readonly HostInterface[];
  routes: readonly RouteOptions[];
  switches: Partial<StackSwitches>;
  /** The design's changes to this kind of host. */
  change: ((host: DesignHost) => void) | undefined;
}

function makeHost(world: World, options: HostOptions): Host {
  const { name, place, interfaces, routes, switches, change } = options;
  const random = chance(world.seed, `host/${name}`);
  const lines = interfaces.map(({ device }) => new ObservedDevice(device, place, world));
  const devices = change ? lines.map((line) => new OpenDevice(line)) : lines;
  const stack = new Stack({
    name,
    clock: world.clock,
    random,
    pool: world.pool,
    interfaces: interfaces.map(
      ({ name: label, address, mtu }, i): InterfaceOptions => ({
        name: label,
        device: devices[i],
        mtu,
        addresses: [{ address, prefixLength: 32 }],
      }),
    ),
    routes,
    ...switches,
  });
  const { tcp, udp } = transports(stack, random);
  const doors = interfaces.map(({ name: label, address }, i) => {
    const door = new StackPort(stack, stack.interfaceNamed(label));
    const device = devices[i];
    if (!change || !(device instanceof OpenDevice)) return door;
    const { services } = world;
    const changed: DesignHost = {
      stack,
      tcp,
      unicast: address,
      services,
      door,
      device: device.target,
    };
    change(changed);
    device.target = changed.device;
    return changed.door;
  });
  return { name, stack, tcp, udp, doors };
}

/** A server; requests come by the first of its interfaces, replies leave by the last. */
export function makeServer(
  world: World,
  design: Design,
  index: number,
  interfaces: readonly HostInterface[],
  gateway: number,
): Host {
  const out = interfaces[interfaces.length - 1].name;
  return makeHost(world, {
    name: `server ${index + 1}`,
    place: `server ${index + 1}`,
    interfaces,
    routes: [{ prefix: 0, prefixLength: 0, interface: out, gateway }],
    switches: design.server,
    change: design.changeServer?.bind(design),
  });
}

/** What a client profile means to the stack, beside its TCP. */
const CLIENT_SWITCHES: Readonly<Record<ClientProfile, Partial<StackSwitches>>> = {
  engel: { profile: "engel" },
  stock: { profile: "linux" },
  bsd44: { profile: "bsd44" },
  freebsd: { profile: "freebsd" },
  filtering: { profile: "linux", acceptSourceRoute: false },
};

/** All clients of one profile: one stack that has every address `owns` says yes to. */
export function makePopulation(
  world: World,
  design: Design,
  profile: ClientProfile,
  uplink: HostInterface,
  gateway: number,
  owns: (address: number) => boolean,
): Host {
  const host = makeHost(world, {
    name: `${profile} clients`,
    place: "client",
    interfaces: [uplink],
    routes: [{ prefix: 0, prefixLength: 0, interface: uplink.name, gateway }],
    switches: { ...CLIENT_SWITCHES[profile], client: profile },
    change: design.changeClient?.bind(design),
  });
  host.stack.addresses.anyIp = { owns, entry: anyAddress(host.stack.interfaceNamed(uplink.name)) };
  return host;
}

const anyAddress = (interface_: Interface) => ({
  address: 0,
  prefixLength: 32,
  anycast: false,
  interface: interface_,
});
