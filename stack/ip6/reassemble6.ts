/**
 * IPv6 reassembly (RFC 8200 section 4.5). A datagram with overlapping fragments is thrown away whole
 * (RFC 5722); only an exact repetition is forgiven. Bounds are those of IPv4 reassembly, the time is
 * twice as long.
 */
import type { Mbuf } from "../mbuf.ts";
import { type ReassemblyQueue, ReassemblyQueues } from "../reassembly-queues.ts";
import type { Stack } from "../stack.ts";
import { PARAMETER_PROBLEM, TIME_EXCEEDED } from "./icmp6.ts";

/** ICMPv6 code of `TIME_EXCEEDED`: fragments missing when the time was over. */
const REASSEMBLY = 1;
const FRAGMENT_HEADER_LENGTH = 8;

export class Reassembly6 {
  private readonly stack: Stack;
  private readonly queues: ReassemblyQueues;

  constructor(stack: Stack) {
    this.stack = stack;
    this.queues = new ReassemblyQueues(stack, (queue) => this.timeOut(queue));
  }

  /**
   * Takes the packet at `m.ipAt`, whose fragment header is `at` bytes from there, named by the byte
   * at `namedAt`, and owns it. Returns the whole packet when this was the last piece missing.
   */
  add(m: Mbuf, at: number, namedAt: number): Mbuf | null {
    const { stack, queues } = this;
    const { view, ipAt } = m;
    stack.stats.fragmentsReceived++;
    const word = view.getUint16(ipAt + at + 2);
    const offset = word & 0xfff8;
    const more = (word & 1) !== 0;
    const size = m.len - at - FRAGMENT_HEADER_LENGTH;
    if (more && size % 8 !== 0) {
      stack.icmp6.error(m, PARAMETER_PROBLEM, 0, 4, "badFragment");
      return null;
    }
    if (offset + size > 0xffff - (at - 40)) {
      stack.icmp6.error(m, PARAMETER_PROBLEM, 0, at + 2, "badFragment");
      return null;
    }
    const source = textAt(view, ipAt + 8);
    if (queues.isFull(source) || size === 0) {
      stack.drop(m, size === 0 ? "badFragment" : "fragmentLimit");
      return null;
    }
    const key = `${source}/${textAt(view, ipAt + 24)}/${view.getUint32(ipAt + at + 4)}`;
    const queue = queues.find(key, source, 2 * stack.config.fragmentSeconds);
    m.trimFront(at + FRAGMENT_HEADER_LENGTH);
    m.time = offset;
    if (!this.insert(queue, m, more)) return null;
    if (offset === 0) queue.namedAt = namedAt;
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
    if (first && first.time === 0) this.stack.icmp6.sendError(first, TIME_EXCEEDED, REASSEMBLY, 0);
    this.queues.discard(queue, "fragmentTimeout");
  }

  /** Puts `m` in its place. False when it was dropped, perhaps with all that was there. */
  private insert(queue: ReassemblyQueue, m: Mbuf, more: boolean): boolean {
    const end = m.time + m.len;
    let before: Mbuf | null = null;
    let after = queue.head;
    while (after && after.time < m.time) {
      before = after;
      after = after.next;
    }
    if (after && after.time === m.time && after.len === m.len) {
      this.stack.drop(m, "fragmentOverlap");
      return false;
    }
    const overlaps = (before && before.time + before.len > m.time) || (after && after.time < end);
    const wrongEnd = queue.total >= 0 && (more ? end > queue.total : end !== queue.total);
    if (overlaps || wrongEnd || (!more && after)) {
      this.stack.drop(m, "fragmentOverlap");
      this.queues.discard(queue, "fragmentOverlap");
      return false;
    }
    this.queues.link(queue, before, m, after, more);
    return true;
  }

  /** The whole packet: the fragment header is gone, and who named it names what was behind it. */
  private join(queue: ReassemblyQueue): Mbuf | null {
    const first = queue.head as Mbuf;
    const { namedAt } = queue;
    const fragmentHeader = first.off - FRAGMENT_HEADER_LENGTH;
    const upper = first.bytes[fragmentHeader];
    const whole = this.queues.join(queue, fragmentHeader - first.ipAt);
    if (!whole) return null;
    whole.bytes[whole.ipAt + namedAt] = upper;
    whole.view.setUint16(whole.ipAt + 4, whole.len - 40);
    return whole;
  }
}

/** An address as a key; fragments are rare enough for text. */
const textAt = (view: DataView, at: number): string =>
  `${view.getUint32(at)}.${view.getUint32(at + 4)}.${view.getUint32(at + 8)}.${view.getUint32(at + 12)}`;
