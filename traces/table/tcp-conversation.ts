/**
 * What a TCP segment does to its connection. The rules for sequence numbers are those of Wireshark
 * (epan/dissectors/packet-tcp.c), so that connections are counted alike.
 */
import { TH_ACK, TH_FIN, TH_RST, TH_SYN } from "../../stack/wire/tcp.ts";
import { CLOSE_FIN, CLOSE_RESET } from "../connection.ts";
import { FIN_END, ISN, STATE } from "./records.ts";

/** Bits of a record's `STATE` above the kind; those of two ends are shifted by the end, 0 or 1. */
/** The client is the key's second end. */
export const STATE_CLIENT_SHIFT = 2;
export const STATE_CLIENT_B = 1 << STATE_CLIENT_SHIFT;
export const STATE_NUMBERED = 1 << 3;
export const STATE_FIN = 1 << 5;
export const STATE_FIN_ACKED = 1 << 7;
/** The end has been seen: only late packets may still come. */
export const STATE_CLOSED = 1 << 9;
export const STATE_MIDSTREAM = 1 << 10;
/** Not the service's that was asked for: followed, but not reported. */
export const STATE_FOREIGN = 1 << 11;
/** Reported and given up: whoever still has the record's number looks again. */
export const STATE_GONE = 1 << 14;
/** How it closed: two bits. */
export const STATE_CLOSE_SHIFT = 12;

const BOTH_NUMBERED = STATE_NUMBERED * 3;
const BOTH_FIN_ACKED = STATE_FIN_ACKED * 3;

/** Still open. */
export const NOT_CLOSED = -1;

/** What says more about a connection than that its bytes go on. */
export const isPlain = (flags: number, state: number): boolean =>
  (flags & (TH_SYN | TH_FIN | TH_RST)) === 0 &&
  (state & (BOTH_NUMBERED | (STATE_FIN * 3))) === BOTH_NUMBERED;

/**
 * Whether a segment from `end` with SYN set begins another connection on the record's 4-tuple: a
 * SYN whose number is not the one this end began with. The same number is a retransmission, even of
 * a SYN that was refused. A SYN-ACK is believed only after the close: before, a second one with
 * another number is the answer of another host to the same SYN; and one that acknowledges the SYN
 * we know answers that, even behind a forged RST.
 */
export function beginsAnother(
  words: Int32Array,
  at: number,
  end: number,
  flags: number,
  sequence: number,
  acknowledgment: number,
): boolean {
  if ((flags & (TH_SYN | TH_RST)) !== TH_SYN) return false;
  const state = words[at + STATE];
  if ((state & (STATE_NUMBERED << end)) === 0 || words[at + ISN + end] === sequence) return false;
  if ((flags & TH_ACK) === 0) return true;
  const answers = words[at + ISN + 1 - end] === ((acknowledgment - 1) | 0);
  return (state & STATE_CLOSED) !== 0 && !answers;
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
  const syn = (flags & TH_SYN) !== 0 ? 1 : 0;
  if ((state & (STATE_NUMBERED << end)) === 0) {
    state |= STATE_NUMBERED << end;
    words[at + ISN + end] = (sequence - 1 + syn) | 0;
  }
  // The opening SYN, come late: who sent it is known now, and the opening is in the capture.
  if ((flags & (TH_SYN | TH_ACK)) === TH_SYN && (state & STATE_MIDSTREAM) !== 0) {
    state = (state & ~(STATE_MIDSTREAM | STATE_CLIENT_B)) | (end * STATE_CLIENT_B);
  }
  if ((flags & TH_ACK) !== 0 && (state & (STATE_NUMBERED << other)) === 0) {
    state |= STATE_NUMBERED << other;
    words[at + ISN + other] = (acknowledgment - 1) | 0;
  }
  if ((flags & TH_FIN) !== 0) {
    state |= STATE_FIN << end;
    words[at + FIN_END + end] = (sequence + payload + syn + 1) | 0;
  }
  if ((flags & TH_ACK) !== 0 && (state & (STATE_FIN << other)) !== 0) {
    const beyond = (acknowledgment - words[at + FIN_END + other]) | 0;
    if (beyond >= 0) state |= STATE_FIN_ACKED << other;
  }
  words[at + STATE] = state;
  if ((flags & TH_RST) !== 0) return CLOSE_RESET;
  return (state & BOTH_FIN_ACKED) === BOTH_FIN_ACKED ? CLOSE_FIN : NOT_CLOSED;
}
