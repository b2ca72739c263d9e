/**
 * Reads a flow trace as a stream of blocks, without its index: so it works on a pipe, on a file
 * that is still being written, and on a damaged one, of which only the damaged blocks are lost.
 */
import type { ByteWindow } from "../byte-window.ts";
import type { ConnectionColumns } from "../connection.ts";
import type { ConnectionFormat, ConnectionReader } from "../connection-format.ts";
import type { DamageLog } from "../damage-log.ts";
import { TraceError } from "../errors.ts";
import { BlockDecoder } from "./decode-block.ts";
import { FRAME_MARKER, KIND_BLOCK, KIND_HEADER, KIND_INDEX } from "./frame.ts";
import { FLOW_TRACE_VERSION, type Header, headerMessage } from "./messages.ts";
import { type Frame, FrameScanner } from "./scan.ts";
import type { FlowTraceInfo } from "./writer.ts";

export const flowTrace: ConnectionFormat = {
  name: "flows",
  recognise: (head) =>
    head.length >= FRAME_MARKER.length && FRAME_MARKER.compare(head, 0, FRAME_MARKER.length) === 0,
  open: (window, damage) => new FlowTraceReader(window, damage),
};

export class FlowTraceReader implements ConnectionReader {
  /** What the header says; null when it was damaged, and before the first block. */
  info: FlowTraceInfo | null = null;
  private readonly window: ByteWindow;
  private readonly damage: DamageLog;
  private readonly scanner: FrameScanner;
  private readonly decoder = new BlockDecoder();
  private complete = false;

  constructor(window: ByteWindow, damage: DamageLog) {
    this.window = window;
    this.damage = damage;
    this.scanner = new FrameScanner(window, damage);
  }

  get origin(): bigint {
    return this.info?.origin ?? 0n;
  }

  get durations(): string {
    return this.info?.durations ?? "unknown";
  }

  async *blocks(): AsyncGenerator<ConnectionColumns> {
    for await (const frame of this.scanner.frames()) {
      if (frame.kind === KIND_HEADER && frame.offset === 0) this.header(frame);
      if (frame.kind === KIND_INDEX) this.complete = true;
      const rows = frame.kind === KIND_BLOCK ? this.rows(frame) : null;
      if (rows) yield rows;
    }
    if (!this.complete && this.damage.count === 0) {
      const end = this.window.base + this.window.end;
      this.report(end, "the index that ends a flow trace", "the end of the file");
    }
  }

  private rows(frame: Frame): ConnectionColumns | null {
    const rows = this.decoder.decode(frame.payload);
    if (typeof rows === "string") {
      this.report(frame.offset, "a block of connections", rows);
      return null;
    }
    const lost = rows.id[0] + 1 - this.scanner.next;
    const last = this.damage.entries.at(-1);
    if (lost > 0 && last) {
      last.found += ` (connections ${this.scanner.next} to ${rows.id[0]} are lost)`;
    }
    this.scanner.next = rows.id[rows.count - 1] + 2;
    return rows;
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
    this.damage.add({ offset, packet: this.scanner.next, expected, found, skipped: null });
  }

  private error(expected: string, found: string): TraceError {
    const file = this.damage.file;
    return new TraceError({ file, offset: 0, packet: 1, expected, found, skipped: null });
  }
}
