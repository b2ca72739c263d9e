/**
 * What a TCP segment, in a row with its key noted, does to the connection whose hot line begins at
 * word `at`. The rules for sequence numbers are those of Wireshark (epan/dissectors/packet-tcp.c),
 * so that connections are counted alike.
 *
 * What a segment is cannot be foretold: so flags are computed with, not branched on. A processor
 * that guesses wrong loses more than all of this takes.
 */
import * as connection from "../connection.ts";
import * as packet from "../decode/packet-rows.ts";
import * as note from "./row-notes.ts";
import * as states from "./states.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { CLOSE_FIN, CLOSE_RESET } = connection;
const { ACKNOWLEDGMENT, FLAGS, PAYLOAD, SEQUENCE } = packet;
const { END } = note;
const {
  CLOSED,
  FIN_ACKED,
  FIN_END,
  FINISHED,
  ISN,
  NOT_CLOSED,
  NUMBERED,
  STATE,
  STATE_CLIENT_B,
  STATE_CLOSED,
  STATE_FLOWING,
  STATE_FLOWING_MASK,
  STATE_MIDSTREAM,
} = states;

/** Places of the flags in a TCP header's byte of flags (RFC 9293, section 3.1). */
const FIN = 0;
const SYN = 1;
const RST = 2;
const ACK = 4;
const TURNING = (1 << FIN) | (1 << SYN) | (1 << RST);

/** −1 for a number other than 0, 0 for 0. */
const isNot0 = (word: number): number => (word | (0 - word)) >> 31;

/** `yes` where `mask` is −1, `no` where it is 0. */
const choose = (mask: number, yes: number, no: number): number => no ^ ((no ^ yes) & mask);

/**
 * Whether a segment or datagram only adds to a connection in `state`: it has no SYN, FIN or RST, the
 * connection lives, both ends' numbers are known and neither has finished. Nearly all do.
 */
export const isFlowing = (state: number, flags: number): boolean =>
  ((flags & TURNING) | ((state & STATE_FLOWING_MASK) ^ STATE_FLOWING)) === 0;

/**
 * Whether the row is a SYN that may begin another connection on the record's 4-tuple: its number is
 * not the one this end began with. The same number is a retransmission, even of a SYN that was
 * refused.
 */
function isNewSyn(
  words: Int32Array,
  at: number,
  rows: Int32Array,
  notes: Int32Array,
  row: number,
): boolean {
  const end = notes[row + END];
  const flags = rows[row + FLAGS];
  const numbered = words[at + STATE] >>> (NUMBERED + end);
  const syn = (flags >>> SYN) & ~(flags >>> RST);
  return (syn & numbered & isNot0(words[at + ISN + end] ^ rows[row + SEQUENCE]) & 1) !== 0;
}

/**
 * Whether the row begins another connection on the record's 4-tuple. A SYN-ACK is believed only
 * after the close: before, a second one with another number is the answer of another host to the
 * same SYN; and one that acknowledges the SYN we know answers that, even behind a forged RST.
 */
export function beginsAnother(
  words: Int32Array,
  at: number,
  rows: Int32Array,
  notes: Int32Array,
  row: number,
): boolean {
  if (!isNewSyn(words, at, rows, notes, row)) return false;
  if (((rows[row + FLAGS] >>> ACK) & 1) === 0) return true;
  const isn = words[at + ISN + 1 - notes[row + END]];
  const answers = isn === ((rows[row + ACKNOWLEDGMENT] - 1) | 0);
  return (words[at + STATE] & STATE_CLOSED) !== 0 && !answers;
}

/**
 * Takes a segment's numbers and flags into the record: the first segment of each end tells where
 * its numbers began, and so does the first acknowledgement of them. Returns how the connection
 * closes with this segment (`CLOSE_FIN` at the acknowledgement of the later FIN, `CLOSE_RESET`), or
 * `NOT_CLOSED`.
 */
export function advance(
  words: Int32Array,
  at: number,
  rows: Int32Array,
  notes: Int32Array,
  row: number,
): number {
  const flags = rows[row + FLAGS];
  // Nothing of the flags was captured, or nothing was set: no state can come of it.
  if (flags === 0) return NOT_CLOSED;
  const end = notes[row + END];
  const sequence = rows[row + SEQUENCE];
  const acknowledgment = rows[row + ACKNOWLEDGMENT];
  const other = 1 - end;
  let state = words[at + STATE];
  const fin = (flags >>> FIN) & 1;
  const syn = (flags >>> SYN) & 1;
  const rst = (flags >>> RST) & 1;
  const ack = (flags >>> ACK) & 1;

  const began = words[at + ISN + end];
  const known = (state << (31 - NUMBERED - end)) >> 31;
  words[at + ISN + end] = choose(known, began, (sequence - 1 + syn) | 0);
  state |= (1 << NUMBERED) << end;
  // The opening SYN, come late: who sent it is known now, and the opening is in the capture.
  if ((state & STATE_MIDSTREAM) !== 0 && (syn & ~ack) !== 0) {
    state = (state & ~(STATE_MIDSTREAM | STATE_CLIENT_B)) | (end * STATE_CLIENT_B);
  }
  const otherBegan = words[at + ISN + other];
  const toldNow = ack & ~(state >>> (NUMBERED + other));
  words[at + ISN + other] = choose(0 - toldNow, (acknowledgment - 1) | 0, otherBegan);
  state |= (toldNow << NUMBERED) << other;

  const finEnd = words[at + FIN_END + end];
  words[at + FIN_END + end] = choose(
    0 - fin,
    (sequence + rows[row + PAYLOAD] + syn + 1) | 0,
    finEnd,
  );
  state |= (fin << FINISHED) << end;
  const beyond = (acknowledgment - words[at + FIN_END + other]) | 0;
  const acked = ack & (state >>> (FINISHED + other)) & ~(beyond >>> 31);
  state |= (acked << FIN_ACKED) << other;
  words[at + STATE] = state;

  const over = rst | ((state >>> FIN_ACKED) & (state >>> (FIN_ACKED + 1)));
  if ((over & ~(state >>> CLOSED) & 1) === 0) return NOT_CLOSED;
  return rst !== 0 ? CLOSE_RESET : CLOSE_FIN;
}
