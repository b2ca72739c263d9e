/**
 * Records in queues: doubly linked, so that one can leave from anywhere in constant time. Links lie
 * by themselves, close together: a neighbour's are found in the cache when its record is not.
 */

export class Queues {
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  /** Of record r: the one before it at 2r, the one behind it at 2r + 1; −1 for none. */
  #links = new Int32Array(0);
  #queueOf = new Uint8Array(0);

  /** At most 256 queues. */
  constructor(queues: number) {
    this.#head = new Int32Array(queues).fill(-1);
    this.#tail = new Int32Array(queues).fill(-1);
  }

  /** Makes room for records up to `capacity`. */
  reserve(capacity: number): void {
    if (capacity <= this.#queueOf.length) return;
    const links = new Int32Array(2 * capacity);
    links.set(this.#links);
    this.#links = links;
    const queueOf = new Uint8Array(capacity);
    queueOf.set(this.#queueOf);
    this.#queueOf = queueOf;
  }

  /** First record of a queue, or −1. */
  head(queue: number): number {
    return this.#head[queue];
  }

  /** The record behind `record` in its queue, or −1. */
  after(record: number): number {
    return this.#links[2 * record + 1];
  }

  append(queue: number, record: number): void {
    const links = this.#links;
    const tail = this.#tail[queue];
    links[2 * record] = tail;
    links[2 * record + 1] = -1;
    this.#queueOf[record] = queue;
    if (tail < 0) this.#head[queue] = record;
    else links[2 * tail + 1] = record;
    this.#tail[queue] = record;
  }

  remove(record: number): void {
    const links = this.#links;
    const previous = links[2 * record];
    const next = links[2 * record + 1];
    const queue = this.#queueOf[record];
    if (previous < 0) this.#head[queue] = next;
    else links[2 * previous + 1] = next;
    if (next < 0) this.#tail[queue] = previous;
    else links[2 * next] = previous;
  }
}
