/**
 * Connections followed in a thread of their own, while this one reads and decodes packets ahead of
 * it and uses what it finds behind it. It sees every packet, in order, as a table here would: so
 * every result is the same to the byte, whatever is read, a stream included.
 *
 * A capture is not cut into pieces for this: what is open at a cut would have to be followed again,
 * and a busy server has more open than it moves between two cuts.
 */
import type { Activity, Telling } from "../activity.ts";
import type { BatchColumns } from "../batch-columns.ts";
import { type ConnectionOptions, type Follower, tableOptions } from "../connections.ts";
import { PacketDecoder } from "../decode/packet-decoder.ts";
import type { Span } from "../decode/plain-decoder.ts";
import type { Prefix } from "../service.ts";
import type { TableOptions } from "../table/connection-table.ts";
import type { TraceMemory } from "../trace-memory.ts";
import { GROUPS, GROUPS_BYTES, PacketGroups, TO_FILL, TO_FOLLOW, TO_TELL } from "./packet-group.ts";
import { type TableProgram, takeTableProgram } from "./table-program.ts";

/** What the thread is told first. */
export interface TableJob {
  memory: WebAssembly.Memory;
  /** Where the groups lie in it. */
  at: number;
  options: Omit<TableOptions, "service">;
  service: readonly Prefix[] | null;
}

export class TableThread implements Follower {
  readonly #decoder: PacketDecoder;
  readonly #packets: boolean;
  readonly #shared: PacketGroups;
  readonly #program: TableProgram;
  /** Groups filled, and told of. */
  #filled = 0;
  #told = 0;

  /** Batches lie in `memory`; `program` is taken over. */
  constructor(
    following: ConnectionOptions,
    memory: TraceMemory,
    telling: Telling,
    program: TableProgram = takeTableProgram(),
  ) {
    const { service, ...options } = tableOptions(following, telling);
    this.#decoder = new PacketDecoder({ tunnels: following.tunnels ?? false });
    this.#packets = telling.packets;
    const at = memory.place(GROUPS_BYTES);
    this.#shared = new PacketGroups(memory.buffer, at);
    const prefixes = service?.prefixes ?? null;
    const job: TableJob = { memory: memory.memory, at, options, service: prefixes };
    this.#program = program;
    program.worker.postMessage(job);
  }

  get skipped(): Record<string, number> {
    return this.#decoder.skipped;
  }

  get span(): Span {
    return this.#decoder.span;
  }

  async *activities(batches: AsyncIterable<BatchColumns>): AsyncGenerator<Activity> {
    // Not before: if nobody comes to ask, nobody would end it either.
    this.#program.worker.ref();
    try {
      for await (const batch of batches) {
        for (let taken = 0; taken < batch.count; ) {
          const group = this.#toFill();
          taken += group.fill(this.#decoder, batch, taken, this.#packets);
          if (group.isFull) yield* this.#handOn();
        }
      }
      if (this.#toFill().count > 0) yield* this.#handOn();
      let left = true;
      while (left) {
        this.#toFill().setEnd();
        this.#passOn();
        while (this.#told < this.#filled) {
          const group = await this.#next();
          left = group.left > 0;
          yield group.tell(this.#packets);
          this.#free();
        }
      }
    } finally {
      // It ends while what it found is summed up: nothing here waits for that.
      void this.#program.worker.terminate();
    }
  }

  /** The group to be filled: there is always one. */
  #toFill() {
    return this.#shared.groups[this.#filled % GROUPS];
  }

  #passOn(): void {
    this.#shared.turns.pass(this.#filled++ % GROUPS, TO_FOLLOW);
  }

  /** Passes the group that has been filled on, and tells of those that have been followed. */
  async *#handOn(): AsyncGenerator<Activity> {
    const { turns } = this.#shared;
    this.#passOn();
    // One must be free to be filled next.
    while (this.#filled - this.#told === GROUPS || turns.is(this.#told % GROUPS, TO_TELL)) {
      const group = await this.#next();
      yield group.tell(this.#packets);
      this.#free();
    }
  }

  /** The next group to tell of, once it has been followed. */
  async #next() {
    const { turns, groups } = this.#shared;
    const place = this.#told % GROUPS;
    await turns.come(place, TO_TELL, this.#program.failure);
    return groups[place];
  }

  #free(): void {
    const place = this.#told++ % GROUPS;
    this.#shared.groups[place].clear();
    this.#shared.turns.pass(place, TO_FILL);
  }
}
