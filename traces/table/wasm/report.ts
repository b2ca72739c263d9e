/** A record of the table as a row of columns. */
import { Columns } from "./activity.ts";
import { Address, addressOf } from "./address-book.ts";
import { Carry, Cold, carryOf, Hot, hotOf } from "./record.ts";
import { carry, cold, hot } from "./records.ts";
import { KIND_UDP, KIND_V6 } from "./row.ts";
import { CLIENT_SHIFT, CLOSE_SHIFT, STATE_CARRIED, STATE_MIDSTREAM } from "./state.ts";

const IPPROTO_TCP: u8 = 6;
const IPPROTO_UDP: u8 = 17;
const CONNECTION_MIDSTREAM: u8 = 1;

/** The word before an IPv4 address under ::ffff:0:0/96. */
const MAPPED_WORD: i32 = 0xffff;

/** What a counter of 32 bits has counted when it has come round. */
const ROUND: f64 = 4294967296;

function putDouble(column: usize, row: i32, value: f64): void {
  store<f64>(column + ((<usize>row) << 3), value);
}

function putPort(column: usize, row: i32, port: i32): void {
  store<u16>(column + ((<usize>row) << 1), <u16>port);
}

function putByte(column: usize, row: i32, value: u8): void {
  store<u8>(column + <usize>row, value);
}

function putAddress(column: usize, row: i32, isV6: bool, address: i32): void {
  const at = column + ((<usize>row) << 4);
  if (isV6) {
    const known: Address = addressOf(address);
    store<u64>(at, known.high);
    store<u64>(at, known.low, 8);
  } else {
    v128.store(at, i32x4.replace_lane(i32x4(0, 0, MAPPED_WORD, 0), 3, address));
  }
}

/** Appends to `rows`, which has room, who `record` is between, and its slot; returns the row. */
export function reportOpening(rows: Columns, record: i32): i32 {
  const line: Hot = hot(record);
  const row = rows.count++;
  const state = line.state;
  const client = (state >>> CLIENT_SHIFT) & 1;
  const isV6 = (state & KIND_V6) !== 0;
  const ports = line.ports;
  const first = ports >>> 16;
  const second = ports & 0xffff;
  store<i32>(rows.slot + ((<usize>row) << 2), record);
  putDouble(rows.id, row, cold(record).id);
  putDouble(rows.start, row, cold(record).start);
  putAddress(rows.client, row, isV6, client !== 0 ? line.b : line.a);
  putAddress(rows.server, row, isV6, client !== 0 ? line.a : line.b);
  putPort(rows.clientPort, row, client !== 0 ? second : first);
  putPort(rows.serverPort, row, client !== 0 ? first : second);
  putByte(rows.protocol, row, (state & KIND_UDP) !== 0 ? IPPROTO_UDP : IPPROTO_TCP);
  putByte(rows.flags, row, (state & STATE_MIDSTREAM) !== 0 ? CONNECTION_MIDSTREAM : 0);
  return row;
}

/** Appends the whole of `record`, whose close is known, as `reportOpening` does its beginning. */
export function reportConnection(rows: Columns, record: i32): void {
  const row = reportOpening(rows, record);
  const state = hot(record).state;
  const times: Cold = cold(record);
  putDouble(rows.duration, row, max(0, times.closedAt - times.start));
  putByte(rows.close, row, <u8>((state >>> CLOSE_SHIFT) & 3));
  const clientEnd = (state >>> CLIENT_SHIFT) & 1;
  const client: Hot = hotOf(hot(record), clientEnd);
  const server: Hot = hotOf(hot(record), 1 - clientEnd);
  putDouble(rows.clientBytes, row, <f64>client.payload);
  putDouble(rows.serverBytes, row, <f64>server.payload);
  putDouble(rows.clientWireBytes, row, <f64>client.wire);
  putDouble(rows.serverWireBytes, row, <f64>server.wire);
  putDouble(rows.clientPackets, row, <f64>client.packets);
  putDouble(rows.serverPackets, row, <f64>server.packets);
  if ((state & STATE_CARRIED) !== 0) addCarry(rows, row, carry(record), clientEnd);
}

/** Adds what the sums do not hold. */
function addCarry(rows: Columns, row: i32, carried: Carry, clientEnd: i32): void {
  const client: Carry = carryOf(carried, clientEnd);
  const server: Carry = carryOf(carried, 1 - clientEnd);
  addRounds(rows.clientBytes, row, client.payload);
  addRounds(rows.serverBytes, row, server.payload);
  addRounds(rows.clientWireBytes, row, client.wire);
  addRounds(rows.serverWireBytes, row, server.wire);
}

function addRounds(column: usize, row: i32, rounds: u32): void {
  const at = column + ((<usize>row) << 3);
  store<f64>(at, load<f64>(at) + <f64>rounds * ROUND);
}
