/** Files of connections as one trace, merged by start where there are several. */
import { ConnectionColumns, copyRows } from "./connection.ts";
import type { ConnectionFile, Period } from "./connection-file.ts";
import type { Damage } from "./errors.ts";

const BLOCK = 65_536;

/** A file being merged: its block at hand, the row it has come to, and how its times shift. */
interface Cursor {
  blocks: AsyncGenerator<ConnectionColumns>;
  rows: ConnectionColumns;
  row: number;
  /** Nanoseconds to add for the trace's origin. */
  shift: number;
}

/** Iterate it once; the block is reused from step to step. */
export class ConnectionTrace implements AsyncIterable<ConnectionColumns> {
  /** Nanoseconds since 1970 of time 0; known with the first block. */
  origin = 0n;
  private readonly parts: readonly ConnectionFile[];
  private readonly signal: AbortSignal | undefined;
  private readonly period: Period | undefined;

  /** `period`, if given, is all that is read of them. */
  constructor(parts: readonly ConnectionFile[], signal?: AbortSignal, period?: Period) {
    this.parts = parts;
    this.signal = signal;
    this.period = period;
  }

  /** Formats of the files, each named once, joined by `+`. */
  get format(): string {
    return [...new Set(this.parts.map(({ format }) => format))].join("+");
  }

  /** How durations came about, each way named once. */
  get durations(): string {
    return [...new Set(this.parts.map(({ durations }) => durations))].join("; ");
  }

  get damage(): readonly Damage[] {
    return this.parts.flatMap(({ damage }) => damage.entries);
  }

  get faults(): number {
    return this.parts.reduce((sum, { damage }) => sum + damage.count, 0);
  }

  /** Lines of logs that say nothing that can be used, and the first of each file. */
  get broken(): { count: number; first: readonly Damage[] } {
    const all = this.parts.flatMap(({ reader }) => reader.broken ?? []);
    return {
      count: all.reduce((sum, { count }) => sum + count, 0),
      first: all.flatMap(({ first }) => first ?? []),
    };
  }

  get bytesRead(): number {
    return this.parts.reduce((sum, { source }) => sum + source.taken, 0);
  }

  /** Bytes there are in all; null when a stream is among the files. */
  get size(): number | null {
    const sizes = this.parts.map(({ source }) => source.size);
    return sizes.reduce<number | null>(
      (sum, size) => (sum === null || size === null ? null : sum + size),
      0,
    );
  }

  get truncated(): boolean {
    return this.faults > 0 || (this.signal?.aborted ?? false);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ConnectionColumns> {
    if (this.parts.length > 1) {
      yield* this.merged();
      return;
    }
    for (const part of this.parts) {
      for await (const rows of part.blocks(this.signal, this.period)) {
        this.origin = part.origin;
        yield rows;
      }
      this.origin = part.origin;
    }
  }

  private async *merged(): AsyncGenerator<ConnectionColumns> {
    const cursors: Cursor[] = [];
    const origins: bigint[] = [];
    for (const part of this.parts) {
      const blocks = part.blocks(this.signal, this.period);
      const first = await blocks.next();
      if (first.done) continue;
      origins.push(part.origin);
      cursors.push({ blocks, rows: first.value, row: 0, shift: 0 });
    }
    this.origin = origins.reduce((least, next) => (next < least ? next : least), origins[0] ?? 0n);
    cursors.forEach((cursor, i) => {
      cursor.shift = Number(origins[i] - this.origin);
    });
    const out = new ConnectionColumns(BLOCK);
    let id = 0;
    while (cursors.length > 0) {
      const next = earliest(cursors);
      copyRows(next.rows, next.row, out, out.count, 1);
      out.start[out.count] += next.shift;
      out.id[out.count] = id++;
      out.count++;
      next.row++;
      if (next.row === next.rows.count && !(await advance(next))) {
        cursors.splice(cursors.indexOf(next), 1);
      }
      if (out.count === BLOCK || cursors.length === 0) {
        yield out;
        out.count = 0;
      }
    }
  }
}

const timeOf = (cursor: Cursor): number => cursor.rows.start[cursor.row] + cursor.shift;

/** The cursor whose next connection starts first; the file named first among equals. */
function earliest(cursors: readonly Cursor[]): Cursor {
  let best = cursors[0];
  for (const cursor of cursors) if (timeOf(cursor) < timeOf(best)) best = cursor;
  return best;
}

/** Moves on to the file's next block; false at its end. */
async function advance(cursor: Cursor): Promise<boolean> {
  const next = await cursor.blocks.next();
  if (next.done) return false;
  cursor.rows = next.value;
  cursor.row = 0;
  return true;
}
