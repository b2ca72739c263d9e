/** What most packets are, decoded in WebAssembly where they lie. */
import type { BatchColumns } from "../batch-columns.ts";
import type { TraceMemory } from "../trace-memory.ts";
import { instantiate } from "../wasm-module.ts";
import { WASM } from "./gen/decode-wasm.ts";
import { type PacketRows, ROW_BYTES } from "./packet-rows.ts";

/** From when to when, in nanoseconds since the trace's origin. */
export interface Span {
  first: number;
  last: number;
}

/** What `wasm/decode.ts` exports. */
interface DecodeCode {
  decode(batch: number, first: number, count: number, rows: number): number;
  makeKeys(rows: number, count: number): void;
}

/** The struct `Batch` there: doubles, and behind them words. */
const BATCH_DOUBLES = 2;
const BATCH_WORDS = 6;

export class PlainDecoder {
  readonly memory: TraceMemory;
  readonly #code: DecodeCode;
  readonly #span: Float64Array;
  readonly #batch: Int32Array;

  /** Decodes batches in `memory` into rows in `memory`. */
  constructor(memory: TraceMemory) {
    this.memory = memory;
    this.#code = instantiate<DecodeCode>(WASM, memory.memory);
    const at = memory.place(8 * BATCH_DOUBLES + 4 * BATCH_WORDS);
    this.#span = new Float64Array(memory.buffer, at, BATCH_DOUBLES);
    this.#span.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    this.#batch = new Int32Array(memory.buffer, at + 8 * BATCH_DOUBLES, BATCH_WORDS);
  }

  /** Least and greatest time of all packets so far; ±∞ before the first. */
  get span(): Span {
    return { first: this.#span[0], last: this.#span[1] };
  }

  /**
   * Decodes packets `first … first + count − 1` into rows from `to` on; returns how many it left,
   * whose rows have `KIND_LEFT`.
   */
  decode(batch: BatchColumns, first: number, count: number, into: PacketRows, to: number): number {
    const where = this.#batch;
    where[0] = batch.bytes.byteOffset;
    where[1] = batch.offset.byteOffset;
    where[2] = batch.captured.byteOffset;
    where[3] = batch.wire.byteOffset;
    where[4] = batch.time.byteOffset;
    where[5] = batch.linkType.byteOffset;
    const rows = into.words.byteOffset + ROW_BYTES * to;
    return this.#code.decode(this.#span.byteOffset, first, count, rows);
  }

  /** Makes the keys of `count` decoded rows from `from` on, those of IPv6 excepted (wasm/key.ts). */
  makeKeys(rows: PacketRows, from: number, count: number): void {
    this.#code.makeKeys(rows.words.byteOffset + ROW_BYTES * from, count);
  }
}
