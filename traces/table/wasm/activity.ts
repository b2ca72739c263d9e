/**
 * Where JavaScript has laid out an `Activity` (activity-columns.ts): addresses of its columns, and
 * how many rows they have. The order of the fields is known there, too.
 */

@unmanaged
export class Columns {
  capacity: i32;
  count: i32;
  slot: usize;
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

@unmanaged
export class Activity {
  opened: Columns;
  closed: Columns;
  slot: usize;
  payload: usize;
  fromServer: usize;
}
