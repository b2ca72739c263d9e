/** What is counted of a trace's connections, block by block, where their columns lie. */
import { noteAhead } from "../../../traces/table/wasm/ahead.ts";
import { addAddress, beginDistinct, readAddress } from "./distinct-addresses.ts";
import { add, Histogram, readBin } from "./histogram.ts";

/** Bit of a connection's flags. */
const MIDSTREAM: u8 = 1;

let midstream: f64 = 0;
let latest: f64 = 0;
/** Seconds that connections were held, and bytes that they moved. */
let holding = changetype<Histogram>(0);
let moved = changetype<Histogram>(0);

/** Begins to count; the two histograms are there already. */
export function beginConnections(seconds: Histogram, bytes: Histogram): void {
  beginDistinct();
  holding = seconds;
  moved = bytes;
}

/** Takes in who `count` connections are, as they open. */
export function countOpened(count: i32, client: usize, flags: usize): void {
  let sum: u32 = 0;
  for (let row: usize = 0; row < <usize>count; row++) sum ^= readAddress(client + (row << 4));
  noteAhead(sum);
  for (let row: usize = 0; row < <usize>count; row++) {
    addAddress(client + (row << 4));
    midstream += <f64>(load<u8>(flags + row) & MIDSTREAM);
  }
}

/** Takes in what `count` connections came to, as their end is known. */
export function countClosed(
  count: i32,
  start: usize,
  duration: usize,
  clientBytes: usize,
  serverBytes: usize,
): void {
  const end = (<usize>count) << 3;
  let sum: u32 = 0;
  for (let at: usize = 0; at < end; at += 8) {
    sum ^= readBin(holding, load<f64>(duration + at) / 1e9);
    sum ^= readBin(moved, load<f64>(clientBytes + at) + load<f64>(serverBytes + at));
  }
  noteAhead(sum);
  for (let at: usize = 0; at < end; at += 8) {
    const held = load<f64>(duration + at);
    add(holding, held / 1e9, 1);
    add(moved, load<f64>(clientBytes + at) + load<f64>(serverBytes + at), 1);
    const close = load<f64>(start + at) + held;
    if (close > latest) latest = close;
  }
}

export function midstreams(): f64 {
  return midstream;
}

/** The latest close, in nanoseconds since the trace's origin. */
export function latestClose(): f64 {
  return latest;
}
