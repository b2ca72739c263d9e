/**
 * A one-way link on virtual time: delay, rate, a queue that overflows, and faults drawn from a
 * stream of its own, so that one link's luck never changes another's.
 *
 * Packets wait in one list ordered by when they arrive; one wake-up call serves all of them.
 */
import { type Clock, type Random, Timer } from "../../stack/clock.ts";
import type { Device } from "../../stack/interface.ts";
import type { Mbuf } from "../../stack/mbuf.ts";
import type { Ledger, Loss } from "./ledger.ts";
import type { OptionFilter } from "./option-filter.ts";
import type { Port } from "./port.ts";
import type { Tap } from "./tap.ts";

export interface LinkOptions {
  /** Nanoseconds from the last bit sent to its arrival. */
  delay: number;
  /** Bits in a second, 0 for no limit. */
  rate: number;
  /** Packets that wait for the sender at most, where there is a rate. */
  queue: number;
  /** Chance of each packet to be lost, doubled, held back, or to have one bit flipped. */
  loss: number;
  duplicate: number;
  reorder: number;
  corrupt: number;
  /** Longest extra time that a packet is held back, nanoseconds. */
  jitter: number;
  /** Bytes of the largest packet, which the interface in front of the link sees to. */
  mtu: number;
}

const PERFECT_LINK: Readonly<LinkOptions> = {
  delay: 0,
  rate: 0,
  queue: 1000,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
  jitter: 5_000_000,
  mtu: 1500,
};

export class Link extends Timer implements Device {
  readonly name: string;
  readonly options: Readonly<LinkOptions>;
  /** Packets that come to a link that is down are lost. */
  up = true;
  /** Where packets come out; set by whoever wires the network. */
  to: Port | null = null;
  filter: OptionFilter | null = null;
  /** Sees packets as they enter, and as they leave. */
  sentTap: Tap | null = null;
  arrivalTap: Tap | null = null;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly ledger: Ledger;
  private readonly faulty: boolean;
  private head: Mbuf | null = null;
  private tail: Mbuf | null = null;
  /** When the sender has put the last bit of what was sent so far on the line. */
  private busyUntil = 0;

  constructor(
    name: string,
    clock: Clock,
    random: Random,
    ledger: Ledger,
    options: Partial<LinkOptions>,
  ) {
    super();
    this.name = name;
    this.clock = clock;
    this.random = random;
    this.ledger = ledger;
    this.options = { ...PERFECT_LINK, ...options };
    const { loss, duplicate, reorder, corrupt } = this.options;
    this.faulty = loss + duplicate + reorder + corrupt > 0;
  }

  transmit(m: Mbuf): void {
    const { ledger } = this;
    ledger.sent++;
    const now = this.clock.now();
    if (this.sentTap) this.sentTap.take(now, m);
    if (!this.up) {
      this.lose(m, "down");
      return;
    }
    let at = now + this.options.delay;
    if (this.filter !== null) {
      const wait = this.filter.wait(m, now);
      if (wait < 0) {
        this.lose(m, "option filter");
        return;
      }
      at += wait;
    }
    if (this.options.rate > 0) {
      const serial = (m.len * 8e9) / this.options.rate;
      const start = Math.max(now, this.busyUntil);
      if (start - now > this.options.queue * serial) {
        this.lose(m, "queue");
        return;
      }
      this.busyUntil = start + serial;
      at += Math.ceil(start - now + serial);
    }
    if (this.faulty) this.tempt(m, at);
    else this.enqueue(m, at);
  }

  override expire(now: number): void {
    let m = this.head;
    while (m !== null && m.time <= now) {
      this.head = m.next;
      if (this.head === null) this.tail = null;
      m.next = null;
      this.deliver(m, now);
      m = this.head;
    }
    if (m !== null && !this.armed) this.clock.schedule(this, m.time);
  }

  private deliver(m: Mbuf, now: number): void {
    const { ledger } = this;
    ledger.inFlight--;
    if (!this.up) {
      this.lose(m, "down");
      return;
    }
    if (this.arrivalTap) this.arrivalTap.take(now, m);
    if (this.to === null) {
      this.lose(m, "nobody");
      return;
    }
    ledger.delivered++;
    this.to.receive(m);
  }

  private lose(m: Mbuf, why: Loss): void {
    this.ledger.lost[why]++;
    m.free();
  }

  /** The link's faults, drawn in an order that does not depend on their outcome. */
  private tempt(m: Mbuf, at: number): void {
    const { loss, duplicate, reorder, corrupt, jitter } = this.options;
    const lost = this.draw() < loss;
    const doubled = this.draw() < duplicate;
    const held = this.draw() < reorder;
    const damaged = this.draw() < corrupt;
    const hold = Math.floor(this.draw() * jitter);
    const where = this.draw();
    if (lost) {
      this.lose(m, "loss");
      return;
    }
    if (doubled) {
      const copy = m.pool.copy(m);
      if (copy) {
        this.ledger.duplicated++;
        this.enqueue(copy, at);
      }
    }
    if (damaged) {
      this.ledger.corrupted++;
      const bit = Math.floor(where * m.len * 8);
      m.bytes[m.off + (bit >>> 3)] ^= 1 << (bit & 7);
    }
    if (held) this.ledger.reordered++;
    this.enqueue(m, held ? at + hold : at);
  }

  private draw(): number {
    return this.random.word() / 0x100000000;
  }

  private enqueue(m: Mbuf, at: number): void {
    this.ledger.inFlight++;
    m.time = at;
    m.next = null;
    if (this.tail === null || this.head === null) {
      this.head = m;
      this.tail = m;
    } else if (this.tail.time <= at) {
      this.tail.next = m;
      this.tail = m;
      return;
    } else if (at < this.head.time) {
      m.next = this.head;
      this.head = m;
    } else {
      let before: Mbuf = this.head;
      while (before.next && before.next.time <= at) before = before.next;
      m.next = before.next;
      before.next = m;
      return;
    }
    this.clock.schedule(this, this.head.time);
  }
}
