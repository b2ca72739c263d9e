/**
 * Connections as rows, which can be put in order one by one. What all rows need fills one cache line;
 * what few need lies apart, in memory that is not there before it is written to.
 */
import { ConnectionColumns } from "../../table/wasm/columns.ts";

@unmanaged
export class Row {
  start: f64;
  duration: f64;
  clientBytes: f64;
  serverBytes: f64;
  clientPackets: f64;
  serverPackets: f64;
  /** The last words of the addresses: all that there is to an IPv4 address. */
  client: u32;
  server: u32;
  clientPort: u16;
  serverPort: u16;
  protocol: u8;
  close: u8;
  flags: u8;
  /** `ROW_*` bits. */
  state: u8;
}

/** The row is there, not handed on yet. */
export const ROW_THERE: u8 = 1;
/** The row has a `Wide`; if not, both addresses are IPv4 and the bytes on the wire are nobody's concern. */
export const ROW_WIDE: u8 = 2;

@unmanaged
export class Wide {
  clientWireBytes: f64;
  serverWireBytes: f64;
  /** The first two words of the addresses, and the third ones. */
  clientHigh: u64;
  serverHigh: u64;
  clientThird: u32;
  serverThird: u32;
}

/** A block is its rows, and then their wide parts. */
export const BLOCK_ROWS: usize = 4096;
export const ROW_BYTES = offsetof<Row>();
export const WIDE_BYTES = offsetof<Wide>();
export const WIDES: usize = BLOCK_ROWS * ROW_BYTES;

export function rowOf(block: usize, n: usize): Row {
  return changetype<Row>(block + n * ROW_BYTES);
}

export function wideOf(block: usize, n: usize): Wide {
  return changetype<Wide>(block + WIDES + n * WIDE_BYTES);
}

/** The third word of an IPv4 address as ::ffff:a.b.c.d; those before it are 0. */
const MAPPED: u32 = 0xffff;

function isV4(address: usize): bool {
  return load<u64>(address) === 0 && load<u32>(address, 8) === MAPPED;
}

/** Copies row `i` of the columns to row `n` of a block, bytes on the wire only if `wire` says so. */
export function packRow(
  columns: ConnectionColumns,
  i: usize,
  block: usize,
  n: usize,
  wire: bool,
): void {
  const row = rowOf(block, n);
  const client = columns.client + 16 * i;
  const server = columns.server + 16 * i;
  row.start = load<f64>(columns.start + 8 * i);
  row.duration = load<f64>(columns.duration + 8 * i);
  row.clientBytes = load<f64>(columns.clientBytes + 8 * i);
  row.serverBytes = load<f64>(columns.serverBytes + 8 * i);
  row.clientPackets = load<f64>(columns.clientPackets + 8 * i);
  row.serverPackets = load<f64>(columns.serverPackets + 8 * i);
  row.client = load<u32>(client, 12);
  row.server = load<u32>(server, 12);
  row.clientPort = load<u16>(columns.clientPort + 2 * i);
  row.serverPort = load<u16>(columns.serverPort + 2 * i);
  row.protocol = load<u8>(columns.protocol + i);
  row.close = load<u8>(columns.close + i);
  row.flags = load<u8>(columns.flags + i);
  if (!wire && isV4(client) && isV4(server)) {
    row.state = ROW_THERE;
    return;
  }
  row.state = ROW_THERE | ROW_WIDE;
  const wide = wideOf(block, n);
  wide.clientWireBytes = load<f64>(columns.clientWireBytes + 8 * i);
  wide.serverWireBytes = load<f64>(columns.serverWireBytes + 8 * i);
  wide.clientHigh = load<u64>(client);
  wide.clientThird = load<u32>(client, 8);
  wide.serverHigh = load<u64>(server);
  wide.serverThird = load<u32>(server, 8);
}

/** Copies row `n` of a block to row `i` of the columns, all but its id. */
export function unpackRow(block: usize, n: usize, columns: ConnectionColumns, i: usize): void {
  const row = rowOf(block, n);
  const client = columns.client + 16 * i;
  const server = columns.server + 16 * i;
  store<f64>(columns.start + 8 * i, row.start);
  store<f64>(columns.duration + 8 * i, row.duration);
  store<f64>(columns.clientBytes + 8 * i, row.clientBytes);
  store<f64>(columns.serverBytes + 8 * i, row.serverBytes);
  store<f64>(columns.clientPackets + 8 * i, row.clientPackets);
  store<f64>(columns.serverPackets + 8 * i, row.serverPackets);
  store<u32>(client, row.client, 12);
  store<u32>(server, row.server, 12);
  store<u16>(columns.clientPort + 2 * i, row.clientPort);
  store<u16>(columns.serverPort + 2 * i, row.serverPort);
  store<u8>(columns.protocol + i, row.protocol);
  store<u8>(columns.close + i, row.close);
  store<u8>(columns.flags + i, row.flags);
  const wide = wideOf(block, n);
  store<f64>(columns.clientWireBytes + 8 * i, wide.clientWireBytes);
  store<f64>(columns.serverWireBytes + 8 * i, wide.serverWireBytes);
  store<u64>(client, wide.clientHigh);
  store<u32>(client, wide.clientThird, 8);
  store<u64>(server, wide.serverHigh);
  store<u32>(server, wide.serverThird, 8);
}
