/** Connections from elsewhere, copied to where `wasm/` reads them. */
import { ConnectionColumns } from "../../traces/connection.ts";
import type { Metrics } from "./metrics-code.ts";

export class StagedConnections {
  readonly #metrics: Metrics;
  #rows = new ConnectionColumns(0);

  /** To be read by the code of `metrics`. */
  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /**
   * The rows in memory: those of their columns that are counted. They are overwritten by the next.
   */
  copy(rows: ConnectionColumns): ConnectionColumns {
    const { count } = rows;
    if (count > this.#rows.capacity) this.#rows = this.#columns(rows.capacity);
    const staged = this.#rows;
    staged.count = count;
    staged.client.set(rows.client.subarray(0, 4 * count));
    staged.flags.set(rows.flags.subarray(0, count));
    staged.start.set(rows.start.subarray(0, count));
    staged.duration.set(rows.duration.subarray(0, count));
    staged.clientBytes.set(rows.clientBytes.subarray(0, count));
    staged.serverBytes.set(rows.serverBytes.subarray(0, count));
    return staged;
  }

  /** Columns that are not written to are not there: what they cost is addresses. */
  #columns(capacity: number): ConnectionColumns {
    const { code, memory } = this.#metrics;
    const at = code.allocate(ConnectionColumns.bytes(capacity)) >>> 0;
    return new ConnectionColumns(capacity, memory.buffer, at);
  }
}
