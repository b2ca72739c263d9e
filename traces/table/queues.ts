/** Records in queues: doubly linked, so that one can leave from anywhere in constant time. */
import { NEXT, PREVIOUS, QUEUE, type Records, WORDS } from "./records.ts";

export class Queues {
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  readonly #records: Records;

  constructor(records: Records, queues: number) {
    this.#records = records;
    this.#head = new Int32Array(queues).fill(-1);
    this.#tail = new Int32Array(queues).fill(-1);
  }

  /** First record of a queue, or −1. */
  head(queue: number): number {
    return this.#head[queue];
  }

  /** The record behind `record` in its queue, or −1. */
  after(record: number): number {
    return this.#records.words[record * WORDS + NEXT];
  }

  append(queue: number, record: number): void {
    const { words } = this.#records;
    const tail = this.#tail[queue];
    words[record * WORDS + PREVIOUS] = tail;
    words[record * WORDS + NEXT] = -1;
    words[record * WORDS + QUEUE] = queue;
    if (tail < 0) this.#head[queue] = record;
    else words[tail * WORDS + NEXT] = record;
    this.#tail[queue] = record;
  }

  remove(record: number): void {
    const { words } = this.#records;
    const previous = words[record * WORDS + PREVIOUS];
    const next = words[record * WORDS + NEXT];
    const queue = words[record * WORDS + QUEUE];
    if (previous < 0) this.#head[queue] = next;
    else words[previous * WORDS + NEXT] = next;
    if (next < 0) this.#tail[queue] = previous;
    else words[next * WORDS + PREVIOUS] = previous;
  }
}
