/**
 * The loopback device: what it is given comes back as input, after the sender has returned (the
 * BSDs' software interrupt; here a timer due now), so that no protocol is entered twice at a time.
 */
import { Timer } from "./clock.ts";
import type { Device, Interface } from "./interface.ts";
import type { Mbuf } from "./mbuf.ts";
import type { Stack } from "./stack.ts";

export class Loopback extends Timer implements Device {
  /** Set once the stack has made it. */
  interface: Interface | null = null;
  private readonly stack: Stack;
  private head: Mbuf | null = null;
  private tail: Mbuf | null = null;

  constructor(stack: Stack) {
    super();
    this.stack = stack;
  }

  transmit(m: Mbuf): void {
    m.next = null;
    if (this.tail) this.tail.next = m;
    else this.head = m;
    this.tail = m;
    if (!this.armed) this.stack.clock.schedule(this, this.stack.clock.now());
  }

  override expire(): void {
    // Only what is queued now: what these packets cause comes in the next round.
    let m = this.head;
    this.head = null;
    this.tail = null;
    while (m) {
      const next: Mbuf | null = m.next;
      m.next = null;
      if (this.interface) this.stack.input(m, this.interface);
      m = next;
    }
  }
}
