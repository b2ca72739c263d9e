/**
 * Connections in order of start, from closes in any order. One long-lived connection holds back all
 * that began after it: they wait in blocks in memory, and beyond a limit in a temporary file.
 */
import { type ConnectionColumns, copyRows } from "../connection.ts";
import type { ListingMemory } from "./listing-memory.ts";
import { TemporaryFile } from "./temporary-file.ts";

/** Rows that are copied in at a time: few enough for a processor's cache. */
const PORTION = 1024;
/** Blocks in memory at most: 34 MB, 54 when all rows are wide. */
const MOST_BLOCKS = 128;

/** Rows `first … end − 1` of the block at `block` in a `ListingMemory`. */
export interface RowRun {
  block: number;
  first: number;
  end: number;
}

export interface OrderOptions {
  /** Whether bytes on the wire are wanted, too. */
  wire: boolean;
  /** Blocks in memory at most. */
  mostBlocks?: number | undefined;
}

export class StartOrder {
  readonly #memory: ListingMemory;
  readonly #wire: number;
  readonly #blockRows: number;
  readonly #blockBytes: number;
  /** Where the blocks in memory are, by number; block n holds ids n × 4096 …. */
  readonly #blocks = new Map<number, number>();
  /** Blocks for use again, with no row there. */
  readonly #spare: number[] = [];
  readonly #mostBlocks: number;
  readonly #portion: { columns: ConnectionColumns; at: number };
  /** A block for rows on their way to the file. */
  readonly #passing: number;
  /** Id of the next row to hand on. */
  #next = 0;
  /** Blocks before this one are in the file or handed on, the one handed on from excepted. */
  #firstKept = 0;
  #file: TemporaryFile | null = null;

  constructor(memory: ListingMemory, { wire, mostBlocks = MOST_BLOCKS }: OrderOptions) {
    const { BLOCK_ROWS, WIDE_BYTES, WIDES } = memory.code;
    this.#memory = memory;
    this.#wire = wire ? 1 : 0;
    this.#blockRows = BLOCK_ROWS.value;
    this.#blockBytes = WIDES.value + BLOCK_ROWS.value * WIDE_BYTES.value;
    this.#mostBlocks = Math.max(2, mostBlocks);
    this.#portion = memory.columns(PORTION);
    this.#passing = memory.allocate(this.#blockBytes);
  }

  /** Takes closed connections in. Ids count from 0 without a gap. */
  add(closed: ConnectionColumns): void {
    const { columns, at } = this.#portion;
    const { code } = this.#memory;
    for (let from = 0; from < closed.count; from += PORTION) {
      const count = Math.min(PORTION, closed.count - from);
      copyRows(closed, from, columns, 0, count);
      for (let row = 0; row < count; ) {
        row = code.pack(at, row, count, this.#wire);
        if (row === count) break;
        const number = Math.floor(columns.id[row] / this.#blockRows);
        if (!this.#find(number)) this.#writeRow(row++, number);
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
    const part = Math.min(most, this.#blockRows - first);
    const count = this.#memory.code.takeRun(block, first, part);
    this.#next += count;
    return count > 0 ? { block, first, end: first + count } : null;
  }

  /** Lets go of the temporary file. */
  close(): void {
    this.#file?.close();
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
      this.#writeBlock(number, block);
      this.#release(number);
      this.#firstKept = Math.max(this.#firstKept, number + 1);
    }
  }

  /** Puts a block into the file, and makes it one with no row there. */
  #writeBlock(number: number, block: number): void {
    const { WIDES, hasWide } = this.#memory.code;
    const rows = this.#memory.bytes(block, WIDES.value);
    const all = this.#memory.bytes(block, hasWide(block) ? this.#blockBytes : WIDES.value);
    this.#file ??= new TemporaryFile();
    this.#file.write(all, number * this.#blockBytes);
    rows.fill(0);
  }

  /** Puts row `i` of the portion into the file, where its block is. */
  #writeRow(i: number, number: number): void {
    const { code } = this.#memory;
    const n = this.#portion.columns.id[i] - number * this.#blockRows;
    const isWide = code.packOne(this.#portion.at, i, this.#passing, n, this.#wire);
    this.#file ??= new TemporaryFile();
    const file = this.#file;
    const put = (at: number, length: number) => {
      const bytes = this.#memory.bytes(this.#passing + at, length);
      file.write(bytes, number * this.#blockBytes + at);
    };
    put(n * code.ROW_BYTES.value, code.ROW_BYTES.value);
    if (isWide) put(code.WIDES.value + n * code.WIDE_BYTES.value, code.WIDE_BYTES.value);
  }

  #read(number: number): number {
    const block = this.#allocate(number);
    const bytes = this.#memory.bytes(block, this.#blockBytes);
    // Behind the file's end, and where nothing was written, there are no rows: zeros.
    this.#file?.read(bytes, number * bytes.length);
    return block;
  }
}
