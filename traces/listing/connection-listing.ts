/** A stream of connections as lines of text, in order of start. */
import type { ConnectionColumns } from "../connection.ts";
import { splitTime } from "../formats/format.ts";
import { type LineStyle, LONGEST_LINE, placeStyle } from "./line-style.ts";
import { ListingMemory } from "./listing-memory.ts";
import { StartOrder } from "./start-order.ts";

/** So many lines are handed on at a time. */
const PIECE_LINES = 2048;

/** Where lines go. The bytes are overwritten once the promise, if there is one, is kept. */
export type LineSink = (bytes: Uint8Array) => Promise<void> | void;

export class ConnectionListing {
  readonly #originOf: () => bigint;
  #origin: { seconds: number; nanoseconds: number } | null = null;
  readonly #memory = new ListingMemory();
  readonly #order: StartOrder;
  readonly #frame: number;
  /** Where the text begins, and where it ends so far, `#lines` lines on. */
  readonly #text = this.#memory.allocate(PIECE_LINES * LONGEST_LINE);
  #end = this.#text;
  #lines = 0;
  readonly #sink: LineSink;

  /**
   * Times count from `origin`, nanoseconds since the Unix epoch, asked for when a row is there;
   * `mostBlocks` is the order's limit of what it keeps in memory.
   */
  constructor(style: LineStyle, origin: () => bigint, sink: LineSink, mostBlocks?: number) {
    this.#order = new StartOrder(this.#memory, { wire: false, mostBlocks });
    this.#frame = placeStyle(this.#memory, style);
    this.#originOf = origin;
    this.#sink = sink;
  }

  /** Takes closed connections in any order, and hands on the lines whose turn has come. */
  async add(closed: ConnectionColumns): Promise<void> {
    this.#order.add(closed);
    const { code } = this.#memory;
    const taken = () => this.#order.take(PIECE_LINES - this.#lines);
    for (let run = taken(); run; run = taken()) {
      this.#origin ??= splitTime(this.#originOf());
      const { seconds, nanoseconds } = this.#origin;
      const { block, first, end } = run;
      const frame = this.#frame;
      this.#end = code.putLines(this.#end, block, first, end, frame, seconds, nanoseconds);
      this.#lines += end - first;
      if (this.#lines === PIECE_LINES) await this.#flush();
    }
  }

  /** Hands on what is left. */
  async end(): Promise<void> {
    this.#order.close();
    if (this.#lines > 0) await this.#flush();
  }

  async #flush(): Promise<void> {
    await this.#sink(this.#memory.bytes(this.#text, this.#end - this.#text));
    this.#end = this.#text;
    this.#lines = 0;
  }
}
