/** The network of a walk: one wire on which every packet is written down as it leaves. */
import { type Clock, Timer } from "../../stack/clock.ts";
import type { Device, Interface } from "../../stack/interface.ts";
import type { Mbuf } from "../../stack/mbuf.ts";
import type { Stack } from "../../stack/stack.ts";
import * as ipv4 from "../../stack/wire/ipv4.ts";

/** Called with the packet before it travels; `m` may be read, not kept. */
export type OnSend = (m: Mbuf) => void;

/** Called with the packet as it comes to the far host, by the interface of that name. */
export type OnArrival = (m: Mbuf, entry: string) => void;

/**
 * One end of the wire. Hands each packet, after a delay, to the far host's interface that has the
 * destination address, or to its first one: what lies between plays no part in Figures 1 and 2.
 */
export class WireEnd extends Timer implements Device {
  /** Set by whoever wires it. */
  far: Stack | null = null;
  onSend: OnSend = () => {};
  onArrival: OnArrival = () => {};
  private readonly clock: Clock;
  private readonly delay: number;
  private readonly queue: Mbuf[] = [];

  /** `delay`: nanoseconds one way. */
  constructor(clock: Clock, delay: number) {
    super();
    this.clock = clock;
    this.delay = delay;
  }

  transmit(m: Mbuf): void {
    this.onSend(m);
    m.time = this.clock.now() + this.delay;
    this.queue.push(m);
    if (!this.armed) this.clock.schedule(this, m.time);
  }

  override expire(now: number): void {
    for (let m = this.queue[0]; m && m.time <= now; m = this.queue[0]) {
      this.queue.shift();
      if (this.far) this.deliver(this.far, m);
      else m.free();
    }
    if (this.queue.length > 0) this.clock.schedule(this, this.queue[0].time);
  }

  private deliver(host: Stack, m: Mbuf): void {
    const entry = entryOf(host, m);
    this.onArrival(m, entry.name);
    host.input(m, entry);
  }
}

function entryOf(host: Stack, m: Mbuf): Interface {
  const outside = host.interfaces.filter((each) => !each.loopback);
  return host.addresses.find(ipv4.destination(m.view, m.off))?.interface ?? outside[0];
}
