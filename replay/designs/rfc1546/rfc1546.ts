/**
 * Host anycasting as it was first thought of (RFC 1546, "How UDP and TCP Use Anycasting"): an
 * anycast address may be the destination of a SYN and of nothing else. The server's TCP takes its
 * unicast address for the connection and answers with it; the client's TCP, which has sent a SYN to
 * an anycast address, takes a SYN-ACK with the right ports and acknowledgement from whatever
 * address, and puts that address into its control block for good.
 *
 * Both TCPs have to be changed. Clients of profile `engel`, which stand for those whose kernel has
 * been, are; any other gets a SYN-ACK from a stranger and answers with a reset. The RFC leaves UDP
 * as it is: its users may go on with the address that answered, and ours do not.
 */
import type { Endpoint } from "../../../stack/in-pcb.ts";
import type { Mbuf } from "../../../stack/mbuf.ts";
import type { AnycastRules } from "../../../stack/tcp/anycast.ts";
import type { Segment } from "../../../stack/tcp/segment.ts";
import { SYN_SENT } from "../../../stack/tcp/state.ts";
import type { Tcb } from "../../../stack/tcp/tcb.ts";
import type { Tcp } from "../../../stack/tcp/tcp.ts";
import { destination, source } from "../../../stack/wire/ipv4.ts";
import { TH_ACK, TH_SYN } from "../../../stack/wire/tcp.ts";
import type { Design, DesignHost } from "../design.ts";

const BOTH = TH_SYN | TH_ACK;

/** The server's half. */
class UnicastReply implements AnycastRules {
  private readonly host: DesignHost;

  constructor(host: DesignHost) {
    this.host = host;
  }

  opening(): void {}

  accepting(tcb: Tcb): void {
    if (typeof tcb.local === "number" && this.host.services.has(tcb.local)) {
      tcb.local = this.host.unicast;
    }
  }

  /** A SYN that was sent again: its connection has the unicast address by now. */
  adopt(m: Mbuf, seg: Segment): Tcb | null {
    if (m.family !== 4 || (seg.flags & BOTH) !== TH_SYN) return null;
    const { tcp, unicast, services } = this.host;
    if (!services.has(destination(m.view, m.ipAt))) return null;
    const client = source(m.view, m.ipAt);
    return tcp.table.find(unicast, seg.destinationPort, client, seg.sourcePort);
  }
}

/** The client's half. */
class Rebinding implements AnycastRules {
  private readonly tcp: Tcp;
  private readonly services: ReadonlySet<number>;
  /** Connections whose SYN is out, by client address and port; some have gone without a word. */
  private readonly waiting = new Map<number, Tcb[]>();
  private sweepAt = 1024;

  constructor(tcp: Tcp, services: ReadonlySet<number>) {
    this.tcp = tcp;
    this.services = services;
  }

  opening(tcb: Tcb): void {
    if (typeof tcb.remote !== "number" || !this.services.has(tcb.remote)) return;
    if (this.waiting.size >= this.sweepAt) this.sweep();
    const key = keyOf(tcb);
    const others = this.waiting.get(key);
    if (others) others.push(tcb);
    else this.waiting.set(key, [tcb]);
  }

  accepting(): void {}

  adopt(m: Mbuf, seg: Segment): Tcb | null {
    if (m.family !== 4 || (seg.flags & BOTH) !== BOTH) return null;
    const key = numberOf(destination(m.view, m.ipAt), seg.destinationPort);
    const found = this.waiting.get(key)?.find((tcb) => isAnswered(tcb, seg));
    if (!found) return null;
    this.forget(key, found);
    const { table } = this.tcp;
    table.remove(found);
    found.remote = source(m.view, m.ipAt);
    found.ip.routeGeneration = -1;
    table.connect(found);
    return found;
  }

  private forget(key: number, tcb: Tcb): void {
    const left = (this.waiting.get(key) ?? []).filter(
      (other) => other !== tcb && other.state === SYN_SENT,
    );
    if (left.length > 0) this.waiting.set(key, left);
    else this.waiting.delete(key);
  }

  /** Drops those that have given up. */
  private sweep(): void {
    for (const [key, blocks] of this.waiting) {
      if (blocks.every(({ state }) => state !== SYN_SENT)) this.waiting.delete(key);
    }
    this.sweepAt = Math.max(1024, 2 * this.waiting.size);
  }
}

/** RFC 9293 section 3.10.7.3: the acknowledgement of our SYN and nothing else. */
const isAnswered = (tcb: Tcb, seg: Segment): boolean =>
  tcb.state === SYN_SENT &&
  tcb.remotePort === seg.sourcePort &&
  ((tcb.iss + 1) | 0) === (seg.ack | 0);

const keyOf = ({ local, localPort }: Endpoint): number =>
  numberOf(typeof local === "number" ? local : 0, localPort);

const numberOf = (address: number, port: number): number => address * 0x10000 + port;

export const rfc1546: Design = {
  name: "rfc1546",
  summary: "servers answer a SYN from their own address, clients rebind to it (RFC 1546): TCP only",
  server: {},
  rebinds: true,
  changeServer(host) {
    // By the first interface requests come, and its address is the one that clients can reach.
    host.tcp.anycast ??= new UnicastReply(host);
  },
  changeClient(host) {
    if (host.stack.config.client !== "engel") return;
    host.tcp.anycast ??= new Rebinding(host.tcp, host.services);
  },
};
