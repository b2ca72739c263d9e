/** Rows as lines of text. What stands between the fields is given, so that lines may be CSV or JSON. */
import { putV4, putV6 } from "./address.ts";
import { putSeconds, putWhole } from "./digits.ts";
import { ROW_WIDE, rowOf, wideOf } from "./rows.ts";

const IPPROTO_UDP: u8 = 17;
const MIDSTREAM: u8 = 1;
/** The third word of an IPv4 address as ::ffff:a.b.c.d. */
const MAPPED: u32 = 0xffff;

/** A piece of a line's frame: its length in 8 bytes, then its text. */
export const PIECE_BYTES: usize = 64;

/** Pieces by number: before and between the fields, and what says the values that are names. */
const CLIENT: usize = 0;
const CLIENT_PORT: usize = 1;
const SERVER: usize = 2;
const SERVER_PORT: usize = 3;
/** With TCP, with UDP. */
const START: usize = 4;
const DURATION: usize = 6;
const CLIENT_BYTES: usize = 7;
const SERVER_BYTES: usize = 8;
const CLIENT_PACKETS: usize = 9;
const SERVER_PACKETS: usize = 10;
/** By close, two each: not midstream, midstream. */
const END: usize = 11;

/** Overwrites up to seven bytes behind the piece. */
function putPiece(at: usize, frame: usize, number: usize): usize {
  const piece = frame + PIECE_BYTES * number;
  const length = load<u32>(piece);
  // Most are a comma.
  store<u64>(at, load<u64>(piece, 8));
  for (let i: u32 = 8; i < length; i += 8) store<u64>(at + i, load<u64>(piece + i, 8));
  return at + length;
}

function putAddress(at: usize, high: u64, third: u32, last: u32): usize {
  return high === 0 && third === MAPPED ? putV4(at, last) : putV6(at, high, third, last);
}

/**
 * Puts row `n` of a block as a line at `at` and returns where that ends. Its times count from `seconds`
 * and `nanoseconds` since the Unix epoch.
 */
export function putLine(
  at: usize,
  block: usize,
  n: usize,
  frame: usize,
  seconds: f64,
  nanoseconds: f64,
): usize {
  const row = rowOf(block, n);
  const wide = wideOf(block, n);
  const isWide = (row.state & ROW_WIDE) !== 0;
  at = putPiece(at, frame, CLIENT);
  at = isWide
    ? putAddress(at, wide.clientHigh, wide.clientThird, row.client)
    : putV4(at, row.client);
  at = putWhole(putPiece(at, frame, CLIENT_PORT), row.clientPort);
  at = putPiece(at, frame, SERVER);
  at = isWide
    ? putAddress(at, wide.serverHigh, wide.serverThird, row.server)
    : putV4(at, row.server);
  at = putWhole(putPiece(at, frame, SERVER_PORT), row.serverPort);
  at = putPiece(at, frame, START + (row.protocol === IPPROTO_UDP ? 1 : 0));
  at = putSeconds(at, seconds, nanoseconds + row.start);
  at = putSeconds(putPiece(at, frame, DURATION), 0, row.duration);
  at = putWhole(putPiece(at, frame, CLIENT_BYTES), <u64>row.clientBytes);
  at = putWhole(putPiece(at, frame, SERVER_BYTES), <u64>row.serverBytes);
  at = putWhole(putPiece(at, frame, CLIENT_PACKETS), <u64>row.clientPackets);
  at = putWhole(putPiece(at, frame, SERVER_PACKETS), <u64>row.serverPackets);
  return putPiece(at, frame, END + 2 * (row.close & 3) + (row.flags & MIDSTREAM));
}
