/**
 * What a TCP segment does to its connection. The rules for sequence numbers are those of Wireshark
 * (epan/dissectors/packet-tcp.c), so that connections are counted alike.
 *
 * Every segment comes by here, and what it is cannot be foretold: so flags are computed with, not
 * branched on. A processor that guesses wrong loses more than all of this takes.
 */
import { CLOSE_FIN, CLOSE_RESET } from "../connection.ts";
import * as record from "./records.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { FIN_END, ISN, STATE } = record;

/** Places of the flags in a TCP header's byte of flags (RFC 9293, section 3.1). */
const FIN = 0;
const SYN = 1;
const RST = 2;
const ACK = 4;

/** Bits of a record's `STATE` above the kind; those of two ends are shifted by the end, 0 or 1. */
/** The client is the key's second end. */
export const STATE_CLIENT_SHIFT = 2;
export const STATE_CLIENT_B = 1 << STATE_CLIENT_SHIFT;
const NUMBERED = 3;
const FINISHED = 5;
const FIN_ACKED = 7;
/** The end has been seen: only late packets may still come. */
const CLOSED = 9;
export const STATE_CLOSED = 1 << CLOSED;
export const STATE_MIDSTREAM = 1 << 10;
/** Not the service's that was asked for: followed, but not reported. */
export const STATE_FOREIGN = 1 << 11;
/** How it closed: two bits. */
export const STATE_CLOSE_SHIFT = 12;
/** Reported and given up: whoever still has the record's number looks again. */
export const STATE_GONE = 1 << 14;

/** Still open, or closed before. */
export const NOT_CLOSED = -1;

/** −1 for a number other than 0, 0 for 0. */
const isNot0 = (word: number): number => (word | (0 - word)) >> 31;

/** `yes` where `mask` is −1, `no` where it is 0. */
const choose = (mask: number, yes: number, no: number): number => no ^ ((no ^ yes) & mask);

/**
 * Whether a segment from `end` with SYN set may begin another connection on the record's 4-tuple: a
 * SYN whose number is not the one this end began with. The same number is a retransmission, even of
 * a SYN that was refused.
 */
export function isNewSyn(
  words: Int32Array,
  at: number,
  end: number,
  flags: number,
  sequence: number,
): boolean {
  const numbered = words[at + STATE] >>> (NUMBERED + end);
  const syn = (flags >>> SYN) & ~(flags >>> RST);
  return (syn & numbered & isNot0(words[at + ISN + end] ^ sequence) & 1) !== 0;
}

/**
 * Whether a segment that `isNewSyn` begins another connection. A SYN-ACK is believed only after the
 * close: before, a second one with another number is the answer of another host to the same SYN;
 * and one that acknowledges the SYN we know answers that, even behind a forged RST.
 */
export function beginsAnother(
  words: Int32Array,
  at: number,
  end: number,
  flags: number,
  acknowledgment: number,
): boolean {
  if (((flags >>> ACK) & 1) === 0) return true;
  const answers = words[at + ISN + 1 - end] === ((acknowledgment - 1) | 0);
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
  end: number,
  flags: number,
  sequence: number,
  acknowledgment: number,
  payload: number,
): number {
  // Nothing of the flags was captured, or nothing was set: no state can come of it.
  if (flags === 0) return NOT_CLOSED;
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
  words[at + FIN_END + end] = choose(0 - fin, (sequence + payload + syn + 1) | 0, finEnd);
  state |= (fin << FINISHED) << end;
  const beyond = (acknowledgment - words[at + FIN_END + other]) | 0;
  const acked = ack & (state >>> (FINISHED + other)) & ~(beyond >>> 31);
  state |= (acked << FIN_ACKED) << other;
  words[at + STATE] = state;

  const over = rst | ((state >>> FIN_ACKED) & (state >>> (FIN_ACKED + 1)));
  if ((over & ~(state >>> CLOSED) & 1) === 0) return NOT_CLOSED;
  return rst !== 0 ? CLOSE_RESET : CLOSE_FIN;
}
