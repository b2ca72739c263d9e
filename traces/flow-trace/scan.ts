/**
 * Finds the frames of a flow trace in a stream of bytes, and its feet again after damage: whatever
 * is not a frame with a right checksum is passed over up to the next marker that begins one.
 */
import type { ByteWindow } from "../byte-window.ts";
import type { DamageLog } from "../damage-log.ts";
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
  /** One protobuf message, its checksum right; lives until the next frame is asked for. */
  payload: Buffer;
}

export class FrameScanner {
  /** 1-based number of the connection expected next, for messages; the reader keeps it true. */
  next = 1;
  private readonly window: ByteWindow;
  private readonly damage: DamageLog;
  /** What is being passed over; null outside damage. */
  private gap: Damage | null = null;

  constructor(window: ByteWindow, damage: DamageLog) {
    this.window = window;
    this.damage = damage;
  }

  /** Every frame with a right checksum, in the order of the file. */
  async *frames(): AsyncGenerator<Frame> {
    const { window } = this;
    for (;;) {
      const held = Buffer.from(window.bytes.buffer, window.bytes.byteOffset, window.end);
      const at = window.start;
      const rest = window.end - at;
      if (rest < FRAME_HEADER_LENGTH) {
        if (window.ended) break;
        await window.fill();
        continue;
      }
      if (!isFrameHeader(held, at)) {
        this.lose("a frame marker and a sane length", `bytes ${held.toString("hex", at, at + 8)}`);
        this.toNextMarker(held);
        continue;
      }
      const length = frameLength(held, at);
      if (rest < length && !window.ended) {
        window.want(at + length);
        await window.fill();
        continue;
      }
      const opened =
        rest < length
          ? { expected: `a frame of ${length} bytes`, found: `the end of the file after ${rest}` }
          : openFrame(held, at);
      if ("found" in opened) {
        this.lose(opened.expected, opened.found);
        this.toNextMarker(held);
        continue;
      }
      this.found();
      window.start = at + length;
      yield { offset: window.base + at, kind: opened.kind, payload: opened.payload };
    }
    this.finish();
  }

  /** Moves on to the next marker, or to where one cut off by the window's end might begin. */
  private toNextMarker(held: Buffer): void {
    const { window } = this;
    const at = held.indexOf(FRAME_MARKER, window.start + 1);
    window.start = at >= 0 ? at : Math.max(window.start + 1, window.end - FRAME_HEADER_LENGTH + 1);
  }

  private lose(expected: string, found: string): void {
    const offset = this.window.base + this.window.start;
    this.gap ??= this.damage.add({ offset, packet: this.next, expected, found, skipped: null });
  }

  private found(): void {
    if (this.gap) this.gap.skipped = this.window.base + this.window.start - this.gap.offset;
    this.gap = null;
  }

  private finish(): void {
    const { window } = this;
    if (window.fault) this.lose(window.fault.expected, window.fault.found);
    else if (window.start < window.end) this.lose("a frame", "the end of the file");
  }
}
