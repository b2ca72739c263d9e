/** Writes a flow trace: rows in order of start in, blocks of 65,536 out, an index at the end. */
import { ConnectionColumns, copyRows } from "../connection.ts";
import { OutputFile } from "../output-file.ts";
import { BLOCK_ROWS, BlockEncoder } from "./encode-block.ts";
import { encodeFrame, KIND_BLOCK, KIND_HEADER, KIND_INDEX } from "./frame.ts";
import { type BlockSummary, FLOW_TRACE_VERSION, headerMessage, indexMessage } from "./messages.ts";

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
  private readonly file: OutputFile;
  private readonly compress: boolean;
  private readonly encoder = new BlockEncoder();
  private readonly rows = new ConnectionColumns(BLOCK_ROWS);
  private readonly index: { offset: number; summary: BlockSummary }[] = [];
  private offset = 0;
  /** Connections taken in so far. */
  connections = 0;

  /** Creates or replaces `path`; fails as `node:fs` does. */
  constructor(path: string, info: FlowTraceInfo, options: FlowTraceOptions = {}) {
    this.file = new OutputFile(path);
    this.compress = options.compress ?? false;
    const nanoseconds = ((info.origin % SECOND) + SECOND) % SECOND;
    const header = headerMessage.encode({
      version: FLOW_TRACE_VERSION,
      originSeconds: Number((info.origin - nanoseconds) / SECOND),
      originNanoseconds: Number(nanoseconds),
      tool: info.tool,
      source: [...info.source],
      durations: info.durations,
    });
    this.frame(KIND_HEADER, header.finish(), false);
  }

  /** Takes in every row of `rows`, whose starts do not lie before those already taken in. */
  append(rows: ConnectionColumns): void {
    for (let from = 0; from < rows.count; ) {
      const room = BLOCK_ROWS - this.rows.count;
      const count = Math.min(room, rows.count - from);
      copyRows(rows, from, this.rows, this.rows.count, count);
      for (let i = 0; i < count; i++) this.rows.id[this.rows.count + i] = this.connections++;
      this.rows.count += count;
      from += count;
      if (this.rows.count === BLOCK_ROWS) this.flush();
    }
  }

  /** Writes the last block and the index, and closes the file; returns its length in bytes. */
  close(): number {
    if (this.rows.count > 0) this.flush();
    const index = indexMessage.encode({ blocks: this.index, connections: this.connections });
    this.frame(KIND_INDEX, index.finish(), false);
    this.file.close();
    return this.offset;
  }

  private flush(): void {
    const { message, summary } = this.encoder.encode(this.rows);
    this.index.push({ offset: this.offset, summary });
    this.frame(KIND_BLOCK, message, this.compress);
    this.rows.count = 0;
  }

  private frame(kind: number, payload: Uint8Array, compress: boolean): void {
    const frame = encodeFrame(kind, payload, compress);
    this.file.write(frame);
    this.offset += frame.length;
  }
}
