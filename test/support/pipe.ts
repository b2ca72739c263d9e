/** A one-way link between two stacks on virtual time, with faults drawn from a seeded stream. */
import { type Clock, MICROSECOND, Timer } from "../../stack/clock.ts";
import type { Device, Interface } from "../../stack/interface.ts";
import type { Mbuf } from "../../stack/mbuf.ts";
import type { Stack } from "../../stack/stack.ts";
import type { TestRandom } from "./random.ts";

/** Chances in thousandths, each packet judged by itself. */
export interface Faults {
  loss: number;
  duplicate: number;
  /** Held back for up to ten delays. */
  reorder: number;
  /** One bit flipped somewhere in the packet. */
  corrupt: number;
}

export class Pipe extends Timer implements Device {
  /** Nanoseconds one way. */
  delay = 50 * MICROSECOND;
  faults: Faults | null = null;
  /** Set by whoever wires it: where packets come out. */
  to: { stack: Stack; interface: Interface } | null = null;
  /** Sees every packet that is sent, before any fault. */
  tap: ((m: Mbuf) => void) | null = null;
  /** Returns true for a packet that shall be lost. */
  lose: ((m: Mbuf) => boolean) | null = null;
  packets = 0;
  private readonly clock: Clock;
  private readonly random: TestRandom;
  private head: Mbuf | null = null;
  private tail: Mbuf | null = null;

  constructor(clock: Clock, random: TestRandom) {
    super();
    this.clock = clock;
    this.random = random;
  }

  transmit(m: Mbuf): void {
    this.packets++;
    this.tap?.(m);
    if (this.lose?.(m)) {
      m.free();
      return;
    }
    let hold = 0;
    if (this.faults) {
      const { loss, duplicate, reorder, corrupt } = this.faults;
      if (this.random.below(1000) < loss) {
        m.free();
        return;
      }
      if (this.random.below(1000) < duplicate) {
        const copy = m.pool.copy(m);
        if (copy) this.enqueue(copy, this.delay + this.random.below(5 * this.delay));
      }
      if (this.random.below(1000) < corrupt) {
        m.bytes[m.off + this.random.below(m.len)] ^= 1 << this.random.below(8);
      }
      if (this.random.below(1000) < reorder) hold = this.random.below(10 * this.delay);
    }
    this.enqueue(m, this.delay + hold);
  }

  override expire(now: number): void {
    while (this.head && this.head.time <= now) {
      const m = this.head;
      this.head = m.next;
      if (!this.head) this.tail = null;
      m.next = null;
      if (this.to) this.to.stack.input(m, this.to.interface);
      else m.free();
    }
    if (this.head && !this.armed) this.clock.schedule(this, this.head.time);
  }

  private enqueue(m: Mbuf, after: number): void {
    const at = this.clock.now() + after;
    m.time = at;
    m.next = null;
    if (!this.tail || !this.head) {
      this.head = m;
      this.tail = m;
    } else if (this.tail.time <= at) {
      this.tail.next = m;
      this.tail = m;
    } else if (at < this.head.time) {
      m.next = this.head;
      this.head = m;
    } else {
      let before: Mbuf = this.head;
      while (before.next && before.next.time <= at) before = before.next;
      m.next = before.next;
      before.next = m;
    }
    if (!this.armed || this.head.time < this.at) this.clock.schedule(this, this.head.time);
  }
}
