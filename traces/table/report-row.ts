/** A record of the table as a row of columns. */
import { IPPROTO_TCP, IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { CONNECTION_MIDSTREAM, type ConnectionColumns } from "../connection.ts";
import type { AddressBook } from "../decode/address-book.ts";
import { KIND_UDP, KIND_V6 } from "../decode/transport-columns.ts";
import {
  BYTES,
  CLOSED_AT,
  DOUBLES,
  ID,
  KEY_A,
  KEY_PORTS,
  PACKETS,
  type Records,
  START,
  STATE,
  WIRE,
  WORDS,
} from "./records.ts";
import { STATE_CLIENT_B, STATE_CLOSE_SHIFT, STATE_MIDSTREAM } from "./tcp-conversation.ts";

/** Appends `record` to `rows`, which has room, and its slot to `slots`. */
export function reportConnection(
  records: Records,
  record: number,
  addresses: AddressBook,
  rows: ConnectionColumns,
  slots: Int32Array,
): void {
  const { words, doubles } = records;
  const at = record * WORDS;
  const double = record * DOUBLES;
  const row = rows.count++;
  slots[row] = record;
  const state = words[at + STATE];
  const client = (state & STATE_CLIENT_B) !== 0 ? 1 : 0;
  const server = 1 - client;
  const ports = words[at + KEY_PORTS];
  rows.id[row] = doubles[double + ID];
  rows.start[row] = doubles[double + START];
  rows.duration[row] = Math.max(0, doubles[double + CLOSED_AT] - doubles[double + START]);
  writeAddress(rows.client, 4 * row, state, words[at + KEY_A + client], addresses);
  writeAddress(rows.server, 4 * row, state, words[at + KEY_A + server], addresses);
  rows.clientPort[row] = client === 0 ? ports >>> 16 : ports;
  rows.serverPort[row] = client === 0 ? ports : ports >>> 16;
  rows.protocol[row] = (state & KIND_UDP) !== 0 ? IPPROTO_UDP : IPPROTO_TCP;
  rows.close[row] = (state >>> STATE_CLOSE_SHIFT) & 3;
  rows.flags[row] = (state & STATE_MIDSTREAM) !== 0 ? CONNECTION_MIDSTREAM : 0;
  rows.clientBytes[row] = doubles[double + BYTES + client];
  rows.serverBytes[row] = doubles[double + BYTES + server];
  rows.clientWireBytes[row] = doubles[double + WIRE + client];
  rows.serverWireBytes[row] = doubles[double + WIRE + server];
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
