/** The door to captures: names in, packets out. */

import { setMaxListeners } from "node:events";
import { setImmediate as immediately } from "node:timers/promises";
import type { BatchColumns } from "./batch-columns.ts";
import { CaptureFile } from "./capture-file.ts";
import type { Damage } from "./errors.ts";
import { type MergeInput, mergeByTime } from "./merge.ts";
import { openSource } from "./sources/open-source.ts";
import type { ByteSource } from "./sources/source.ts";
import { TraceMemory } from "./trace-memory.ts";

export interface OpenOptions {
  /** Aborted to stop reading: the iteration ends after the batch at hand. */
  signal?: AbortSignal;
  /** Sources of the files, in their order, where someone has had to look into them first. */
  sources?: readonly (ByteSource | undefined)[];
}

/** Captures that are read as one. Iterate it once; the batch is reused from step to step. */
export interface Trace extends AsyncIterable<BatchColumns> {
  /** Where its batches lie, and what they are decoded to must. */
  readonly memory: TraceMemory;
  /** The names as given; `BatchColumns.file` counts them. */
  readonly files: readonly string[];
  /** Formats of the files, each named once, joined by `+`. */
  readonly format: string;
  /** Nanoseconds since the Unix epoch of the earliest file's first packet; 0n without packets. */
  readonly origin: bigint;
  /** Packets handed out so far. */
  readonly packets: number;
  /** What was found wrong so far, at most 1,000 entries a file, in the order of the files. */
  readonly damage: readonly Damage[];
  /** How many faults were found so far, those that `damage` leaves out included. */
  readonly faults: number;
  /** Bytes taken from disk or pipe so far (compressed ones, maybe). */
  readonly bytesRead: number;
  /** Bytes there are in all; null when a stream is among the files. */
  readonly size: number | null;
  /** Whether something could not be read: damage, or an abort before the end. */
  readonly truncated: boolean;
  /** Whether the signal ended it. */
  readonly interrupted: boolean;
  /** Lets go of every file; also done by reading to the end. */
  close(): void;
}

/** One of the trace's files: what is known of it, open or not. */
interface Part {
  name: string;
  index: number;
  file: CaptureFile;
  /** Looked into and closed, to be opened again when its turn comes. */
  aside: boolean;
}

/**
 * Batches read without a look at the event loop: a file's bytes are always at hand, and Ctrl-C would
 * not be heard before its end.
 */
const BATCHES_AT_ONCE = 16;

/**
 * Opens captures, `-` being standard input, and looks at the first packet of each: they are read in
 * the order of time, merged where they overlap, whatever order they are named in.
 * @throws {TraceError} when one is missing, empty, or not a capture
 */
export async function openTrace(
  names: readonly string[],
  options: OpenOptions = {},
): Promise<Trace> {
  const { signal, sources = [] } = options;
  // Every program that decompresses listens to it; Node takes more than ten for a leak.
  if (signal) setMaxListeners(0, signal);
  const parts: Part[] = [];
  const memory = new TraceMemory();
  try {
    for (const [index, name] of names.entries()) {
      const source = sources[index] ?? (await openSource(name, signal));
      const file = await CaptureFile.over(source, name, index, memory);
      const part = { name, index, file, aside: false };
      parts.push(part);
      await file.next();
      // Hundreds of captures would hold hundreds of windows until their turn comes.
      if (names.length > 1 && file.source.reopenable) {
        file.close();
        part.aside = true;
      }
    }
  } catch (error) {
    for (const { file } of parts) file.close();
    throw error;
  }
  return new CaptureTrace(parts, memory, signal);
}

class CaptureTrace implements Trace {
  readonly files: readonly string[];
  readonly format: string;
  readonly origin: bigint;
  readonly size: number | null;
  readonly memory: TraceMemory;
  packets = 0;
  interrupted = false;
  readonly #parts: readonly Part[];
  readonly #inputs: MergeInput[];
  readonly #signal: AbortSignal | undefined;

  constructor(parts: readonly Part[], memory: TraceMemory, signal: AbortSignal | undefined) {
    this.#parts = parts;
    this.memory = memory;
    this.#signal = signal;
    this.files = parts.map(({ name }) => name);
    this.format = [...new Set(parts.map(({ file }) => file.format))].join("+");
    const origins = parts.flatMap(({ file }) => file.origin ?? []);
    this.origin = origins.reduce(
      (first, other) => (other < first ? other : first),
      origins[0] ?? 0n,
    );
    const sizes = parts.map(({ file }) => file.source.size);
    this.size = sizes.reduce<number | null>(
      (sum, size) => (sum === null || size === null ? null : sum + size),
      0,
    );
    this.#inputs = parts.map((part) => this.#input(part));
  }

  get damage(): readonly Damage[] {
    return this.#parts.flatMap(({ file }) => file.damage.entries);
  }

  get faults(): number {
    return this.#parts.reduce((sum, { file }) => sum + file.damage.count, 0);
  }

  get bytesRead(): number {
    return this.#parts.reduce((sum, { file, aside }) => sum + (aside ? 0 : file.source.taken), 0);
  }

  get truncated(): boolean {
    return this.interrupted || this.faults > 0;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<BatchColumns> {
    let batches = 0;
    try {
      for await (const batch of mergeByTime(this.#inputs)) {
        this.packets += batch.count;
        if (++batches % BATCHES_AT_ONCE === 0) await immediately();
        // What has been read is handed on first: of a pipe, it holds the last packet that came.
        yield batch;
        if (this.#stopped()) return;
      }
      this.#stopped();
    } finally {
      this.close();
    }
  }

  close(): void {
    for (const { file } of this.#parts) file.close();
  }

  #stopped(): boolean {
    this.interrupted ||= this.#signal?.aborted ?? false;
    return this.interrupted;
  }

  #input(part: Part): MergeInput {
    const first = Number((part.file.origin ?? this.origin) - this.origin);
    const open = async (): Promise<CaptureFile> => {
      if (part.aside) {
        part.file = await CaptureFile.open(part.name, part.index, this.memory, this.#signal);
        part.aside = false;
      }
      part.file.origin = this.origin;
      return part.file;
    };
    return { index: part.index, first, open, finished: (file) => file.close() };
  }
}
