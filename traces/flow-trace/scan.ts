/**
 * Finds the frames of a flow trace in a stream of bytes, and its feet again after damage: whatever
 * is not a frame with a right checksum is passed over up to the next marker that begins one.
 */
import type { Damage } from "../errors.ts";
import {
  FRAME_HEADER_LENGTH,
  FRAME_MARKER,
  frameLength,
  isFrameHeader,
  openFrame,
} from "./frame.ts";

export interface Frame {
  /** Byte offset in the file. */
  offset: number;
  kind: number;
  /** One protobuf message; its checksum was right. */
  payload: Buffer;
}

export class FrameScanner {
  readonly damage: Damage[] = [];
  /** 1-based number of the connection expected next, for messages; the reader keeps it true. */
  next = 1;
  private readonly path: string;
  private held: Buffer = Buffer.alloc(0);
  /** Offset in the file of the first byte held. */
  private base = 0;
  /** Where the bytes that are being passed over begin; null outside damage. */
  private gap: Damage | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** Frames that are whole with these bytes added. Their payloads live until the next call. */
  *push(chunk: Uint8Array): Generator<Frame> {
    this.held = this.held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.held, chunk]);
    yield* this.scan(false);
  }

  /** Frames found when no more bytes will come: behind one whose length was a lie, say. */
  *end(): Generator<Frame> {
    yield* this.scan(true);
    if (this.held.length > 0 && this.gap === null) this.open(0, "a frame", "the end of the file");
    if (this.gap) this.damage.push(this.gap);
  }

  private *scan(final: boolean): Generator<Frame> {
    let at = 0;
    while (this.held.length - at >= FRAME_HEADER_LENGTH) {
      if (!isFrameHeader(this.held, at)) {
        const found = `bytes ${this.held.toString("hex", at, at + 8)}`;
        this.open(at, "a frame marker and a sane length", found);
        at = this.nextMarker(at + 1);
        continue;
      }
      const length = frameLength(this.held, at);
      if (this.held.length - at < length) {
        if (!final) break;
        const rest = this.held.length - at;
        this.open(at, `a frame of ${length} bytes`, `the end of the file after ${rest}`);
        at = this.nextMarker(at + 1);
        continue;
      }
      const opened = openFrame(this.held, at);
      if ("found" in opened) {
        this.open(at, opened.expected, opened.found);
        at = this.nextMarker(at + 1);
        continue;
      }
      this.close(at);
      yield { offset: this.base + at, kind: opened.kind, payload: opened.payload };
      at += length;
    }
    this.base += at;
    this.held = this.held.subarray(at);
  }

  /** The next marker, or where one cut off by the end of what is held might begin. */
  private nextMarker(from: number): number {
    const at = this.held.indexOf(FRAME_MARKER, from);
    return at >= 0 ? at : Math.max(from, this.held.length - FRAME_HEADER_LENGTH + 1);
  }

  private open(at: number, expected: string, found: string): void {
    if (this.gap) return;
    const offset = this.base + at;
    this.gap = { file: this.path, offset, packet: this.next, expected, found, skipped: null };
  }

  private close(at: number): void {
    if (!this.gap) return;
    this.gap.skipped = this.base + at - this.gap.offset;
    this.damage.push(this.gap);
    this.gap = null;
  }
}
