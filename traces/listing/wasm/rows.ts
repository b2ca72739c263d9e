/** Connections as rows of their own, which can be put in order one by one. */

@unmanaged
export class Row {
  start: f64;
  duration: f64;
  clientBytes: f64;
  serverBytes: f64;
  clientWireBytes: f64;
  serverWireBytes: f64;
  clientPackets: f64;
  serverPackets: f64;
  /** The first two words of an address, and the last two. */
  clientHigh: u64;
  clientLow: u64;
  serverHigh: u64;
  serverLow: u64;
  clientPort: u16;
  serverPort: u16;
  protocol: u8;
  close: u8;
  flags: u8;
  /** 1 from when the row is written until it is handed on. */
  there: u8;
}

/** Where the columns of a `ConnectionColumns` are, by its own names. */
@unmanaged
export class Columns {
  id: usize;
  start: usize;
  duration: usize;
  clientBytes: usize;
  serverBytes: usize;
  clientWireBytes: usize;
  serverWireBytes: usize;
  clientPackets: usize;
  serverPackets: usize;
  client: usize;
  server: usize;
  clientPort: usize;
  serverPort: usize;
  protocol: usize;
  close: usize;
  flags: usize;
}

/** Copies row `i` of the columns. */
export function packRow(columns: Columns, i: usize, row: Row): void {
  row.start = load<f64>(columns.start + 8 * i);
  row.duration = load<f64>(columns.duration + 8 * i);
  row.clientBytes = load<f64>(columns.clientBytes + 8 * i);
  row.serverBytes = load<f64>(columns.serverBytes + 8 * i);
  row.clientWireBytes = load<f64>(columns.clientWireBytes + 8 * i);
  row.serverWireBytes = load<f64>(columns.serverWireBytes + 8 * i);
  row.clientPackets = load<f64>(columns.clientPackets + 8 * i);
  row.serverPackets = load<f64>(columns.serverPackets + 8 * i);
  row.clientHigh = load<u64>(columns.client + 16 * i);
  row.clientLow = load<u64>(columns.client + 16 * i, 8);
  row.serverHigh = load<u64>(columns.server + 16 * i);
  row.serverLow = load<u64>(columns.server + 16 * i, 8);
  row.clientPort = load<u16>(columns.clientPort + 2 * i);
  row.serverPort = load<u16>(columns.serverPort + 2 * i);
  row.protocol = load<u8>(columns.protocol + i);
  row.close = load<u8>(columns.close + i);
  row.flags = load<u8>(columns.flags + i);
  row.there = 1;
}

/** Copies a row to row `i` of the columns, all but its id. */
export function unpackRow(row: Row, columns: Columns, i: usize): void {
  store<f64>(columns.start + 8 * i, row.start);
  store<f64>(columns.duration + 8 * i, row.duration);
  store<f64>(columns.clientBytes + 8 * i, row.clientBytes);
  store<f64>(columns.serverBytes + 8 * i, row.serverBytes);
  store<f64>(columns.clientWireBytes + 8 * i, row.clientWireBytes);
  store<f64>(columns.serverWireBytes + 8 * i, row.serverWireBytes);
  store<f64>(columns.clientPackets + 8 * i, row.clientPackets);
  store<f64>(columns.serverPackets + 8 * i, row.serverPackets);
  store<u64>(columns.client + 16 * i, row.clientHigh);
  store<u64>(columns.client + 16 * i, row.clientLow, 8);
  store<u64>(columns.server + 16 * i, row.serverHigh);
  store<u64>(columns.server + 16 * i, row.serverLow, 8);
  store<u16>(columns.clientPort + 2 * i, row.clientPort);
  store<u16>(columns.serverPort + 2 * i, row.serverPort);
  store<u8>(columns.protocol + i, row.protocol);
  store<u8>(columns.close + i, row.close);
  store<u8>(columns.flags + i, row.flags);
}
