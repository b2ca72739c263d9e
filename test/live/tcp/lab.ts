/**
 * The laboratory: Linux in a namespace, our stacks in this process, a veth between them.
 *
 *     our stacks - wire.py - us0 ======== lx0 - Linux (peer.py)
 *
 * and where packets are to be late and doubled, a namespace between the two:
 *
 *     our stacks - wire.py - us0 ==== m1 - forward.py - m0 ==== lx0 - Linux
 *
 * Losses are nftables' doing, in the ingress chains of us0 and lx0: behind the capture on lx0,
 * which so has every packet that Linux sent and every packet that we did.
 */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { MbufPool } from "../../../stack/mbuf.ts";
import { ip } from "../../support/ip-packet.ts";
import { projectPath } from "../../support/project.ts";
import { ended, start } from "./child.ts";
import { addHost, type HostOptions, LINUX, LINUX6, type OurHost } from "./hosts.ts";
import { kernelCounters, openConnections } from "./loss.ts";
import { Namespaces, SetupError } from "./namespaces.ts";
import { Peer } from "./peer.ts";
import { RealClock } from "./real-clock.ts";
import { Wire } from "./wire.ts";

const MAC_US = "02:00:00:00:00:02";
export const MAC_LINUX = "02:00:00:00:00:01";

/** Per cent of packets that the forwarder delays past others, and doubles. */
export interface Disorder {
  seed: number;
  reorder: number;
  duplicate: number;
}

/** What the forwarder did. */
export interface Forwarded {
  forwarded: number;
  delayed: number;
  doubled: number;
}

const bytesOf = (mac: string): Uint8Array =>
  Uint8Array.from(mac.split(":").map((part) => Number.parseInt(part, 16)));

export class Lab {
  readonly namespaces = new Namespaces();
  readonly clock = new RealClock();
  readonly pool = new MbufPool();
  readonly hosts: OurHost[] = [];
  /** The congestion controls that Linux has here. */
  congestion: readonly string[] = [];
  private wireChild: ChildProcessWithoutNullStreams | null = null;
  private forwarder: ChildProcessWithoutNullStreams | null = null;
  private theWire: Wire | null = null;
  private thePeer: Peer | null = null;
  private wireSaid = "";

  get wire(): Wire {
    if (!this.theWire) throw new Error("the laboratory is not open");
    return this.theWire;
  }

  get peer(): Peer {
    if (!this.thePeer) throw new Error("the laboratory is not open");
    return this.thePeer;
  }

  /** Builds everything. What has been built is taken down by `close` even when this fails. */
  async open(disorder?: Disorder): Promise<void> {
    const { namespaces } = this;
    namespaces.add("us");
    namespaces.add("linux");
    namespaces.sysctl("us", "net.ipv6.conf.all.disable_ipv6=1");
    if (disorder) await this.openForwarder(disorder);
    else namespaces.link("linux", "lx0", MAC_LINUX, "us", "us0", MAC_US);
    namespaces.ip("us", "link set us0 up");
    namespaces.sysctl(
      "linux",
      "net.ipv6.conf.lx0.accept_dad=0",
      "net.ipv6.conf.lx0.accept_ra=0",
      "net.ipv4.tcp_no_metrics_save=1",
      "net.ipv4.icmp_ratelimit=0",
    );
    namespaces.ip(
      "linux",
      "link set lx0 up",
      `addr add ${LINUX}/24 dev lx0`,
      `addr add ${LINUX6}/64 dev lx0 nodad`,
    );
    const script = projectPath("test/live/tcp/wire.py");
    const child = start(namespaces.nameOf("us"), "python3", [script, "us0"]);
    child.stderr.on("data", (data: Buffer) => {
      this.wireSaid += data.toString();
    });
    this.wireChild = child;
    this.theWire = new Wire(child, this.pool, bytesOf(MAC_LINUX), bytesOf(MAC_US));
    this.thePeer = new Peer(namespaces.nameOf("linux"));
    this.congestion = namespaces
      .exec("linux", "sysctl", ["-n", "net.ipv4.tcp_available_congestion_control"])
      .trim()
      .split(/\s+/);
    await Promise.all([this.wire.ready(), this.peer.ready()]);
  }

  /** Puts one of our hosts on the wire, and tells Linux whose hardware address that is. */
  add(options: HostOptions): OurHost {
    const host = addHost(this.wire, this.clock, this.pool, options);
    this.hosts.push(host);
    const known = [host.address, host.address6].map(
      (address) => `neigh replace ${address} lladdr ${MAC_US} dev lx0 nud permanent`,
    );
    this.namespaces.ip("linux", ...known);
    return host;
  }

  /** From now on packets to `address` reach `host`. */
  attach(address: string, { stack }: OurHost): void {
    this.wire.attach(ip(address), stack, stack.interfaceNamed("if0"));
  }

  /** Gives Linux a route for `address`, whichever of our hosts has it. */
  routeTo(address: string): void {
    this.namespaces.ip(
      "linux",
      `route replace ${address}/32 dev lx0`,
      `neigh replace ${address} lladdr ${MAC_US} dev lx0 nud permanent`,
    );
  }

  /** Sets what older kernels may not have. */
  trySysctl(setting: string): void {
    try {
      this.namespaces.sysctl("linux", setting);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
    }
  }

  /** One of Linux's counters (`nstat`). */
  counter(name: string): number {
    return kernelCounters(this.namespaces).get(name) ?? 0;
  }

  /** Linux's connections that are not closed, TIME-WAIT apart. */
  openConnections(): string[] {
    return openConnections(this.namespaces);
  }

  /** Waits until our hosts have no connection left; false when they still do after `limit` ms. */
  async quiet(limit: number): Promise<boolean> {
    const end = performance.now() + limit;
    while (this.hosts.some(({ tcp }) => tcp.live > 0)) {
      if (performance.now() > end) return false;
      await sleep(50);
    }
    return true;
  }

  /** Ends the wire; a complaint when it has lost packets. */
  async closeWire(): Promise<string> {
    this.wireChild?.stdin.end();
    if (this.wireChild) await ended(this.wireChild);
    this.wireChild = null;
    return this.wireSaid.trim();
  }

  /** Ends the forwarder; what it did. */
  async closeForwarder(): Promise<Forwarded | null> {
    const { forwarder } = this;
    this.forwarder = null;
    if (!forwarder) return null;
    const said = once(forwarder.stdout, "data");
    forwarder.stdin.end();
    const [data] = (await said) as [Buffer];
    await ended(forwarder);
    return JSON.parse(data.toString()) as Forwarded;
  }

  async close(): Promise<void> {
    this.clock.stop();
    await this.thePeer?.close();
    await this.closeForwarder();
    await this.closeWire();
    this.namespaces.close();
  }

  private async openForwarder({ seed, reorder, duplicate }: Disorder): Promise<void> {
    const { namespaces } = this;
    namespaces.add("mid");
    namespaces.sysctl("mid", "net.ipv6.conf.all.disable_ipv6=1");
    namespaces.link("linux", "lx0", MAC_LINUX, "mid", "m0", "02:00:00:00:00:03");
    namespaces.link("us", "us0", MAC_US, "mid", "m1", "02:00:00:00:00:04");
    namespaces.ip("mid", "link set m0 promisc on up", "link set m1 promisc on up");
    const script = projectPath("test/live/tcp/forward.py");
    const settings = [seed, reorder, duplicate].map(String);
    const child = start(namespaces.nameOf("mid"), "python3", [script, ...settings, "m0", "m1"]);
    child.stderr.pipe(process.stderr);
    this.forwarder = child;
    await once(child.stdout, "data");
  }
}
