/**
 * What the connection table makes of one group of packets: the contract between `traces/` and the
 * engines that follow a capture packet by packet. Columns are reused for the next group.
 */
import type { ConnectionColumns } from "./connection.ts";

export interface Activity {
  /** Packets in this group. */
  packets: number;
  /** Per packet: the connection's id (order of start, from 0), or −1 for none. */
  connection: Float64Array;
  /** Per packet: nanoseconds since the trace's origin. */
  time: Float64Array;
  /** Per packet: transport payload in bytes. */
  payload: Int32Array;
  /** Per packet: bytes on the wire, headers included. */
  wire: Float64Array;
  /** Per packet: 1 when the server sent it. */
  fromServer: Uint8Array;
  /**
   * Connections that began in this group, in order of start; only identity columns (id, start,
   * addresses, ports, protocol, flags) are set.
   */
  readonly opened: ConnectionColumns;
  /**
   * Connections whose end is now known, whole rows, in no particular order. The end may lie far
   * back: one that goes idle closed at its last packet, which is known only a time-out later.
   */
  readonly closed: ConnectionColumns;
  /**
   * Nanoseconds: every close that lies before this time has been reported. An engine whose
   * decisions depend on what is open must not decide anything later than this yet.
   */
  settled: number;
}
