/**
 * Connections in order of start, from closes in any order. One long-lived connection holds back all
 * that began after it: they wait in blocks in memory, and beyond a limit in a temporary file.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionColumns, copyRows } from "../connection.ts";
import type { ListingMemory } from "./listing-memory.ts";

/** Rows that are copied in at a time: few enough for a processor's cache. */
const PORTION = 1024;
/** Blocks in memory at most: 54 MB. */
const MOST_BLOCKS = 128;

/** Rows one behind the other in a `ListingMemory`. */
export interface RowRun {
  /** Where the first is. */
  rows: number;
  count: number;
}

export class StartOrder {
  readonly #memory: ListingMemory;
  readonly #rowBytes: number;
  readonly #blockRows: number;
  readonly #blockBytes: number;
  /** Where the blocks in memory are, by number; block n holds ids n × 4096 …. */
  readonly #blocks = new Map<number, number>();
  /** Blocks for use again, with no row there. */
  readonly #spare: number[] = [];
  readonly #mostBlocks: number;
  readonly #portion: { columns: ConnectionColumns; at: number };
  /** A row on its way to the file. */
  readonly #single: number;
  /** Id of the next row to hand on. */
  #next = 0;
  /** Blocks before this one are in the file or handed on, the one handed on from excepted. */
  #firstKept = 0;
  #file: number | null = null;

  constructor(memory: ListingMemory, mostBlocks = MOST_BLOCKS) {
    this.#memory = memory;
    this.#rowBytes = memory.code.ROW_BYTES.value;
    this.#blockRows = memory.code.BLOCK_ROWS.value;
    this.#blockBytes = this.#blockRows * this.#rowBytes;
    this.#mostBlocks = Math.max(2, mostBlocks);
    this.#portion = memory.columns(PORTION);
    this.#single = memory.allocate(this.#rowBytes);
  }

  /** Takes closed connections in. Ids count from 0 without a gap. */
  add(closed: ConnectionColumns): void {
    const { columns, at } = this.#portion;
    const { code } = this.#memory;
    for (let from = 0; from < closed.count; from += PORTION) {
      const count = Math.min(PORTION, closed.count - from);
      copyRows(closed, from, columns, 0, count);
      for (let row = code.pack(at, 0, count); row < count; row = code.pack(at, row, count)) {
        const id = columns.id[row];
        if (!this.#find(Math.floor(id / this.#blockRows))) this.#writeRow(id, row++);
      }
    }
  }

  /**
   * The next rows whose turn has come, at most `most`, or null when there is none. They are good until
   * more are asked for, which is to be done until there are no more.
   */
  take(most: number): RowRun | null {
    const number = Math.floor(this.#next / this.#blockRows);
    const first = this.#next - number * this.#blockRows;
    if (first === 0) this.#release(number - 1);
    const block =
      this.#blocks.get(number) ?? (number < this.#firstKept ? this.#read(number) : null);
    if (block === null) return null;
    const rows = block + first * this.#rowBytes;
    const count = this.#memory.code.takeRun(rows, Math.min(most, this.#blockRows - first));
    this.#next += count;
    return count > 0 ? { rows, count } : null;
  }

  /** Lets go of the temporary file. */
  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  /** Lets `pack` know where a block is, a new one if need be; false when it is in the file. */
  #find(number: number): boolean {
    const block = this.#blocks.get(number) ?? this.#missing(number);
    if (block === null) return false;
    this.#memory.code.setBlock(number, block);
    return true;
  }

  /** A new block for rows not met before; null when the block is in the file. */
  #missing(number: number): number | null {
    if (number < this.#firstKept) return null;
    if (this.#blocks.size >= this.#mostBlocks) this.#spill();
    if (number < this.#firstKept) return null;
    return this.#allocate(number);
  }

  #allocate(number: number): number {
    const block = this.#spare.pop() ?? this.#memory.allocate(this.#blockBytes);
    this.#blocks.set(number, block);
    return block;
  }

  #release(number: number): void {
    const block = this.#blocks.get(number);
    if (block === undefined) return;
    this.#blocks.delete(number);
    this.#memory.code.setBlock(number, 0);
    this.#spare.push(block);
  }

  /** Puts the earliest half of the blocks in memory into the file, but not the one handed on from. */
  #spill(): void {
    const front = Math.floor(this.#next / this.#blockRows);
    const numbers = [...this.#blocks.keys()].filter((n) => n !== front).sort((a, b) => a - b);
    for (const number of numbers.slice(0, Math.ceil(numbers.length / 2))) {
      const block = this.#blocks.get(number);
      if (block === undefined) continue;
      const bytes = this.#memory.bytes(block, this.#blockBytes);
      this.#write(bytes, number * this.#blockBytes);
      bytes.fill(0);
      this.#release(number);
      this.#firstKept = Math.max(this.#firstKept, number + 1);
    }
  }

  #writeRow(id: number, row: number): void {
    this.#memory.code.packOne(this.#portion.at, row, this.#single);
    this.#write(this.#memory.bytes(this.#single, this.#rowBytes), id * this.#rowBytes);
  }

  #write(bytes: Uint8Array, at: number): void {
    this.#file ??= openTemporary();
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, at + done);
    }
  }

  #read(number: number): number {
    const block = this.#allocate(number);
    const bytes = this.#memory.bytes(block, this.#blockBytes);
    // Behind the file's end, and where nothing was written, there are no rows: zeros.
    for (let done = 0; this.#file !== null && done < bytes.length; ) {
      const at = number * bytes.length + done;
      const length = readSync(this.#file, bytes, done, bytes.length - done, at);
      if (length === 0) break;
      done += length;
    }
    return block;
  }
}

/** A file that is gone when we are. */
function openTemporary(): number {
  const folder = mkdtempSync(join(tmpdir(), "anypin-"));
  try {
    return openSync(join(folder, "rows"), "wx+", 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
