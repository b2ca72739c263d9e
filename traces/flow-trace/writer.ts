/** Writes a flow trace: rows in order of start in, blocks of 65,536 out, an index at the end. */
import { type ConnectionColumns, copyRows } from "../connection.ts";
import { OutputFile } from "../output-file.ts";
import { BlockEncoder } from "./encode-block.ts";
import { encodeFrame, KIND_BLOCK, KIND_HEADER, KIND_INDEX } from "./frame.ts";
import {
  type BlockSummary,
  blockMessage,
  type Codec,
  FLOW_TRACE_VERSION,
  headerMessage,
  indexMessage,
  type MessageWriter,
} from "./messages.ts";

/** What the header says of the whole trace. */
export interface FlowTraceInfo {
  /** Nanoseconds since 1970 of time 0. */
  origin: bigint;
  tool: string;
  source: readonly string[];
  /** `recorded`, or the name of the model that made the durations. */
  durations: string;
}

export interface FlowTraceOptions {
  /** Deflate blocks: a third smaller or so, several times slower to write. */
  compress?: boolean;
}

const SECOND = 1_000_000_000n;

export class FlowTraceWriter {
  readonly #file: OutputFile;
  readonly #compress: boolean;
  readonly #encoder: BlockEncoder;
  readonly #index: { offset: number; summary: BlockSummary }[] = [];
  #message: MessageWriter | undefined;
  #offset = 0;
  /** Connections taken in so far. */
  connections = 0;

  /** Creates or replaces `path`; fails as `node:fs` does. */
  constructor(path: string, info: FlowTraceInfo, options: FlowTraceOptions = {}) {
    this.#encoder = new BlockEncoder(path);
    this.#file = new OutputFile(path);
    this.#compress = options.compress ?? false;
    const nanoseconds = ((info.origin % SECOND) + SECOND) % SECOND;
    const header = {
      version: FLOW_TRACE_VERSION,
      originSeconds: Number((info.origin - nanoseconds) / SECOND),
      originNanoseconds: Number(nanoseconds),
      tool: info.tool,
      source: [...info.source],
      durations: info.durations,
    };
    this.#frame(KIND_HEADER, headerMessage, header, false);
  }

  /**
   * Takes in every row of `rows`, numbered in the order in which they come.
   * @throws {LimitError} when one has an amount that is no whole number, or too large a one
   */
  append(rows: ConnectionColumns): void {
    const own = this.#encoder.rows;
    for (let from = 0; from < rows.count; ) {
      const count = Math.min(own.capacity - own.count, rows.count - from);
      copyRows(rows, from, own, own.count, count);
      own.count += count;
      from += count;
      this.connections += count;
      if (own.count === own.capacity) this.#flush();
    }
  }

  /** Writes the last block and the index, and closes the file; returns its length in bytes. */
  close(): number {
    this.#flush();
    const index = { blocks: this.#index, connections: this.connections };
    this.#frame(KIND_INDEX, indexMessage, index, false);
    this.#file.close();
    return this.#offset;
  }

  #flush(): void {
    const { rows } = this.#encoder;
    for (let first = 0; first < rows.count; ) {
      const end = this.#encoder.blockEnd(first);
      this.#block(first, end);
      first = end;
    }
    rows.count = 0;
  }

  #block(first: number, end: number): void {
    const id = this.connections - this.#encoder.rows.count + first;
    const block = this.#encoder.encode(first, end, id);
    this.#index.push({ offset: this.#offset, summary: block.summary });
    this.#frame(KIND_BLOCK, blockMessage, block, this.#compress);
  }

  #frame<Message>(
    kind: number,
    codec: Codec<Message>,
    fields: Partial<Message>,
    compress: boolean,
  ): void {
    this.#message = codec.encode(fields, this.#message?.reset());
    for (const part of encodeFrame(kind, this.#message.finish(true), compress)) {
      this.#file.write(part);
      this.#offset += part.length;
    }
  }
}
