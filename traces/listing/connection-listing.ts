/** A stream of connections as lines of text, in order of start. */
import type { ConnectionColumns } from "../connection.ts";
import { ByteText } from "./byte-text.ts";
import { type LineStyle, LONGEST_LINE, putConnection } from "./connection-text.ts";
import { StartOrder } from "./start-order.ts";

/** Lines are handed on in pieces of this size. */
const PIECE = 1 << 18;
const NANOSECONDS = 1_000_000_000n;

/** Where lines go. The bytes are overwritten once the promise, if there is one, is kept. */
export type LineSink = (bytes: Uint8Array) => Promise<void> | void;

export class ConnectionListing {
  readonly #style: LineStyle;
  readonly #originOf: () => bigint;
  readonly #order = new StartOrder();
  readonly #text = new ByteText(PIECE + LONGEST_LINE);
  readonly #sink: LineSink;

  /** Times count from `origin`, nanoseconds since the Unix epoch, asked for when rows are there. */
  constructor(style: LineStyle, origin: () => bigint, sink: LineSink) {
    this.#style = style;
    this.#originOf = origin;
    this.#sink = sink;
  }

  /** Takes closed connections in any order, and hands on the lines whose turn has come. */
  async add(closed: ConnectionColumns): Promise<void> {
    this.#order.add(closed);
    const text = this.#text;
    const epoch = this.#originOf();
    const nanoseconds = Number(epoch % NANOSECONDS);
    const origin = { seconds: Number(epoch / NANOSECONDS), nanoseconds };
    for (const { rows, first, end } of this.#order.ready()) {
      for (let row = first; row < end; row++) {
        putConnection(text, rows, row, origin, this.#style);
        if (text.length >= PIECE) await this.#flush();
      }
    }
  }

  /** Hands on what is left. */
  async end(): Promise<void> {
    this.#order.close();
    await this.#flush();
  }

  async #flush(): Promise<void> {
    await this.#sink(this.#text.bytes.subarray(0, this.#text.length));
    this.#text.length = 0;
  }
}
