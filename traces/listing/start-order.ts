/**
 * Connections in order of start, from closes in any order. One long-lived connection holds back all
 * that began after it: they wait in blocks in memory, and beyond a limit in a temporary file.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionColumns } from "../connection.ts";
import { PackedRows } from "./packed-rows.ts";
import { ROW_BYTES } from "./row-layout.ts";

const BLOCK_ROWS = 4096;
const BLOCK_BYTES = BLOCK_ROWS * ROW_BYTES;
/** Blocks in memory at most: 40 MB. */
const MOST_BLOCKS = 128;

/** Rows `first … end − 1` of a block. */
export interface RowRun {
  rows: PackedRows;
  first: number;
  end: number;
}

export class StartOrder {
  /** Blocks in memory by number; block n holds ids n × 4096 …. */
  readonly #blocks = new Map<number, PackedRows>();
  readonly #spare: PackedRows[] = [];
  readonly #mostBlocks: number;
  /** A row on its way to the file. */
  readonly #single = new PackedRows(1);
  /** Id of the next row to hand on. */
  #next = 0;
  /** Blocks before this one are in the file or handed on, the one handed on from excepted. */
  #firstKept = 0;
  #file: number | null = null;

  constructor(mostBlocks = MOST_BLOCKS) {
    this.#mostBlocks = Math.max(2, mostBlocks);
  }

  /** Takes closed connections in. Ids count from 0 without a gap. */
  add(closed: ConnectionColumns): void {
    for (let i = 0; i < closed.count; i++) {
      const id = closed.id[i];
      const number = Math.floor(id / BLOCK_ROWS);
      const row = id - number * BLOCK_ROWS;
      const block = this.#blocks.get(number) ?? this.#missing(number);
      if (block) block.set(row, closed, i);
      else this.#writeRow(id, closed, i);
    }
  }

  /** Hands on the rows whose turn has come, run by run; a run is good until the next is asked for. */
  *ready(): Generator<RowRun> {
    while (true) {
      const number = Math.floor(this.#next / BLOCK_ROWS);
      const kept = this.#blocks.get(number);
      const block = kept ?? (number < this.#firstKept ? this.#read(number) : null);
      if (!block) return;
      const first = this.#next - number * BLOCK_ROWS;
      let end = first;
      while (end < BLOCK_ROWS && block.has(end)) end++;
      this.#next += end - first;
      if (end > first) yield { rows: block, first, end };
      if (end < BLOCK_ROWS) return;
      this.#release(number, block);
    }
  }

  /** Lets go of the temporary file. */
  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #release(number: number, block: PackedRows): void {
    this.#blocks.delete(number);
    block.words.fill(0);
    this.#spare.push(block);
  }

  /** A new block for rows not met before; null when the block is in the file. */
  #missing(number: number): PackedRows | null {
    if (number < this.#firstKept) return null;
    if (this.#blocks.size >= this.#mostBlocks) this.#spill();
    if (number < this.#firstKept) return null;
    const block = this.#spare.pop() ?? new PackedRows(BLOCK_ROWS);
    this.#blocks.set(number, block);
    return block;
  }

  /** Puts the earliest half of the blocks in memory into the file, but not the one handed on from. */
  #spill(): void {
    const front = Math.floor(this.#next / BLOCK_ROWS);
    const numbers = [...this.#blocks.keys()].filter((n) => n !== front).sort((a, b) => a - b);
    for (const number of numbers.slice(0, Math.ceil(numbers.length / 2))) {
      const block = this.#blocks.get(number);
      if (!block) continue;
      this.#write(block.bytes, number * BLOCK_BYTES);
      this.#release(number, block);
      this.#firstKept = Math.max(this.#firstKept, number + 1);
    }
  }

  #writeRow(id: number, closed: ConnectionColumns, from: number): void {
    this.#single.set(0, closed, from);
    this.#write(this.#single.bytes, id * ROW_BYTES);
  }

  #write(bytes: Uint8Array, at: number): void {
    this.#file ??= openTemporary();
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, at + done);
    }
  }

  #read(number: number): PackedRows {
    const block = this.#spare.pop() ?? new PackedRows(BLOCK_ROWS);
    // Behind the file's end, and where nothing was written, there are no rows: zeros.
    for (let done = 0; this.#file !== null && done < BLOCK_BYTES; ) {
      const at = number * BLOCK_BYTES + done;
      const length = readSync(this.#file, block.bytes, done, BLOCK_BYTES - done, at);
      if (length === 0) break;
      done += length;
    }
    this.#blocks.set(number, block);
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
