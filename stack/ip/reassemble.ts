/**
 * Reassembly (RFC 791 section 3.2, RFC 1122 section 3.3.2): fragments wait in order of offset until
 * the datagram is whole, for at most `fragmentSeconds`.
 *
 * Where fragments overlap, the one that begins first keeps its bytes (4.4BSD's `ip_reass`): no later
 * arrival rewrites the transport header. Memory is bounded twice: buffers in all, the oldest datagram
 * going first, and buffers for one source, whose excess is refused.
 */
import { SECOND, Timer } from "../clock.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import * as ipv4 from "../wire/ipv4.ts";

/** One datagram that is coming together. */
class Datagram extends Timer {
  readonly owner: Reassembly;
  readonly key: string;
  readonly source: number;
  /** Fragments by offset, without overlap; `off`/`len` are their data. */
  head: Mbuf | null = null;
  fragments = 0;
  /** Bytes of data there are, and of the whole once its last fragment is here (else -1). */
  have = 0;
  total = -1;

  constructor(owner: Reassembly, key: string, source: number) {
    super();
    this.owner = owner;
    this.key = key;
    this.source = source;
  }

  override expire(): void {
    this.owner.timeOut(this);
  }
}

const offsetOf = (m: Mbuf): number => ipv4.fragmentOffset(m.view, m.ipAt);

export class Reassembly {
  private readonly stack: Stack;
  /** In order of the first fragment's arrival. */
  private readonly datagrams = new Map<string, Datagram>();
  private readonly bySource = new Map<number, number>();

  constructor(stack: Stack) {
    this.stack = stack;
  }

  /** Datagrams waiting now. */
  get size(): number {
    return this.datagrams.size;
  }

  /**
   * Takes a fragment that ends here and owns it. Returns the whole datagram when it was the last
   * one missing, with the header of the fragment of offset 0; else null.
   */
  add(m: Mbuf): Mbuf | null {
    const { stats, config, clock } = this.stack;
    const { view, ipAt } = m;
    stats.fragmentsReceived++;
    const header = ipv4.headerLength(view, ipAt);
    const size = ipv4.totalLength(view, ipAt) - header;
    const offset = ipv4.fragmentOffset(view, ipAt);
    const more = ipv4.moreFragments(view, ipAt);
    if (size === 0 || (more && size % 8 !== 0) || offset + size > 0xffff - header) {
      this.stack.drop(m, "badFragment");
      return null;
    }
    const source = ipv4.source(view, ipAt);
    if ((this.bySource.get(source) ?? 0) >= config.fragmentLimitPerSource) {
      this.stack.drop(m, "fragmentLimit");
      return null;
    }
    const key = `${source}/${ipv4.destination(view, ipAt)}/${view.getUint8(ipAt + 9)}/${view.getUint16(ipAt + 4)}`;
    let datagram = this.datagrams.get(key);
    if (!datagram) {
      datagram = new Datagram(this, key, source);
      this.datagrams.set(key, datagram);
      clock.schedule(datagram, clock.now() + config.fragmentSeconds * SECOND);
    }
    m.trimFront(header);
    if (!this.insert(datagram, m, offset, size, more)) return null;
    if (datagram.have === datagram.total) return this.join(datagram);
    while (stats.fragmentsHeld > config.fragmentLimit) this.evictOldest();
    return null;
  }

  /** Gives up a datagram whose time is over, telling its sender if the first fragment was here. */
  timeOut(datagram: Datagram): void {
    const first = datagram.head;
    if (first && offsetOf(first) === 0) this.stack.icmp.sendError(first, 11, 1, 0);
    this.discard(datagram, "fragmentTimeout");
  }

  /** Frees everything that waits. */
  clear(): void {
    for (const datagram of this.datagrams.values()) this.discard(datagram, "fragmentLimit");
  }

  /** Puts `m` in its place, cut to what is new. False when it was dropped. */
  private insert(d: Datagram, m: Mbuf, at: number, size: number, more: boolean): boolean {
    const end = at + size;
    const wrongEnd = d.total >= 0 && (more ? end > d.total : end !== d.total);
    if (wrongEnd || (!more && this.endOf(d) > end)) {
      this.stack.drop(m, "badFragment");
      return false;
    }
    let before: Mbuf | null = null;
    let after = d.head;
    while (after && offsetOf(after) <= at) {
      before = after;
      after = after.next;
    }
    // The newcomer loses what its predecessor has; its successors lose what it has.
    const from = before ? Math.max(at, offsetOf(before) + before.len) : at;
    if (from >= end) {
      this.stack.drop(m, "fragmentOverlap");
      return false;
    }
    after = this.trimBehind(d, after, end);
    m.trimFront(from - at);
    m.len = end - from;
    ipv4.setFragmentWord(m.view, m.ipAt, (more ? ipv4.IP_MF : 0) | (from >>> 3));
    m.next = after;
    if (before) before.next = m;
    else d.head = m;
    if (!more) d.total = end;
    d.have += m.len;
    d.fragments++;
    this.count(d.source, 1);
    return true;
  }

  /** Cuts from the fragments at `after` what lies before `end`; returns the first that remains. */
  private trimBehind(d: Datagram, after: Mbuf | null, end: number): Mbuf | null {
    let m = after;
    while (m && offsetOf(m) + m.len <= end) {
      const next: Mbuf | null = m.next;
      d.have -= m.len;
      d.fragments--;
      this.count(d.source, -1);
      this.stack.drop(m, "fragmentOverlap");
      m = next;
    }
    if (m && offsetOf(m) < end) {
      const cut = end - offsetOf(m);
      d.have -= cut;
      m.trimFront(cut);
      ipv4.setFragmentWord(
        m.view,
        m.ipAt,
        (ipv4.fragmentWord(m.view, m.ipAt) & ipv4.IP_MF) | (end >>> 3),
      );
    }
    return m;
  }

  private endOf(d: Datagram): number {
    let end = 0;
    for (let m = d.head; m; m = m.next) end = offsetOf(m) + m.len;
    return end;
  }

  /** Copies the pieces behind the first one's header into one buffer. */
  private join(d: Datagram): Mbuf | null {
    const { stack } = this;
    const first = d.head as Mbuf;
    const header = ipv4.headerLength(first.view, first.ipAt);
    const whole = stack.pool.get(header + d.total);
    if (!whole) {
      this.discard(d, "noBuffers");
      return null;
    }
    const at = whole.off;
    whole.bytes.set(first.bytes.subarray(first.ipAt, first.ipAt + header), at);
    for (let m: Mbuf | null = first; m; m = m.next) {
      whole.bytes.set(m.bytes.subarray(m.off, m.off + m.len), at + header + offsetOf(m));
    }
    whole.len = header + d.total;
    whole.ipAt = at;
    whole.family = 4;
    whole.rcvif = first.rcvif;
    whole.local = first.local;
    whole.flags = first.flags;
    ipv4.setFragmentWord(whole.view, at, 0);
    ipv4.setTotalLength(whole.view, at, whole.len);
    stack.stats.reassembled++;
    // The datagram goes on as one packet: its other pieces end here.
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

  /** Frees a datagram's fragments, each counted under `reason`. */
  private discard(d: Datagram, reason: "fragmentTimeout" | "fragmentLimit" | "noBuffers"): void {
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

  private count(source: number, by: number): void {
    this.stack.stats.fragmentsHeld += by;
    const held = (this.bySource.get(source) ?? 0) + by;
    if (held > 0) this.bySource.set(source, held);
    else this.bySource.delete(source);
  }
}
