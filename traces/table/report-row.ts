/** A record of the table as a row of columns. */
import { IPPROTO_TCP, IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { CONNECTION_MIDSTREAM, type ConnectionColumns } from "../connection.ts";
import * as packet from "../decode/packet-rows.ts";
import type { AddressBook } from "./address-book.ts";
import type { Records } from "./records.ts";
import * as record from "./records.ts";
import * as states from "./states.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const {
  CLOSED_AT,
  DOUBLE_SHIFT,
  ID,
  KEY_A,
  KEY_PORTS,
  PACKETS,
  PAYLOAD,
  PAYLOAD_CARRY,
  START,
  STATE,
  WIRE,
  WIRE_CARRY,
  WORD_SHIFT,
} = record;
const { STATE_CLIENT_B, STATE_CLOSE_SHIFT, STATE_MIDSTREAM } = states;
const { KIND_UDP, KIND_V6 } = packet;

/**
 * Appends to `rows`, which has room, who `record` is between, and to `slots` its slot; returns the
 * row, whose sums stay as they were.
 */
export function reportOpening(
  records: Records,
  record: number,
  addresses: AddressBook,
  rows: ConnectionColumns,
  slots: Int32Array,
): number {
  const { words, coldDoubles } = records;
  const at = record << WORD_SHIFT;
  const double = record << DOUBLE_SHIFT;
  const row = rows.count++;
  const state = words[at + STATE];
  const client = (state & STATE_CLIENT_B) !== 0 ? 1 : 0;
  const ports = words[at + KEY_PORTS];
  slots[row] = record;
  rows.id[row] = coldDoubles[double + ID];
  rows.start[row] = coldDoubles[double + START];
  writeAddress(rows.client, 4 * row, state, words[at + KEY_A + client], addresses);
  writeAddress(rows.server, 4 * row, state, words[at + KEY_A + 1 - client], addresses);
  rows.clientPort[row] = client === 0 ? ports >>> 16 : ports;
  rows.serverPort[row] = client === 0 ? ports : ports >>> 16;
  rows.protocol[row] = (state & KIND_UDP) !== 0 ? IPPROTO_UDP : IPPROTO_TCP;
  rows.flags[row] = (state & STATE_MIDSTREAM) !== 0 ? CONNECTION_MIDSTREAM : 0;
  return row;
}

/** Appends the whole of `record`, whose close is known, as `reportOpening` does its beginning. */
export function reportConnection(
  records: Records,
  record: number,
  addresses: AddressBook,
  rows: ConnectionColumns,
  slots: Int32Array,
): void {
  const row = reportOpening(records, record, addresses, rows, slots);
  const { words, coldWords, coldDoubles } = records;
  const at = record << WORD_SHIFT;
  const double = record << DOUBLE_SHIFT;
  const state = words[at + STATE];
  const client = (state & STATE_CLIENT_B) !== 0 ? 1 : 0;
  const server = 1 - client;
  rows.duration[row] = Math.max(0, coldDoubles[double + CLOSED_AT] - coldDoubles[double + START]);
  rows.close[row] = (state >>> STATE_CLOSE_SHIFT) & 3;
  const sum = (word: number, carry: number): number =>
    (words[at + word] >>> 0) + coldWords[at + carry] * 0x100000000;
  rows.clientBytes[row] = sum(PAYLOAD + client, PAYLOAD_CARRY + client);
  rows.serverBytes[row] = sum(PAYLOAD + server, PAYLOAD_CARRY + server);
  rows.clientWireBytes[row] = sum(WIRE + client, WIRE_CARRY + client);
  rows.serverWireBytes[row] = sum(WIRE + server, WIRE_CARRY + server);
  rows.clientPackets[row] = words[at + PACKETS + client] >>> 0;
  rows.serverPackets[row] = words[at + PACKETS + server] >>> 0;
}

function writeAddress(
  column: Uint32Array,
  at: number,
  state: number,
  address: number,
  addresses: AddressBook,
): void {
  if ((state & KIND_V6) === 0) {
    column[at] = 0;
    column[at + 1] = 0;
    column[at + 2] = 0xffff;
    column[at + 3] = address;
    return;
  }
  const { words } = addresses;
  for (let i = 0; i < 4; i++) column[at + i] = words[4 * address + i];
}
