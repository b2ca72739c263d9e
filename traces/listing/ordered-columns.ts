/** Connections in order of start as whole columns, for files that hold them in blocks. */
import type { ConnectionColumns } from "../connection.ts";
import { ListingMemory } from "./listing-memory.ts";
import { StartOrder } from "./start-order.ts";

const BLOCK = 65_536;

export class OrderedColumns {
  readonly #memory = new ListingMemory();
  readonly #order: StartOrder;
  readonly #block = this.#memory.columns(BLOCK);
  #next = 0;

  /** `mostBlocks` is the order's limit of what it keeps in memory. */
  constructor(mostBlocks?: number) {
    this.#order = new StartOrder(this.#memory, { wire: true, mostBlocks });
  }

  /** Takes closed connections in any order; full blocks come out, each overwritten by the next. */
  *add(closed: ConnectionColumns): Generator<ConnectionColumns> {
    const { columns, at } = this.#block;
    this.#order.add(closed);
    const taken = () => this.#order.take(BLOCK - columns.count);
    for (let run = taken(); run; run = taken()) {
      const { block, first, end } = run;
      this.#memory.code.unpack(block, first, end, at, columns.count, this.#next);
      this.#next += end - first;
      columns.count += end - first;
      if (columns.count === BLOCK) yield* this.#flush();
    }
  }

  /** What is left. */
  *end(): Generator<ConnectionColumns> {
    this.#order.close();
    if (this.#block.columns.count > 0) yield* this.#flush();
  }

  *#flush(): Generator<ConnectionColumns> {
    yield this.#block.columns;
    this.#block.columns.count = 0;
  }
}
