/** What can be known of a block without unpacking it. */
import { ConnectionColumns } from "../../table/wasm/columns.ts";

const MIDSTREAM: u8 = 1;

/** Doubles; encode-block.ts knows the order, too. */
@unmanaged
export class Summary {
  timeUnit: f64;
  firstStart: f64;
  lastStart: f64;
  lastEnd: f64;
  payloadBytes: f64;
  packets: f64;
  midstream: f64;
  backstep: f64;
}

/** Sums up rows `first … end − 1`, all but their unit. */
export function summarize(
  columns: ConnectionColumns,
  first: usize,
  end: usize,
  summary: Summary,
): void {
  summary.firstStart = load<f64>(columns.start + 8 * first);
  summary.lastStart = load<f64>(columns.start + 8 * (end - 1));
  let lastEnd = summary.firstStart;
  let earliest = summary.firstStart;
  let payload: f64 = 0;
  let packets: f64 = 0;
  let midstream: u32 = 0;
  for (let row = first; row < end; row++) {
    const at: usize = 8 * row;
    const start = load<f64>(columns.start + at);
    const over = start + load<f64>(columns.duration + at);
    earliest = start < earliest ? start : earliest;
    lastEnd = over > lastEnd ? over : lastEnd;
    payload += load<f64>(columns.clientBytes + at) + load<f64>(columns.serverBytes + at);
    packets += load<f64>(columns.clientPackets + at) + load<f64>(columns.serverPackets + at);
    midstream += load<u8>(columns.flags + row) & MIDSTREAM;
  }
  summary.lastEnd = lastEnd;
  summary.payloadBytes = payload;
  summary.packets = packets;
  summary.midstream = midstream;
  summary.backstep = summary.firstStart - earliest;
}
