/**
 * What a recorded connection does when it is run again.
 *
 * One exchange: the client sends all its recorded bytes as its request, the server answers with all
 * of its own, the client ends the connection as it ended. Several exchanges on one connection come
 * out as one whose request is first.
 *
 * - From a **capture**: the request is sent when the client's first byte was, the response begins
 *   when the server's first byte was recorded (so its think time is kept) and is spread evenly up
 *   to when its last byte was.
 * - From a **flow trace**, which has bytes and durations only: the request is sent as soon as the
 *   connection stands, the server thinks for a tenth of the duration, a second at most, and the
 *   response is spread evenly up to nine tenths of it.
 * - The client ends the connection when its recorded duration is over and everything has arrived,
 *   whichever is later: with a FIN, a RST, or, where no end was recorded (`open`, `idle`), by
 *   falling silent for good.
 *
 * Nothing is answered before it was asked: a response whose time has come waits for the request.
 * UDP flows send as many datagrams as recorded, evenly over the duration, the server a share of its
 * own for each that it gets.
 */
import type { ConnectionColumns } from "../../traces/connection.ts";
import type { Connection } from "./connection.ts";
import type { Pace } from "./recorded-rows.ts";

const SECOND = 1e9;
/** Nanoseconds of the longest connection that is run, 26 days: time must stay exact until its end. */
const LONGEST = 2 ** 51;
/** A response's parts are at least this far apart, and there are no more than `MOST_PARTS`. */
const PART_NS = 20e6;
const MOST_PARTS = 32;
/** A server's packets without data: SYN-ACK, the acknowledgement of the request, FIN. */
const WITHOUT_DATA = 3;

/** Fills in what row `row` says `connection` does. */
export function describe(
  connection: Connection,
  rows: ConnectionColumns,
  pace: Pace | null,
  row: number,
): void {
  const duration = Math.min(Math.max(0, rows.duration[row]), LONGEST);
  connection.duration = duration;
  connection.clientBytes = rows.clientBytes[row];
  connection.serverBytes = rows.serverBytes[row];
  connection.clientPackets = rows.clientPackets[row];
  connection.serverPackets = rows.serverPackets[row];
  connection.close = rows.close[row];
  if (pace === null) {
    connection.requestAt = 0;
    connection.responseAt = Math.min(duration / 10, SECOND);
    connection.responseEnd = Math.max(connection.responseAt, 0.9 * duration);
    return;
  }
  const within = (time: number, otherwise: number) =>
    Number.isNaN(time) ? otherwise : Math.min(Math.max(0, time), duration);
  connection.requestAt = within(pace.firstRequest[row], 0);
  connection.responseAt = within(pace.firstResponse[row], connection.requestAt);
  connection.responseEnd = within(pace.lastResponse[row], connection.responseAt);
}

/** In how many parts the response goes out. */
export function responseParts(connection: Connection): number {
  const span = connection.responseEnd - connection.responseAt;
  const most = Math.min(MOST_PARTS, connection.serverPackets - WITHOUT_DATA);
  return Math.max(1, Math.min(most, Math.floor(span / PART_NS)));
}

/** When part `part` of `parts` is due, in nanoseconds of the network's time. */
export function partAt(connection: Connection, part: number, parts: number): number {
  const { openAt, responseAt, responseEnd } = connection;
  const share = parts > 1 ? part / (parts - 1) : 0;
  return openAt + responseAt + share * (responseEnd - responseAt);
}
