/**
 * A piece cut out of a trace: what would have been seen of it by someone who came at its beginning
 * and left at its end. Connections that were open at the beginning begin there; those still open at
 * the end close a moment after it, so that a sample taken at the end still sees them. Their bytes
 * are cut in proportion.
 */
import { ConnectionColumns, copyRows } from "./connection.ts";

const BLOCK = 65_536;
/** Nanoseconds by which a connection outlives the end. */
const MOMENT = 1000;

/** From when to when, in nanoseconds since the trace's origin. */
export interface Piece {
  from: number;
  to: number;
}

/** The connections of `blocks` between `from` and `to`; the origin stays. Blocks are reused. */
export async function* clip(
  blocks: AsyncIterable<ConnectionColumns> | Iterable<ConnectionColumns>,
  { from, to }: Piece,
): AsyncGenerator<ConnectionColumns> {
  const out = new ConnectionColumns(BLOCK);
  let id = 0;
  for await (const rows of blocks) {
    let isBefore = false;
    for (let i = 0; i < rows.count; i++) {
      if (rows.start[i] >= to) continue;
      isBefore = true;
      if (rows.start[i] + rows.duration[i] < from) continue;
      copyRows(rows, i, out, out.count, 1);
      cut(out, out.count, from, to + MOMENT);
      out.id[out.count++] = id++;
      if (out.count === BLOCK) {
        yield out;
        out.count = 0;
      }
    }
    // Clocks step back, but not by a block: nothing later can lie inside.
    if (!isBefore) break;
  }
  if (out.count > 0) yield out;
}

function cut(rows: ConnectionColumns, i: number, from: number, to: number): void {
  const start = Math.max(rows.start[i], from);
  const end = Math.min(rows.start[i] + rows.duration[i], to);
  const share = rows.duration[i] > 0 ? (end - start) / rows.duration[i] : 1;
  rows.start[i] = start;
  rows.duration[i] = end - start;
  for (const column of [
    rows.clientBytes,
    rows.serverBytes,
    rows.clientWireBytes,
    rows.serverWireBytes,
  ]) {
    column[i] = Math.round(column[i] * share);
  }
}
