/** Connections in order of start as whole columns, for files that hold them in blocks. */
import { ConnectionColumns } from "../connection.ts";
import { StartOrder } from "./start-order.ts";

const BLOCK = 65_536;

export class OrderedColumns {
  readonly #order = new StartOrder();
  readonly #block = new ConnectionColumns(BLOCK);
  #next = 0;

  /** Takes closed connections in any order; full blocks come out, each overwritten by the next. */
  *add(closed: ConnectionColumns): Generator<ConnectionColumns> {
    const block = this.#block;
    this.#order.add(closed);
    for (const { rows, first, end } of this.#order.ready()) {
      for (let row = first; row < end; row++) {
        rows.get(row, block, block.count);
        block.id[block.count++] = this.#next++;
        if (block.count === BLOCK) yield* this.#flush();
      }
    }
  }

  /** What is left. */
  *end(): Generator<ConnectionColumns> {
    this.#order.close();
    if (this.#block.count > 0) yield* this.#flush();
  }

  *#flush(): Generator<ConnectionColumns> {
    yield this.#block;
    this.#block.count = 0;
  }
}
