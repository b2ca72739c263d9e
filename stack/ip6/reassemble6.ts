/**
 * IPv6 reassembly (RFC 8200 section 4.5). A datagram with overlapping fragments is thrown away whole
 * (RFC 5722); only an exact repetition is forgiven. Bounds are those of IPv4 reassembly.
 */
import { SECOND, Timer } from "../clock.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import { PARAMETER_PROBLEM, TIME_EXCEEDED } from "./icmp6.ts";

/** ICMPv6 code of `TIME_EXCEEDED`: fragments missing when the time was over. */
const REASSEMBLY = 1;

class Datagram extends Timer {
  readonly owner: Reassembly6;
  readonly key: string;
  readonly source: string;
  /** Fragments by offset; `off`/`len` are their data, `time` their offset in bytes. */
  head: Mbuf | null = null;
  fragments = 0;
  have = 0;
  total = -1;
  /** Bytes before the fragment header in the first fragment, and where its next-header byte is. */
  repeated = 0;
  namedAt = 0;

  constructor(owner: Reassembly6, key: string, source: string) {
    super();
    this.owner = owner;
    this.key = key;
    this.source = source;
  }

  override expire(): void {
    this.owner.timeOut(this);
  }
}

export class Reassembly6 {
  private readonly stack: Stack;
  private readonly datagrams = new Map<string, Datagram>();
  private readonly bySource = new Map<string, number>();
  private held = 0;

  constructor(stack: Stack) {
    this.stack = stack;
  }

  /**
   * Takes the packet at `m.ipAt`, whose fragment header is `at` bytes from there, named by the byte
   * at `namedAt`, and owns it. Returns the whole packet when this was the last piece missing.
   */
  add(m: Mbuf, at: number, namedAt: number): Mbuf | null {
    const { config, stats, clock, icmp6 } = this.stack;
    const { view, ipAt } = m;
    stats.fragmentsReceived++;
    const word = view.getUint16(ipAt + at + 2);
    const offset = word & 0xfff8;
    const more = (word & 1) !== 0;
    const size = m.len - at - 8;
    if (more && size % 8 !== 0) {
      icmp6.error(m, PARAMETER_PROBLEM, 0, 4, "badFragment");
      return null;
    }
    if (offset + size > 0xffff - (at - 40)) {
      icmp6.error(m, PARAMETER_PROBLEM, 0, at + 2, "badFragment");
      return null;
    }
    const source = textAt(view, ipAt + 8);
    if ((this.bySource.get(source) ?? 0) >= config.fragmentLimitPerSource || size === 0) {
      this.stack.drop(m, size === 0 ? "badFragment" : "fragmentLimit");
      return null;
    }
    const key = `${source}/${textAt(view, ipAt + 24)}/${view.getUint32(ipAt + at + 4)}`;
    let datagram = this.datagrams.get(key);
    if (!datagram) {
      datagram = new Datagram(this, key, source);
      this.datagrams.set(key, datagram);
      clock.schedule(datagram, clock.now() + 2 * config.fragmentSeconds * SECOND);
    }
    m.trimFront(at + 8);
    m.time = offset;
    if (!this.insert(datagram, m, more)) return null;
    if (offset === 0) {
      datagram.repeated = at;
      datagram.namedAt = namedAt;
    }
    if (datagram.have === datagram.total) return this.join(datagram);
    while (this.held > config.fragmentLimit) this.evictOldest();
    return null;
  }

  /** Gives up a datagram whose time is over, telling its sender if the first fragment was here. */
  timeOut(d: Datagram): void {
    if (d.head && d.head.time === 0) {
      this.stack.icmp6.sendError(d.head, TIME_EXCEEDED, REASSEMBLY, 0);
    }
    this.discard(d, "fragmentTimeout");
  }

  clear(): void {
    for (const datagram of this.datagrams.values()) this.discard(datagram, "fragmentLimit");
  }

  private insert(d: Datagram, m: Mbuf, more: boolean): boolean {
    const end = m.time + m.len;
    let before: Mbuf | null = null;
    let after = d.head;
    while (after && after.time < m.time) {
      before = after;
      after = after.next;
    }
    if (after && after.time === m.time && after.len === m.len) {
      this.stack.drop(m, "fragmentOverlap");
      return false;
    }
    const overlaps = (before && before.time + before.len > m.time) || (after && after.time < end);
    const wrongEnd = d.total >= 0 && (more ? end > d.total : end !== d.total);
    if (overlaps || wrongEnd || (!more && after)) {
      this.stack.drop(m, "fragmentOverlap");
      this.discard(d, "fragmentOverlap");
      return false;
    }
    m.next = after;
    if (before) before.next = m;
    else d.head = m;
    if (!more) d.total = end;
    d.have += m.len;
    d.fragments++;
    this.count(d.source, 1);
    return true;
  }

  private join(d: Datagram): Mbuf | null {
    const { stack } = this;
    const first = d.head as Mbuf;
    const { ipAt } = first;
    const whole = stack.pool.get(d.repeated + d.total);
    if (!whole) {
      this.discard(d, "noBuffers");
      return null;
    }
    const at = whole.off;
    whole.bytes.set(first.bytes.subarray(ipAt, ipAt + d.repeated), at);
    whole.bytes[at + d.namedAt] = first.bytes[ipAt + d.repeated];
    for (let m: Mbuf | null = first; m; m = m.next) {
      whole.bytes.set(m.bytes.subarray(m.off, m.off + m.len), at + d.repeated + m.time);
    }
    whole.len = d.repeated + d.total;
    whole.view.setUint16(at + 4, whole.len - 40);
    whole.ipAt = at;
    whole.family = 6;
    whole.sourceAt = at + (first.sourceAt - ipAt);
    whole.destinationAt = at + 24;
    whole.rcvif = first.rcvif;
    whole.flags = first.flags;
    stack.stats.reassembled++;
    stack.stats.fragmentsMerged += d.fragments - 1;
    this.release(d);
    return whole;
  }

  private evictOldest(): void {
    for (const datagram of this.datagrams.values()) {
      this.discard(datagram, "fragmentLimit");
      return;
    }
  }

  private discard(
    d: Datagram,
    reason: "fragmentTimeout" | "fragmentLimit" | "fragmentOverlap" | "noBuffers",
  ): void {
    for (let i = 0; i < d.fragments; i++) this.stack.stats.drop(reason);
    this.release(d);
  }

  private release(d: Datagram): void {
    this.stack.clock.cancel(d);
    this.datagrams.delete(d.key);
    this.count(d.source, -d.fragments);
    for (let m = d.head; m; ) {
      const next: Mbuf | null = m.next;
      m.free();
      m = next;
    }
  }

  private count(source: string, by: number): void {
    this.held += by;
    this.stack.stats.fragmentsHeld += by;
    const held = (this.bySource.get(source) ?? 0) + by;
    if (held > 0) this.bySource.set(source, held);
    else this.bySource.delete(source);
  }
}

/** An address as a key; fragments are rare enough for text. */
const textAt = (view: DataView, at: number): string =>
  `${view.getUint32(at)}.${view.getUint32(at + 4)}.${view.getUint32(at + 8)}.${view.getUint32(at + 12)}`;
