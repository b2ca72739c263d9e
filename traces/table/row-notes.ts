/** Words of a packet's row (packet-rows.ts) in which the connection table notes what it finds. */
import { NOTES } from "../decode/packet-rows.ts";

/** The key as a record has it, and its hash. */
export const ROW_KEY_A = NOTES;
export const ROW_KEY_B = NOTES + 1;
export const ROW_KEY_PORTS = NOTES + 2;
export const ROW_HASH = NOTES + 3;
/** Which end sent the packet: 0 for the key's first, 1 for the second. */
export const END = NOTES + 4;
/** The packet's record, `UNKNOWN`, or `NOBODY` for a packet of no connection. */
export const FOUND = NOTES + 5;
export const UNKNOWN = -1;
export const NOBODY = -2;
/** Twice the record, and 1 more when the server sent it; `NO_SIDE` when nobody wants to know. */
export const SIDE = NOTES + 6;
export const NO_SIDE = -1;
