/**
 * What a TCP segment does to its connection. The rules for sequence numbers are those of Wireshark
 * (epan/dissectors/packet-tcp.c), so that connections are counted alike.
 *
 * What a segment is cannot be foretold: so flags are computed with, not branched on. A processor
 * that guesses wrong loses more than all of this takes.
 */
import { Hot, hotOf } from "./record.ts";
import { Row } from "./row.ts";
import {
  CLOSE_FIN,
  CLOSE_RESET,
  CLOSED,
  FIN_ACKED,
  FINISHED,
  NOT_CLOSED,
  NUMBERED,
  STATE_CLIENT_B,
  STATE_CLOSED,
  STATE_FLOWING,
  STATE_FLOWING_MASK,
  STATE_MIDSTREAM,
} from "./state.ts";

/** Places of the flags in a TCP header's byte of flags (RFC 9293, section 3.1). */
const FIN: i32 = 0;
const SYN: i32 = 1;
const RST: i32 = 2;
const ACK: i32 = 4;
const TURNING: i32 = (1 << FIN) | (1 << SYN) | (1 << RST);

/**
 * Whether a segment or datagram only adds to a connection in `state`: it has no SYN, FIN or RST, the
 * connection lives, both ends' numbers are known and neither has finished. Nearly all do.
 */
export function isFlowing(state: i32, flags: i32): bool {
  return ((flags & TURNING) | ((state & STATE_FLOWING_MASK) ^ STATE_FLOWING)) === 0;
}

/**
 * Whether the row is a SYN that may begin another connection on the record's 4-tuple: its number is
 * not the one this end began with. The same number is a retransmission, even of a SYN that was
 * refused.
 */
function isNewSyn(hot: Hot, row: Row): bool {
  const syn = (row.flags >>> SYN) & ~(row.flags >>> RST) & (hot.state >>> (NUMBERED + row.end));
  return (syn & 1) !== 0 && hotOf(hot, row.end).isn !== row.sequence;
}

/**
 * Whether the row begins another connection on the record's 4-tuple. A SYN-ACK is believed only
 * after the close: before, a second one with another number is the answer of another host to the
 * same SYN; and one that acknowledges the SYN we know answers that, even behind a forged RST.
 */
export function beginsAnother(hot: Hot, row: Row): bool {
  if (!isNewSyn(hot, row)) return false;
  if (((row.flags >>> ACK) & 1) === 0) return true;
  const answers = hotOf(hot, 1 - row.end).isn === row.acknowledgment - 1;
  return (hot.state & STATE_CLOSED) !== 0 && !answers;
}

/**
 * Takes a segment's numbers and flags into the record: the first segment of each end tells where
 * its numbers began, and so does the first acknowledgement of them. Returns how the connection
 * closes with this segment (`CLOSE_FIN` at the acknowledgement of the later FIN, `CLOSE_RESET`), or
 * `NOT_CLOSED`.
 */
export function advance(hot: Hot, row: Row): i32 {
  const flags = row.flags;
  // Nothing of the flags was captured, or nothing was set: no state can come of it.
  if (flags === 0) return NOT_CLOSED;
  const end = row.end;
  const other = 1 - end;
  const own = hotOf(hot, end);
  const others = hotOf(hot, other);
  const sequence = row.sequence;
  const acknowledgment = row.acknowledgment;
  let state = hot.state;
  const fin = (flags >>> FIN) & 1;
  const syn = (flags >>> SYN) & 1;
  const rst = (flags >>> RST) & 1;
  const ack = (flags >>> ACK) & 1;

  const known = (state >>> (NUMBERED + end)) & 1;
  own.isn = select<i32>(own.isn, sequence - 1 + syn, known !== 0);
  state |= (1 << NUMBERED) << end;
  // The opening SYN, come late: who sent it is known now, and the opening is in the capture.
  if ((state & STATE_MIDSTREAM) !== 0 && (syn & ~ack) !== 0) {
    state = (state & ~(STATE_MIDSTREAM | STATE_CLIENT_B)) | (end * STATE_CLIENT_B);
  }
  const toldNow = ack & ~(state >>> (NUMBERED + other));
  others.isn = select<i32>(acknowledgment - 1, others.isn, toldNow !== 0);
  state |= (toldNow << NUMBERED) << other;

  // Of a closed connection, something else stands there.
  const ends = fin & ~(state >>> CLOSED);
  own.finEnd = select<i32>(sequence + row.payload + syn + 1, own.finEnd, ends !== 0);
  state |= (fin << FINISHED) << end;
  const beyond = acknowledgment - others.finEnd;
  const acked = ack & (state >>> (FINISHED + other)) & ~(beyond >>> 31);
  state |= (acked << FIN_ACKED) << other;
  hot.state = state;

  const over = rst | ((state >>> FIN_ACKED) & (state >>> (FIN_ACKED + 1)));
  if ((over & ~(state >>> CLOSED) & 1) === 0) return NOT_CLOSED;
  return rst !== 0 ? CLOSE_RESET : CLOSE_FIN;
}
