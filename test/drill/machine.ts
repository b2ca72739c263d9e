/**
 * The host under test: a stack with one interface on a wire whose other end is the script, and a
 * clock that moves only when the script waits.
 */
import { SECOND } from "../../stack/clock.ts";
import type { Interface } from "../../stack/interface.ts";
import { type Address, In6Addr } from "../../stack/ip6/in6-addr.ts";
import { type Mbuf, MbufPool } from "../../stack/mbuf.ts";
import type { Socket } from "../../stack/socket.ts";
import { Stack } from "../../stack/stack.ts";
import { TCP_FREEBSD } from "../../stack/tcp/config.ts";
import { Tcp } from "../../stack/tcp/tcp.ts";
import { TimerWheel } from "../../stack/timer-wheel.ts";
import { Udp } from "../../stack/udp/udp.ts";
import { testRandom } from "../support/random.ts";
import type { Settings } from "./settings.ts";

/** Scripts count from here: a clock at 0 would hide mistakes with times that were never set. */
const EPOCH = 1000 * SECOND;

/** A packet that the stack sent. */
export interface Sent {
  bytes: Uint8Array;
  view: DataView;
  at: number;
}

/** An open file descriptor of the script. */
export interface Descriptor {
  socket: Socket;
  blocking: boolean;
  datagram: boolean;
}

export class Machine {
  readonly clock = new TimerWheel();
  readonly pool = new MbufPool();
  readonly stack: Stack;
  readonly tcp: Tcp;
  readonly udp: Udp;
  readonly family: 4 | 6;
  readonly local: Address;
  readonly remote: Address;
  /** What was sent and not yet looked at, oldest first. */
  readonly sent: Sent[] = [];
  /** By the numbers that scripts give them. */
  readonly descriptors = new Map<number, Descriptor>();
  /** What was passed over, for the report. */
  readonly notes: string[] = [];
  private readonly interface: Interface;

  constructor(settings: Settings) {
    this.family = settings.family;
    this.local = settings.local;
    this.remote = settings.remote;
    this.clock.advance(EPOCH);
    this.stack = new Stack({
      name: "drill",
      profile: "freebsd",
      client: "freebsd",
      clock: this.clock,
      random: testRandom(1),
      pool: this.pool,
      interfaces: [
        {
          name: "tun0",
          mtu: settings.mtu,
          device: { transmit: (m) => this.transmit(m) },
          addresses: [{ address: this.local, prefixLength: this.family === 4 ? 16 : 64 }],
        },
      ],
    });
    this.interface = this.stack.interfaceNamed("tun0");
    const everywhere = this.family === 4 ? 0 : new In6Addr(0, 0, 0, 0);
    this.stack.addRoute({ prefix: everywhere, prefixLength: 0, interface: "tun0" });
    this.tcp = new Tcp(this.stack, { ...TCP_FREEBSD });
    this.udp = new Udp(this.stack);
  }

  /** Nanoseconds since the script began. */
  get now(): number {
    return this.clock.now() - EPOCH;
  }

  /** Hands the stack a packet from the wire. */
  inject(bytes: Uint8Array): void {
    const m = this.pool.from(bytes);
    if (!m) throw new Error("unreachable: the pool has no limit");
    this.stack.input(m, this.interface);
  }

  /** Moves time to the next timer, `limit` nanoseconds after the beginning at most. */
  step(limit: number): void {
    const next = this.clock.next() - EPOCH;
    this.clock.advance(EPOCH + Math.max(this.now, Math.min(next, limit)));
  }

  private transmit(m: Mbuf): void {
    const bytes = m.bytes.slice(m.off, m.off + m.len);
    this.sent.push({ bytes, view: new DataView(bytes.buffer), at: this.now });
    m.free();
  }
}
