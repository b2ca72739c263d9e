/**
 * Closed connections linger: their retransmitted FINs and last acknowledgements come behind the
 * close, count as their traffic, and must not open another connection. How long is told in packets
 * of the whole trace, so that a busy trace does not fill the table with the dead, and so that it
 * does not matter how the trace comes in pieces, or who else follows what share of it.
 */

/** Packets behind its close that a connection lingers for, a power of two. */
export const LINGER_PACKETS = 1 << 16;

/** Room: one packet closes one connection at most, and nobody lingers for longer than two turns. */
const ROOM = 2 * LINGER_PACKETS;

/** A queue of fixed size. What is in it may have been finished since, and its record used again. */
export class Linger {
  readonly #records = new Int32Array(ROOM);
  readonly #packets = new Float64Array(ROOM);
  #head = 0;
  #tail = 0;

  /** `record` closed with packet number `packet`, the greatest so far. */
  push(record: number, packet: number): void {
    const at = this.#tail++ & (ROOM - 1);
    this.#records[at] = record;
    this.#packets[at] = packet;
  }

  /** How many, from the front, closed with a packet before number `packet`. */
  before(packet: number): number {
    let at = this.#head;
    while (at !== this.#tail && this.#packets[at & (ROOM - 1)] < packet) at++;
    return at - this.#head;
  }

  /** The record at place `index` from the front. */
  record(index: number): number {
    return this.#records[(this.#head + index) & (ROOM - 1)];
  }

  /** Takes `count` from the front. */
  drop(count: number): void {
    this.#head += count;
  }
}
