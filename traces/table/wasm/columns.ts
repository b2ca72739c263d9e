/**
 * Where the columns of a `ConnectionColumns` lie, by its own names; the order is that of
 * `columnAddresses` in connection.ts.
 */
@unmanaged
export class ConnectionColumns {
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
