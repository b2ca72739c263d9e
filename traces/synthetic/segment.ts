/**
 * A piece cut out of a synthetic trace: what a capture that was started and stopped in the middle of
 * the traffic would have of it. Connections that were open at the start begin there; those still open
 * at the end close a moment after it, so that a sample taken at the end still sees them. Their bytes
 * are cut in proportion.
 */
import { ConnectionColumns, copyRows } from "../connection.ts";
import type { SyntheticTrace } from "./profile.ts";

const BLOCK = 65_536;
/** Nanoseconds by which a connection outlives the end of its segment. */
const MOMENT = 1000;

/** Connections between `from` and `to`, nanoseconds of the trace; times count from `from`. */
export async function* cutSegment(
  trace: SyntheticTrace,
  from: number,
  to: number,
): AsyncGenerator<ConnectionColumns> {
  const rows = new ConnectionColumns(BLOCK);
  const out = new ConnectionColumns(BLOCK);
  let id = 0;
  for (trace.fill(rows); rows.count > 0; trace.fill(rows)) {
    out.count = 0;
    for (let i = 0; i < rows.count; i++) {
      const end = rows.start[i] + rows.duration[i];
      if (end <= from || rows.start[i] >= to) continue;
      copyRows(rows, i, out, out.count, 1);
      cut(out, out.count, from, to);
      out.id[out.count++] = id++;
    }
    if (out.count > 0) yield out;
  }
}

function cut(rows: ConnectionColumns, i: number, from: number, to: number): void {
  const start = Math.max(rows.start[i], from);
  const end = Math.min(rows.start[i] + rows.duration[i], to + MOMENT);
  const share = rows.duration[i] > 0 ? (end - start) / rows.duration[i] : 1;
  rows.start[i] = start - from;
  rows.duration[i] = end - start;
  rows.clientBytes[i] = Math.round(rows.clientBytes[i] * share);
  rows.serverBytes[i] = Math.round(rows.serverBytes[i] * share);
}
