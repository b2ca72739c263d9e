/**
 * What the connection table notes beside the rows of a chunk (packet-rows.ts): notes of the packet
 * whose row begins at word `row` begin there, too.
 */
import { CHUNK_PACKETS, ROW_SHIFT } from "../decode/packet-rows.ts";

/** The key as a record has it, and its hash. */
export const NOTE_A = 0;
export const NOTE_B = 1;
export const NOTE_PORTS = 2;
export const NOTE_HASH = 3;
/** Which end sent the packet: 0 for the key's first, 1 for the second. */
export const END = 4;
/** The packet's record, `UNKNOWN`, or `NOBODY` for a packet of no connection. */
export const FOUND = 5;
export const UNKNOWN = -1;
export const NOBODY = -2;
/** Twice the record, and 1 more when the server sent it; `NO_SIDE` when nobody wants to know. */
export const SIDE = 6;
export const NO_SIDE = -1;

/** Room for the notes of a chunk. */
export const chunkNotes = (): Int32Array => new Int32Array(CHUNK_PACKETS << ROW_SHIFT);
