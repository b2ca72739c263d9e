/** Connections as columns: what captures become, what flow traces hold, what the engines replay. */
import { allColumnBytes, columnPlaces } from "./columns.ts";

/** How a connection ended (DESIGN.md section 4); the order is that of `CLOSE_NAMES`. */
export const CLOSE_FIN = 0;
export const CLOSE_RESET = 1;
/** The trace ended before the connection did. */
export const CLOSE_OPEN = 2;
/** No packet for the idle time-out. */
export const CLOSE_IDLE = 3;
export const CLOSE_NAMES = ["fin", "reset", "open", "idle"] as const;

/** `tcp`, `udp`, or the number of any other IP protocol. */
export const protocolName = (number: number): string =>
  number === 6 ? "tcp" : number === 17 ? "udp" : String(number);

/** Flag bits of `ConnectionColumns.flags`. */
export const CONNECTION_MIDSTREAM = 1;

/**
 * A block of connections, row i being one. Addresses are four 32-bit words an address (IPv4 as
 * ::ffff:a.b.c.d) at 4·i; times are nanoseconds since the trace's origin.
 */
export class ConnectionColumns {
  readonly capacity: number;
  /** Rows in use. */
  count = 0;
  /** Number of the connection in order of start, from 0. */
  readonly id: Float64Array;
  readonly start: Float64Array;
  /** Nanoseconds from the first packet to the close (see CLOSE_*), or to the last packet. */
  readonly duration: Float64Array;
  readonly client: Uint32Array;
  readonly server: Uint32Array;
  readonly clientPort: Uint16Array;
  readonly serverPort: Uint16Array;
  /** IP protocol number. */
  readonly protocol: Uint8Array;
  readonly close: Uint8Array;
  readonly flags: Uint8Array;
  /** Transport payload in bytes, retransmissions included, sent by each side. */
  readonly clientBytes: Float64Array;
  readonly serverBytes: Float64Array;
  /** The same on the wire: whole frames as the capture's link saw them. */
  readonly clientWireBytes: Float64Array;
  readonly serverWireBytes: Float64Array;
  readonly clientPackets: Float64Array;
  readonly serverPackets: Float64Array;

  /** Columns of their own, or laid out in `memory` from byte `at` (a multiple of 8) on. */
  constructor(
    capacity: number,
    memory: ArrayBufferLike = new ArrayBuffer(bytesOf(capacity)),
    at = 0,
  ) {
    this.capacity = capacity;
    const places = columnPlaces(at);
    const place = (width: number): number => places(width * capacity);
    const doubles = () => new Float64Array(memory, place(8), capacity);
    const bytes = () => new Uint8Array(memory, place(1), capacity);
    this.id = doubles();
    this.start = doubles();
    this.duration = doubles();
    this.clientBytes = doubles();
    this.serverBytes = doubles();
    this.clientWireBytes = doubles();
    this.serverWireBytes = doubles();
    this.clientPackets = doubles();
    this.serverPackets = doubles();
    this.client = new Uint32Array(memory, place(16), 4 * capacity);
    this.server = new Uint32Array(memory, place(16), 4 * capacity);
    this.clientPort = new Uint16Array(memory, place(2), capacity);
    this.serverPort = new Uint16Array(memory, place(2), capacity);
    this.protocol = bytes();
    this.close = bytes();
    this.flags = bytes();
  }

  /** Bytes of memory that `capacity` rows take, a multiple of 8. */
  static bytes(capacity: number): number {
    return bytesOf(capacity);
  }
}

/** Nine doubles, two addresses, two ports, three bytes. */
const WIDTHS = [8, 8, 8, 8, 8, 8, 8, 8, 8, 16, 16, 2, 2, 1, 1, 1];
const bytesOf = (capacity: number): number => allColumnBytes(WIDTHS, capacity);

/** Where the columns lie in their memory, in the order of `table/wasm/columns.ts`. */
export const columnAddresses = (columns: ConnectionColumns): number[] =>
  [
    columns.id,
    columns.start,
    columns.duration,
    columns.clientBytes,
    columns.serverBytes,
    columns.clientWireBytes,
    columns.serverWireBytes,
    columns.clientPackets,
    columns.serverPackets,
    columns.client,
    columns.server,
    columns.clientPort,
    columns.serverPort,
    columns.protocol,
    columns.close,
    columns.flags,
  ].map(({ byteOffset }) => byteOffset);

/** Copies `count` rows from row `from` of `source` to row `to` of `target`, which has the room. */
export function copyRows(
  source: ConnectionColumns,
  from: number,
  target: ConnectionColumns,
  to: number,
  count: number,
): void {
  const copy = <Column extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(
    into: Column,
    out: Column,
    width: number,
  ): void => into.set(out.subarray(width * from, width * (from + count)), width * to);
  copy(target.id, source.id, 1);
  copy(target.start, source.start, 1);
  copy(target.duration, source.duration, 1);
  copy(target.client, source.client, 4);
  copy(target.server, source.server, 4);
  copy(target.clientPort, source.clientPort, 1);
  copy(target.serverPort, source.serverPort, 1);
  copy(target.protocol, source.protocol, 1);
  copy(target.close, source.close, 1);
  copy(target.flags, source.flags, 1);
  copy(target.clientBytes, source.clientBytes, 1);
  copy(target.serverBytes, source.serverBytes, 1);
  copy(target.clientWireBytes, source.clientWireBytes, 1);
  copy(target.serverWireBytes, source.serverWireBytes, 1);
  copy(target.clientPackets, source.clientPackets, 1);
  copy(target.serverPackets, source.serverPackets, 1);
}
