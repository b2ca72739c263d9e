/** One capture: its source, its window, its reader. */
import { BatchColumns } from "./batch-columns.ts";
import { DamageLog } from "./damage-log.ts";
import { TraceError } from "./errors.ts";
import type { FormatReader, OpenReader } from "./formats/format.ts";
import { captureFormat } from "./formats/registry.ts";
import { openSource } from "./sources/open-source.ts";
import type { ByteSource, SourceError } from "./sources/source.ts";
import type { TraceMemory } from "./trace-memory.ts";
import { WindowOfTrace } from "./window-of-trace.ts";

/** Bytes looked at to tell what a file is: a tar archive says so at 257. */
const HEAD_BYTES = 512;

export class CaptureFile {
  readonly name: string;
  readonly format: string;
  readonly damage: DamageLog;
  readonly source: ByteSource;
  readonly batch: BatchColumns;
  /** Whether every byte was looked at. */
  ended = false;
  readonly #window: WindowOfTrace;
  readonly #reader: FormatReader;
  #parsed = false;
  #closed = false;

  private constructor(
    name: string,
    index: number,
    source: ByteSource,
    window: WindowOfTrace,
    format: string,
    open: OpenReader,
  ) {
    this.name = name;
    this.damage = new DamageLog(name);
    this.source = source;
    this.batch = new BatchColumns(index, window.memory);
    this.#window = window;
    this.#reader = open(window, this.damage);
    this.format = format;
  }

  /**
   * Opens `name` (`-` for standard input), which is file `index` of the trace in `memory`.
   * @throws {TraceError} when it is not there, empty, or no capture that can be read
   */
  static async open(
    name: string,
    index: number,
    memory: TraceMemory,
    signal?: AbortSignal,
  ): Promise<CaptureFile> {
    return CaptureFile.over(await openSource(name, signal), name, index, memory);
  }

  /**
   * Reads `source`, which it takes over, as file `index` of the trace in `memory`.
   * @throws {TraceError} when it is empty, or no capture that can be read
   */
  static async over(
    source: ByteSource,
    name: string,
    index: number,
    memory: TraceMemory,
  ): Promise<CaptureFile> {
    const window = new WindowOfTrace(source, memory);
    try {
      const head = await window.head(HEAD_BYTES);
      const format = captureFormat(head);
      if (format) {
        return new CaptureFile(name, index, source, window, format.name, await format.load());
      }
      const { nameForeign, showHead } = await import("./formats/foreign.ts");
      const found = window.failure?.found ?? (head.length === 0 ? "an empty file" : null);
      throw new TraceError({
        file: name,
        offset: window.failure ? window.end : 0,
        packet: 1,
        expected: window.failure?.expected ?? "a pcap or pcapng capture",
        found: found ?? nameForeign(head) ?? showHead(head),
        skipped: null,
      });
    } catch (error) {
      source.close();
      window.giveBack();
      throw error;
    }
  }

  /** Nanoseconds since the epoch that the batch's times count from; see `FormatReader.origin`. */
  get origin(): bigint | null {
    return this.#reader.origin;
  }

  /** Moves the origin, and with it the times of the batch at hand. */
  set origin(origin: bigint | null) {
    const before = this.#reader.origin;
    this.#reader.origin = origin;
    if (before === null || origin === null || before === origin) return;
    const shift = Number(before - origin);
    for (let i = 0; i < this.batch.count; i++) this.batch.time[i] += shift;
  }

  /** Packets read so far, those of the batch at hand included. */
  get packets(): number {
    return this.#reader.number - 1;
  }

  /** Reads the next packets into `batch`; false when there are none left. */
  async next(): Promise<boolean> {
    const window = this.#window;
    while (!this.ended) {
      if (this.#parsed) await window.fill();
      const state = this.#reader.read(window, this.batch);
      this.#parsed = state === "more";
      this.ended = state === "done" || (state === "more" && window.ended);
      if (this.ended && window.fault) this.#reportFault(window.fault);
      if (this.batch.count > 0) return true;
    }
    this.batch.count = 0;
    return false;
  }

  /** Lets go of the file, and of the memory of its batch; may be called again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.source.close();
    this.batch.giveBack();
    this.#window.giveBack();
  }

  #reportFault({ expected, found }: SourceError): void {
    const offset = this.#window.base + this.#window.end;
    this.damage.add({ offset, packet: this.#reader.number, expected, found, skipped: null });
  }
}
