/**
 * A flow trace by its index: seeks the blocks of a piece of time and reads no other. A trace whose
 * index is missing or damaged is read as a stream instead (reader.ts).
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Piece } from "../clip.ts";
import type { ConnectionColumns } from "../connection.ts";
import type { DamageLog } from "../damage-log.ts";
import { BlockDecoder } from "./decode-block.ts";
import {
  FRAME_HEADER_LENGTH,
  FRAME_MARKER,
  FRAME_MAX_PAYLOAD,
  frameLength,
  isFrameHeader,
  KIND_BLOCK,
  KIND_HEADER,
  KIND_INDEX,
  openFrame,
} from "./frame.ts";
import { type BlockSummary, FLOW_TRACE_VERSION, headerMessage, indexMessage } from "./messages.ts";

/** The index of a year of blocks is smaller; it is looked for in so many bytes at the end. */
const TAIL = 4 << 20;

export interface IndexEntry {
  offset: number;
  summary: BlockSummary;
}

export class IndexedFlowTrace {
  readonly origin: bigint;
  readonly durations: string;
  readonly entries: readonly IndexEntry[];
  readonly #file: number;

  private constructor(file: number, origin: bigint, durations: string, entries: IndexEntry[]) {
    this.#file = file;
    this.origin = origin;
    this.durations = durations;
    this.entries = entries;
  }

  /** The trace at `path`, or null when it has no header of our version or no whole index. */
  static open(path: string): IndexedFlowTrace | null {
    const file = openSync(path, "r");
    const header = frameAt(file, 0);
    const entries = readIndex(file);
    if (!header || header.kind !== KIND_HEADER || !entries) {
      closeSync(file);
      return null;
    }
    const { version, originSeconds, originNanoseconds, durations } = headerMessage.decode(
      header.payload,
    );
    if (version !== FLOW_TRACE_VERSION || !Number.isSafeInteger(originSeconds)) {
      closeSync(file);
      return null;
    }
    const origin = BigInt(originSeconds) * 1_000_000_000n + BigInt(originNanoseconds);
    return new IndexedFlowTrace(file, origin, durations, entries);
  }

  /** Blocks that hold anything of the piece; each is overwritten by the next. Damage goes to `log`. */
  *blocks({ from, to }: Piece, log: DamageLog): Generator<ConnectionColumns> {
    const decoder = new BlockDecoder();
    for (const { offset, summary } of this.entries) {
      if (summary.lastEnd < from) continue;
      if (summary.firstStart - summary.backstep >= to) continue;
      const frame = frameAt(this.#file, offset);
      const rows =
        frame?.kind === KIND_BLOCK
          ? decoder.decode(frame.payload)
          : "no frame with a right checksum";
      if (typeof rows !== "string") yield rows;
      else {
        const last = summary.firstId + summary.rows;
        const found = `${rows} (connections ${summary.firstId + 1} to ${last} are lost)`;
        log.add({
          offset,
          packet: summary.firstId + 1,
          expected: "a block of connections",
          found,
          skipped: null,
        });
      }
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** The frame at `offset`, or null when there is none whose checksum is right. */
function frameAt(file: number, offset: number): { kind: number; payload: Buffer } | null {
  const head = read(file, offset, FRAME_HEADER_LENGTH);
  if (!isFrameHeader(head, 0)) return null;
  const whole = read(file, offset, frameLength(head, 0));
  if (whole.length < frameLength(head, 0)) return null;
  const opened = openFrame(whole, 0);
  return "found" in opened ? null : opened;
}

/** The entries of the index, which is the last frame; null without a whole one. */
function readIndex(file: number): IndexEntry[] | null {
  const { size } = fstatSync(file);
  const from = Math.max(0, size - TAIL);
  const tail = read(file, from, size - from);
  const at = tail.lastIndexOf(FRAME_MARKER);
  if (at < 0) return null;
  const frame = frameAt(file, from + at);
  if (!frame || frame.kind !== KIND_INDEX) return null;
  try {
    return indexMessage.decode(frame.payload).blocks as IndexEntry[];
  } catch {
    return null;
  }
}

/** Up to `length` bytes at `offset`; fewer at the end of the file. */
function read(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.min(length, FRAME_MAX_PAYLOAD + FRAME_HEADER_LENGTH));
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(file, bytes, done, bytes.length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
