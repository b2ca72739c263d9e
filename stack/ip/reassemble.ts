/**
 * Reassembly (RFC 791 section 3.2, RFC 1122 section 3.3.2): fragments wait in order of offset until
 * the datagram is whole, for at most `fragmentSeconds`.
 *
 * Where fragments overlap, the one that begins first keeps its bytes (4.4BSD's `ip_reass`): no later
 * arrival rewrites the transport header.
 */
import type { Mbuf } from "../mbuf.ts";
import { type ReassemblyQueue, ReassemblyQueues } from "../reassembly-queues.ts";
import type { Stack } from "../stack.ts";
import { ICMP_TIME_EXCEEDED, ICMP_TIME_EXCEEDED_REASSEMBLY } from "../wire/icmp.ts";
import * as ipv4 from "../wire/ipv4.ts";

export class Reassembly {
  private readonly stack: Stack;
  private readonly queues: ReassemblyQueues;

  constructor(stack: Stack) {
    this.stack = stack;
    this.queues = new ReassemblyQueues(stack, (queue) => this.timeOut(queue));
  }

  /**
   * Takes a fragment that ends here and owns it. Returns the whole datagram when it was the last
   * one missing, with the header of the fragment of offset 0; else null.
   */
  add(m: Mbuf): Mbuf | null {
    const { stack, queues } = this;
    const { view, ipAt } = m;
    stack.stats.fragmentsReceived++;
    const header = ipv4.headerLength(view, ipAt);
    const size = ipv4.totalLength(view, ipAt) - header;
    const offset = ipv4.fragmentOffset(view, ipAt);
    const more = ipv4.moreFragments(view, ipAt);
    if (size === 0 || (more && size % 8 !== 0) || offset + size > 0xffff - header) {
      stack.drop(m, "badFragment");
      return null;
    }
    const source = ipv4.source(view, ipAt);
    if (queues.isFull(source)) {
      stack.drop(m, "fragmentLimit");
      return null;
    }
    const key = `${source}/${ipv4.destination(view, ipAt)}/${view.getUint8(ipAt + 9)}/${view.getUint16(ipAt + 4)}`;
    const queue = queues.find(key, source, stack.config.fragmentSeconds);
    m.trimFront(header);
    m.time = offset;
    if (!this.insert(queue, m, more)) return null;
    if (queue.complete) return this.join(queue);
    queues.shrink();
    return null;
  }

  /** Frees everything that waits. */
  clear(): void {
    this.queues.clear();
  }

  /** Gives up a datagram whose time is over, telling its sender if the first fragment was here. */
  private timeOut(queue: ReassemblyQueue): void {
    const first = queue.head;
    if (first && first.time === 0) {
      this.stack.icmp.sendError(first, ICMP_TIME_EXCEEDED, ICMP_TIME_EXCEEDED_REASSEMBLY, 0);
    }
    this.queues.discard(queue, "fragmentTimeout");
  }

  /** Puts `m` in its place, cut to what is new. False when it was dropped. */
  private insert(queue: ReassemblyQueue, m: Mbuf, more: boolean): boolean {
    const end = m.time + m.len;
    const wrongEnd = queue.total >= 0 && (more ? end > queue.total : end !== queue.total);
    if (wrongEnd || (!more && endOf(queue) > end)) {
      this.stack.drop(m, "badFragment");
      return false;
    }
    let before: Mbuf | null = null;
    let after = queue.head;
    while (after && after.time <= m.time) {
      before = after;
      after = after.next;
    }
    // The newcomer loses what its predecessor has; its successors lose what it has.
    const covered = before ? before.time + before.len - m.time : 0;
    if (covered >= m.len) {
      this.stack.drop(m, "fragmentOverlap");
      return false;
    }
    if (covered > 0) cutFront(m, covered);
    after = this.trimBehind(queue, after, end);
    this.queues.link(queue, before, m, after, more);
    return true;
  }

  /** Cuts from the fragments at `after` what lies before `end`; returns the first that remains. */
  private trimBehind(queue: ReassemblyQueue, after: Mbuf | null, end: number): Mbuf | null {
    let m = after;
    while (m && m.time + m.len <= end) {
      const next: Mbuf | null = m.next;
      this.queues.unlink(queue, m);
      m = next;
    }
    if (m && m.time < end) {
      queue.have -= end - m.time;
      cutFront(m, end - m.time);
    }
    return m;
  }

  private join(queue: ReassemblyQueue): Mbuf | null {
    const first = queue.head as Mbuf;
    const whole = this.queues.join(queue, ipv4.headerLength(first.view, first.ipAt));
    if (!whole) return null;
    ipv4.setFragmentWord(whole.view, whole.ipAt, 0);
    ipv4.setTotalLength(whole.view, whole.ipAt, whole.len);
    return whole;
  }
}

/** Takes `length` bytes off the front of a fragment's data. */
function cutFront(m: Mbuf, length: number): void {
  m.trimFront(length);
  m.time += length;
}

function endOf(queue: ReassemblyQueue): number {
  let end = 0;
  for (let m = queue.head; m; m = m.next) end = m.time + m.len;
  return end;
}
