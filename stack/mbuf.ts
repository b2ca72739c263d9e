/**
 * Packet buffers. **Whoever is handed an Mbuf owns it, and passes it on or frees it, once.**
 *
 * A packet lies in one piece with room before it, so that each layer puts its header in front
 * without copying. Buffers come from a pool that all stacks of one network share: a packet crosses
 * links and routers in the same memory, and `pool.outstanding` is 0 when nobody leaks. What layers
 * tell each other about a packet stands in fields of its Mbuf, so that no packet costs an object.
 */
import type { Interface, InterfaceAddress } from "./interface.ts";
import type { In6Addr } from "./ip6/in6-addr.ts";

/** Room kept in front of a new packet: link 14, IPv4 60, TCP 60, to a multiple of 16. */
export const HEADROOM = 144;

/** `Mbuf.flags`: arrived by link-layer broadcast or multicast (never answered with an error). */
export const M_LINK_BROADCAST = 1;
/** The destination is a broadcast or multicast address. */
export const M_BROADCAST = 2;
/** Storage sizes: an Ethernet frame, a jumbo frame or loopback packet, the largest datagram. */
const CLASSES = [2048, 16384 + 512, 65536 + 512];

export class Mbuf {
  readonly pool: MbufPool;
  /** Index of the storage size. */
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** The current layer's first byte, and how many there are from it. */
  off = HEADROOM;
  len = 0;
  /** Link in whatever queue holds the packet; null outside queues. */
  next: Mbuf | null = null;
  /** Free for whoever queues the packet: nanoseconds on a link, the offset in bytes of a fragment. */
  time = 0;
  flags = 0;
  /** 4 or 6 once IP has seen it. */
  family = 0;
  /** Where the IP header begins; `off` moves on to the transport header. */
  ipAt = 0;
  /** Protocol of what begins at `off`, extension headers passed. */
  protocol = 0;
  /** Where the sender's and the final receiver's addresses stand, 4 or 16 bytes each. */
  sourceAt = 0;
  destinationAt = 0;
  /** The own address it was sent to, null for multicast and broadcast. */
  local: InterfaceAddress | null = null;
  /** The interface it came in by, null for one made here. */
  rcvif: Interface | null = null;
  /** Set for `Interface.output`: the neighbour to hand it to; IPv6 on-link: null. */
  nextHop = 0;
  nextHop6: In6Addr | null = null;
  inUse = false;

  constructor(pool: MbufPool, size: number) {
    this.pool = pool;
    this.size = size;
    const storage = new ArrayBuffer(CLASSES[size]);
    this.bytes = new Uint8Array(storage);
    this.view = new DataView(storage);
  }

  /** Bytes that fit behind the present end. */
  get tailroom(): number {
    return this.bytes.length - this.off - this.len;
  }

  /** Moves the beginning back by `length` bytes, shifting the packet when there is no room. */
  prepend(length: number): boolean {
    if (this.off < length) {
      const to = this.off + this.tailroom;
      if (to < length) return false;
      this.bytes.copyWithin(to, this.off, this.off + this.len);
      this.off = to;
    }
    this.off -= length;
    this.len += length;
    return true;
  }

  /** Removes `length` bytes from the front. */
  trimFront(length: number): void {
    this.off += length;
    this.len -= length;
  }

  /** Gives the buffer back. */
  free(): void {
    this.pool.put(this);
  }
}

export class MbufPool {
  /** Buffers handed out and not freed: 0 at the end, or someone leaks. */
  outstanding = 0;
  /** Buffers ever made: what memory is bounded by. */
  made = 0;
  /** Requests refused because `limit` was reached. */
  denied = 0;
  private readonly limit: number;
  private readonly idle: Mbuf[][] = CLASSES.map(() => []);

  /** `limit`: most buffers handed out at once; `get` returns null beyond (BSD's ENOBUFS). */
  constructor(limit = Infinity) {
    this.limit = limit;
  }

  /** An empty packet with `HEADROOM` before it and room for `length` bytes, or null. */
  get(length = 0): Mbuf | null {
    let size = 0;
    while (size < CLASSES.length && CLASSES[size] < length + HEADROOM) size++;
    if (size === CLASSES.length || this.outstanding >= this.limit) {
      this.denied++;
      return null;
    }
    this.outstanding++;
    const m = this.idle[size].pop() ?? this.make(size);
    m.off = HEADROOM;
    m.len = 0;
    m.flags = 0;
    m.family = 0;
    m.rcvif = null;
    m.nextHop6 = null;
    m.inUse = true;
    return m;
  }

  /** A packet holding a copy of `bytes`, or null. */
  from(bytes: Uint8Array): Mbuf | null {
    const m = this.get(bytes.length);
    if (!m) return null;
    m.bytes.set(bytes, m.off);
    m.len = bytes.length;
    return m;
  }

  /** A copy of `m`'s bytes and of what is known about them, or null. */
  copy(m: Mbuf): Mbuf | null {
    const copy = this.get(m.len);
    if (!copy) return null;
    copy.bytes.set(m.bytes.subarray(m.off, m.off + m.len), copy.off);
    copy.len = m.len;
    copy.flags = m.flags;
    copy.family = m.family;
    copy.rcvif = m.rcvif;
    copy.nextHop = m.nextHop;
    copy.nextHop6 = m.nextHop6;
    return copy;
  }

  /** Takes a buffer back; freeing one twice is a defect of ours, found at once. */
  put(m: Mbuf): void {
    if (!m.inUse) throw new Error("unreachable: an Mbuf was freed twice");
    m.inUse = false;
    m.next = null;
    this.outstanding--;
    this.idle[m.size].push(m);
  }

  private make(size: number): Mbuf {
    this.made++;
    return new Mbuf(this, size);
  }
}
