/**
 * What the connection table makes of one group of packets: the contract between `traces/` and the
 * engines that follow a capture packet by packet. Columns are reused for the next group.
 */
import type { ConnectionColumns } from "./connection.ts";

/** Whose bytes count: `payload` or whole frames, `in` to servers, `out` of them. */
export interface ByteChoice {
  readonly layer: "payload" | "wire";
  readonly direction: "in" | "out" | "both";
}

/** Which bytes are told of, in windows of how many nanoseconds from the trace's origin. */
export interface WindowBytes extends ByteChoice {
  readonly windowNs: number;
}

/** What is told beside what closed; who wants any of it is told what opened, too. */
export interface Telling {
  /** Whether it is told what became of every packet. */
  readonly packets: boolean;
  /** What connections moved in windows of time, if anybody wants to know. */
  readonly moves: WindowBytes | null;
}

/** Tells how connections end, and nothing else. */
export const ENDS_ALONE: Telling = { packets: false, moves: null };
/** Tells of every packet. */
export const EVERY_PACKET: Telling = { packets: true, moves: null };

export interface Activity {
  /** Packets in this group; 0 when nothing is told of them. */
  packets: number;
  /**
   * Per packet: the slot of its connection, or −1 for none. A slot is a small number that stands
   * for a connection while it lives; it is given out again at the earliest in the group after the
   * one that reported the connection in `closed`. So an engine may take a group's `opened` rows
   * first, its packets next and its `closed` rows last.
   */
  slot: Int32Array;
  /** Per packet: nanoseconds since the trace's origin. */
  time: Float64Array;
  /** Per packet: transport payload in bytes. */
  payload: Int32Array;
  /** Per packet: bytes on the wire, headers included. */
  wire: Uint32Array;
  /** Per packet: 1 when the server sent it. */
  fromServer: Uint8Array;
  /**
   * Moves of connections that this group ended or that belong to windows it ended, and where they lie:
   * `table/wasm/move.ts` has their shape. A window's moves of one connection may be several.
   */
  readonly moved: number;
  readonly movedAt: number;
  /**
   * Connections that began in this group, in order of start; only identity columns (id, start,
   * addresses, ports, protocol, flags) are set.
   */
  readonly opened: ConnectionColumns;
  /** Slot of row i of `opened`. */
  openedSlot: Int32Array;
  /**
   * Connections whose end is now known, whole rows, in no particular order. The end may lie far
   * back: one that goes idle closed at its last packet, which is known only a time-out later.
   */
  readonly closed: ConnectionColumns;
  /** Slot of row i of `closed`. */
  closedSlot: Int32Array;
  /**
   * Nanoseconds: every close that lies before this time has been reported, and what moved in the
   * windows that were over by then. An engine whose decisions depend on what is open must not decide
   * anything later than this yet.
   */
  settled: number;
}
