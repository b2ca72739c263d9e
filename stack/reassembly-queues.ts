/**
 * Fragments that wait for the rest of their datagram, in queues as BSD's `ipq`. What the two families
 * do differently (which fragments are sound, what an overlap means, what is answered) stands in
 * `ip/reassemble.ts` and `ip6/reassemble6.ts`; here is what they share: order, time and memory.
 *
 * Memory is bounded twice: buffers in all, the oldest datagram going first, and buffers for one
 * source, whose excess is to be refused.
 */
import { SECOND, Timer } from "./clock.ts";
import type { Mbuf } from "./mbuf.ts";
import type { Stack } from "./stack.ts";
import type { DropReason } from "./stats.ts";

/** One datagram that is coming together. */
export class ReassemblyQueue extends Timer {
  readonly key: string;
  readonly source: number | string;
  /** Fragments by offset, without overlap; `off`/`len` are their data, `time` its offset in bytes. */
  head: Mbuf | null = null;
  fragments = 0;
  /** Bytes of data there are, and of the whole once its last fragment is here (else -1). */
  have = 0;
  total = -1;
  /** IPv6: where in the first fragment's packet stands the byte that names its fragment header. */
  namedAt = 0;
  private readonly timeOut: (queue: ReassemblyQueue) => void;

  constructor(key: string, source: number | string, timeOut: (queue: ReassemblyQueue) => void) {
    super();
    this.key = key;
    this.source = source;
    this.timeOut = timeOut;
  }

  get complete(): boolean {
    return this.have === this.total;
  }

  override expire(): void {
    this.timeOut(this);
  }
}

export class ReassemblyQueues {
  private readonly stack: Stack;
  private readonly timeOut: (queue: ReassemblyQueue) => void;
  /** In order of the first fragment's arrival. */
  private readonly queues = new Map<string, ReassemblyQueue>();
  private readonly bySource = new Map<number | string, number>();
  private held = 0;

  /** `timeOut` is told of a queue whose time is over, and discards it. */
  constructor(stack: Stack, timeOut: (queue: ReassemblyQueue) => void) {
    this.stack = stack;
    this.timeOut = timeOut;
  }

  /** Whether as many buffers wait from `source` as may. */
  isFull(source: number | string): boolean {
    return (this.bySource.get(source) ?? 0) >= this.stack.config.fragmentLimitPerSource;
  }

  /** The queue of the datagram `key`, which is given `seconds` if this is its first fragment. */
  find(key: string, source: number | string, seconds: number): ReassemblyQueue {
    let queue = this.queues.get(key);
    if (!queue) {
      queue = new ReassemblyQueue(key, source, this.timeOut);
      this.queues.set(key, queue);
      this.stack.clock.schedule(queue, this.stack.clock.now() + seconds * SECOND);
    }
    return queue;
  }

  /** Puts `m` between two neighbours (null: the end of the queue); `more` as in its header. */
  link(
    queue: ReassemblyQueue,
    before: Mbuf | null,
    m: Mbuf,
    after: Mbuf | null,
    more: boolean,
  ): void {
    m.next = after;
    if (before) before.next = m;
    else queue.head = m;
    if (!more) queue.total = m.time + m.len;
    queue.have += m.len;
    queue.fragments++;
    this.count(queue.source, 1);
  }

  /** Drops `m`, of which nothing is new; the caller closes the gap. */
  unlink(queue: ReassemblyQueue, m: Mbuf): void {
    queue.have -= m.len;
    queue.fragments--;
    this.count(queue.source, -1);
    this.stack.drop(m, "fragmentOverlap");
  }

  /** Gives up the oldest datagrams until no more is held than may be. */
  shrink(): void {
    const { fragmentLimit } = this.stack.config;
    for (const queue of this.queues.values()) {
      if (this.held <= fragmentLimit) return;
      this.discard(queue, "fragmentLimit");
    }
  }

  /**
   * Copies the pieces into one buffer, behind the first `header` bytes of the first one's packet, and
   * ends the queue. Null, and the datagram is lost, when there is no buffer.
   */
  join(queue: ReassemblyQueue, header: number): Mbuf | null {
    const { pool, stats } = this.stack;
    const first = queue.head as Mbuf;
    const whole = pool.get(header + queue.total);
    if (!whole) {
      this.discard(queue, "noBuffers");
      return null;
    }
    const at = whole.off;
    whole.bytes.set(first.bytes.subarray(first.ipAt, first.ipAt + header), at);
    for (let m: Mbuf | null = first; m; m = m.next) {
      whole.bytes.set(m.bytes.subarray(m.off, m.off + m.len), at + header + m.time);
    }
    whole.len = header + queue.total;
    whole.ipAt = at;
    whole.family = first.family;
    whole.sourceAt = at + (first.sourceAt - first.ipAt);
    whole.destinationAt = at + (first.destinationAt - first.ipAt);
    whole.rcvif = first.rcvif;
    whole.local = first.local;
    whole.flags = first.flags;
    stats.reassembled++;
    // The datagram goes on as one packet: its other pieces end here.
    stats.fragmentsMerged += queue.fragments - 1;
    this.release(queue);
    return whole;
  }

  /** Frees a datagram's fragments, each counted under `reason`. */
  discard(queue: ReassemblyQueue, reason: DropReason): void {
    for (let i = 0; i < queue.fragments; i++) this.stack.stats.drop(reason);
    this.release(queue);
  }

  /** Frees everything that waits. */
  clear(): void {
    for (const queue of this.queues.values()) this.discard(queue, "fragmentLimit");
  }

  private release(queue: ReassemblyQueue): void {
    this.stack.clock.cancel(queue);
    this.queues.delete(queue.key);
    this.count(queue.source, -queue.fragments);
    for (let m = queue.head; m; ) {
      const next: Mbuf | null = m.next;
      m.free();
      m = next;
    }
  }

  private count(source: number | string, by: number): void {
    this.held += by;
    this.stack.stats.fragmentsHeld += by;
    const held = (this.bySource.get(source) ?? 0) + by;
    if (held > 0) this.bySource.set(source, held);
    else this.bySource.delete(source);
  }
}
