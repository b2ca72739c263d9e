/**
 * Flows and a number for each, in typed arrays: what a front end or a host remembers of
 * conversations. Open addressing with linear probing; whoever is deleted leaves no tombstone.
 *
 * Entries have a deadline. A hand goes round the slots, a few with every entry made, and takes those
 * whose deadline has passed, so that no timer is needed and memory follows the flows that live.
 */

/** Bytes of one slot: three words of key, a protocol, a value, a note, a deadline. */
const SLOT_BYTES = 4 + 4 + 4 + 1 + 4 + 1 + 8;
/** Slots that the hand looks at for every new entry. */
const SWEEP = 4;

export class FlowMap {
  /** Entries now, and at most so far. */
  size = 0;
  peak = 0;
  /** Entries ever made. */
  made = 0;
  /** Entries taken by the hand after their deadline. */
  expired = 0;
  private readonly least: number;
  private slots = 0;
  private hand = 0;
  private client = new Uint32Array(0);
  private server = new Uint32Array(0);
  private ports = new Uint32Array(0);
  /** 0 for a free slot. */
  private protocol = new Uint8Array(0);
  private values = new Uint32Array(0);
  private notes = new Uint8Array(0);
  private deadlines = new Float64Array(0);

  /** `least`: slots to begin with, a power of two. */
  constructor(least = 1024) {
    this.least = least;
    this.allocate(least);
  }

  /** Bytes that the slots take. */
  get bytes(): number {
    return this.slots * SLOT_BYTES;
  }

  /** The slot of a flow that lives at `now`, −1 when there is none. Good until the next change. */
  find(
    protocol: number,
    client: number,
    clientPort: number,
    server: number,
    serverPort: number,
    now: number,
  ): number {
    const ports = ((clientPort << 16) | serverPort) >>> 0;
    const mask = this.slots - 1;
    let slot = hash(protocol, client, server, ports) & mask;
    for (; this.protocol[slot] !== 0; slot = (slot + 1) & mask) {
      if (
        this.client[slot] === client &&
        this.ports[slot] === ports &&
        this.server[slot] === server &&
        this.protocol[slot] === protocol
      ) {
        if (this.deadlines[slot] > now) return slot;
        this.expired++;
        this.delete(slot);
        return -1;
      }
    }
    return -1;
  }

  /** Enters a flow that is not there; `value` is an unsigned 32-bit number. The slot. */
  add(
    protocol: number,
    client: number,
    clientPort: number,
    server: number,
    serverPort: number,
    value: number,
    deadline: number,
    now: number,
  ): number {
    this.sweep(now);
    if (4 * (this.size + 1) > 3 * this.slots) this.grow();
    const ports = ((clientPort << 16) | serverPort) >>> 0;
    const slot = this.free(protocol, client, server, ports);
    this.client[slot] = client;
    this.server[slot] = server;
    this.ports[slot] = ports;
    this.protocol[slot] = protocol;
    this.values[slot] = value;
    this.notes[slot] = 0;
    this.deadlines[slot] = deadline;
    this.size++;
    this.made++;
    this.peak = Math.max(this.peak, this.size);
    return slot;
  }

  value(slot: number): number {
    return this.values[slot];
  }

  setValue(slot: number, value: number): void {
    this.values[slot] = value;
  }

  /** Eight bits for whoever owns the map. */
  note(slot: number): number {
    return this.notes[slot];
  }

  setNote(slot: number, note: number): void {
    this.notes[slot] = note;
  }

  setDeadline(slot: number, deadline: number): void {
    this.deadlines[slot] = deadline;
  }

  /** Takes the entry at `slot` out, moving those behind it that probing would miss otherwise. */
  delete(slot: number): void {
    const mask = this.slots - 1;
    let hole = slot;
    for (let at = (slot + 1) & mask; this.protocol[at] !== 0; at = (at + 1) & mask) {
      const home = this.homeOf(at);
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      this.move(at, hole);
      hole = at;
    }
    this.protocol[hole] = 0;
    this.size--;
  }

  /** Makes room: takes the next entry that the hand comes to, dead or alive. */
  evict(): void {
    const mask = this.slots - 1;
    if (this.size === 0) return;
    while (this.protocol[this.hand] === 0) this.hand = (this.hand + 1) & mask;
    this.delete(this.hand);
  }

  /** Forgets everything, figures excepted. */
  clear(): void {
    this.size = 0;
    this.allocate(this.least);
  }

  private sweep(now: number): void {
    const mask = this.slots - 1;
    for (let i = 0; i < SWEEP; i++) {
      if (this.protocol[this.hand] !== 0 && this.deadlines[this.hand] <= now) {
        this.expired++;
        this.delete(this.hand);
      } else {
        this.hand = (this.hand + 1) & mask;
      }
    }
  }

  private homeOf(slot: number): number {
    const { protocol, client, server, ports } = this;
    return hash(protocol[slot], client[slot], server[slot], ports[slot]) & (this.slots - 1);
  }

  private free(protocol: number, client: number, server: number, ports: number): number {
    const mask = this.slots - 1;
    let slot = hash(protocol, client, server, ports) & mask;
    while (this.protocol[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  private move(from: number, to: number): void {
    this.client[to] = this.client[from];
    this.server[to] = this.server[from];
    this.ports[to] = this.ports[from];
    this.protocol[to] = this.protocol[from];
    this.values[to] = this.values[from];
    this.notes[to] = this.notes[from];
    this.deadlines[to] = this.deadlines[from];
  }

  private allocate(slots: number): void {
    this.slots = slots;
    this.hand = 0;
    this.client = new Uint32Array(slots);
    this.server = new Uint32Array(slots);
    this.ports = new Uint32Array(slots);
    this.protocol = new Uint8Array(slots);
    this.values = new Uint32Array(slots);
    this.notes = new Uint8Array(slots);
    this.deadlines = new Float64Array(slots);
  }

  private grow(): void {
    const { client, server, ports, protocol, values, notes, deadlines, slots } = this;
    this.allocate(2 * slots);
    for (let old = 0; old < slots; old++) {
      if (protocol[old] === 0) continue;
      const slot = this.free(protocol[old], client[old], server[old], ports[old]);
      this.client[slot] = client[old];
      this.server[slot] = server[old];
      this.ports[slot] = ports[old];
      this.protocol[slot] = protocol[old];
      this.values[slot] = values[old];
      this.notes[slot] = notes[old];
      this.deadlines[slot] = deadlines[old];
    }
  }
}

function hash(protocol: number, client: number, server: number, ports: number): number {
  let h = Math.imul(client ^ (protocol << 24), 0x85ebca6b) ^ ports;
  h = Math.imul(h ^ (h >>> 15) ^ server, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x2c1b3c6d);
  return h ^ (h >>> 16);
}
