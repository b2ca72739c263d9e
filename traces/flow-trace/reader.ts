/**
 * Reads a flow trace as a stream of blocks, without its index: so it works on a pipe, on a file
 * that is still being written, and on a damaged one, of which only the damaged blocks are lost.
 */
import type { ConnectionColumns } from "../connection.ts";
import { type Damage, TraceError } from "../errors.ts";
import { BlockDecoder } from "./decode-block.ts";
import { FRAME_MARKER, KIND_BLOCK, KIND_HEADER, KIND_INDEX } from "./frame.ts";
import { FLOW_TRACE_VERSION, type Header, headerMessage } from "./messages.ts";
import { type Frame, FrameScanner } from "./scan.ts";
import type { FlowTraceInfo } from "./writer.ts";

/** True when these first bytes of a file are those of a flow trace. */
export const isFlowTrace = (head: Uint8Array): boolean =>
  head.length >= FRAME_MARKER.length && FRAME_MARKER.compare(head, 0, FRAME_MARKER.length) === 0;

export class FlowTraceReader {
  /** What the header says; null when it was damaged. Known once the first block is there. */
  info: FlowTraceInfo | null = null;
  /** Connections handed out so far. */
  connections = 0;
  private readonly scanner: FrameScanner;
  private readonly path: string;
  private readonly chunks: AsyncIterable<Uint8Array>;
  private readonly decoder = new BlockDecoder();
  private complete = false;

  /** `path` is how the user named the trace; `chunks` its bytes in order. */
  constructor(path: string, chunks: AsyncIterable<Uint8Array>) {
    this.path = path;
    this.chunks = chunks;
    this.scanner = new FrameScanner(path);
  }

  /** What was wrong and is lost, in the order of the file. */
  get damage(): readonly Damage[] {
    return this.scanner.damage;
  }

  /**
   * Blocks of connections in order of start; each is overwritten by the next. Throws `TraceError`
   * when the first bytes are not those of a flow trace of a version this code knows.
   */
  async *blocks(): AsyncGenerator<ConnectionColumns> {
    let head = Buffer.alloc(0);
    let length = 0;
    for await (const chunk of this.chunks) {
      length += chunk.length;
      let bytes = chunk;
      if (head.length < FRAME_MARKER.length) {
        head = Buffer.concat([head, chunk]);
        if (head.length < FRAME_MARKER.length) continue;
        if (!isFlowTrace(head)) break;
        bytes = head;
      }
      for (const frame of this.scanner.push(bytes)) yield* this.rows(frame);
    }
    if (!isFlowTrace(head)) throw this.notATrace(head);
    for (const frame of this.scanner.end()) yield* this.rows(frame);
    if (!this.complete && this.damage.length === 0) {
      this.report(length, "the index that ends a flow trace", "the end of the file");
    }
  }

  private *rows(frame: Frame): Generator<ConnectionColumns> {
    if (frame.kind === KIND_HEADER && frame.offset === 0) this.header(frame);
    if (frame.kind === KIND_INDEX) this.complete = true;
    if (frame.kind !== KIND_BLOCK) return;
    const rows = this.decoder.decode(frame.payload);
    if (typeof rows === "string") {
      this.report(frame.offset, "a block of connections", rows);
      return;
    }
    const lost = rows.id[0] + 1 - this.scanner.next;
    const last = this.damage.at(-1);
    if (lost > 0 && last) {
      last.found += ` (connections ${this.scanner.next} to ${rows.id[0]} are lost)`;
    }
    this.scanner.next = rows.id[rows.count - 1] + 2;
    this.connections += rows.count;
    yield rows;
  }

  private header(frame: Frame): void {
    let header: Header;
    try {
      header = headerMessage.decode(frame.payload);
    } catch (error) {
      this.report(frame.offset, "the header of a flow trace", (error as Error).message);
      return;
    }
    if (header.version !== FLOW_TRACE_VERSION) {
      throw this.error(`flow trace version ${FLOW_TRACE_VERSION}`, `version ${header.version}`);
    }
    if (!Number.isSafeInteger(header.originSeconds)) {
      throw this.error("an origin in whole seconds", `${header.originSeconds}`);
    }
    this.info = {
      origin: BigInt(header.originSeconds) * 1_000_000_000n + BigInt(header.originNanoseconds),
      tool: header.tool,
      source: header.source,
      durations: header.durations,
    };
  }

  private report(offset: number, expected: string, found: string): void {
    const packet = this.scanner.next;
    this.scanner.damage.push({ file: this.path, offset, packet, expected, found, skipped: null });
  }

  private error(expected: string, found: string): TraceError {
    return new TraceError({
      file: this.path,
      offset: 0,
      packet: 1,
      expected,
      found,
      skipped: null,
    });
  }

  private notATrace(head: Uint8Array): TraceError {
    const bytes = Buffer.from(head.subarray(0, 8)).toString("hex");
    return this.error(
      "a flow trace (89616e79464c4f57)",
      bytes ? `bytes ${bytes}` : "an empty file",
    );
  }
}
