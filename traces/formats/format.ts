/** What a capture format has to offer. A format is a file of this folder and a line of the registry. */
import type { BatchColumns } from "../batch-columns.ts";
import type { ByteWindow } from "../byte-window.ts";
import type { DamageLog } from "../damage-log.ts";

/**
 * Why a reader stopped: `more` bytes are needed in the window, the batch is `full` (or must end
 * here), or nothing more can be read (`done`).
 */
export type ReadState = "more" | "full" | "done";

/** Reads one file's packets, in its order. */
export interface FormatReader {
  /**
   * Nanoseconds since the epoch that times are counted from. While it is null, the first packet
   * sets it to its own time.
   */
  origin: bigint | null;
  /** 1-based number of the next packet. */
  number: number;
  /**
   * Appends packets of the window to the (reset) batch and moves `window.start` past what was used.
   * When it answers `more` although the window has ended, there is nothing more to come.
   */
  read(window: ByteWindow, batch: BatchColumns): ReadState;
}

/**
 * Makes a reader for a window at the start of a file, whose header it checks and passes over.
 * @throws {TraceError} when the header is cut or of a version nobody wrote
 */
export type OpenReader = (window: ByteWindow, log: DamageLog) => FormatReader;

export interface CaptureFormat {
  name: string;
  /** Whether a file that begins like this is one of this format. `head` may be short. */
  recognise(head: DataView): boolean;
  /** Loads what reads it. */
  load(): Promise<OpenReader>;
}

/** The largest packet taken for sane, in bytes: what libpcap and Wireshark accept. */
export const MAX_PACKET = 262144;

/** Splits nanoseconds since the epoch into whole seconds and the nanoseconds after them. */
export function splitTime(ns: bigint): { seconds: number; nanoseconds: number } {
  const nanoseconds = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return {
    seconds: Number((ns - nanoseconds) / 1_000_000_000n),
    nanoseconds: Number(nanoseconds),
  };
}

/** `0x` and the number in hexadecimal, for messages. */
export const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
