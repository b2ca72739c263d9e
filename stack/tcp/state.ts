/**
 * The states of a connection and the diagram between them as a table (RFC 9293 section 3.3.2).
 *
 * The order is that of 4.4BSD's `tcp_fsm.h`, so that comparisons mean something: a state from
 * ESTABLISHED on is synchronized, one from FIN_WAIT_1 on has seen the user close (CLOSE_WAIT,
 * which has not, stands before it).
 */

export const CLOSED = 0;
export const LISTEN = 1;
export const SYN_SENT = 2;
export const SYN_RECEIVED = 3;
export const ESTABLISHED = 4;
export const CLOSE_WAIT = 5;
export const FIN_WAIT_1 = 6;
export const CLOSING = 7;
export const LAST_ACK = 8;
export const FIN_WAIT_2 = 9;
export const TIME_WAIT = 10;

/** Names as RFC 9293 writes them, by number. */
export const STATE_NAMES = [
  "CLOSED",
  "LISTEN",
  "SYN-SENT",
  "SYN-RECEIVED",
  "ESTABLISHED",
  "CLOSE-WAIT",
  "FIN-WAIT-1",
  "CLOSING",
  "LAST-ACK",
  "FIN-WAIT-2",
  "TIME-WAIT",
] as const;

/** What moves a connection; `RECEIVE_` events have passed every acceptance test. */
export const PASSIVE_OPEN = 0;
export const ACTIVE_OPEN = 1;
export const RECEIVE_SYN = 2;
/** A SYN with an acceptable ACK of ours. */
export const RECEIVE_SYN_ACK = 3;
/** An ACK that covers our SYN. */
export const RECEIVE_ACK_OF_SYN = 4;
export const USER_CLOSE = 5;
export const RECEIVE_FIN = 6;
/** An ACK that covers our FIN. */
export const RECEIVE_ACK_OF_FIN = 7;
/** Two maximum segment lifetimes in TIME-WAIT, or the FIN-WAIT-2 time-out. */
export const TIMEOUT = 8;

const STAY = -1;

/** `TRANSITIONS[state][event]`, −1 where an event does not move the state. */
const TRANSITIONS: readonly (readonly number[])[] = [
  //            passive  active    SYN           SYN-ACK      ACK of SYN   close       FIN         ACK of FIN  time-out
  /* CLOSED */ [LISTEN, SYN_SENT, STAY, STAY, STAY, STAY, STAY, STAY, STAY],
  /* LISTEN */ [STAY, SYN_SENT, SYN_RECEIVED, STAY, STAY, CLOSED, STAY, STAY, STAY],
  /* SYN-SENT */ [STAY, STAY, SYN_RECEIVED, ESTABLISHED, STAY, CLOSED, STAY, STAY, STAY],
  /* SYN-RECEIVED */ [STAY, STAY, STAY, STAY, ESTABLISHED, FIN_WAIT_1, CLOSE_WAIT, STAY, STAY],
  /* ESTABLISHED */ [STAY, STAY, STAY, STAY, STAY, FIN_WAIT_1, CLOSE_WAIT, STAY, STAY],
  /* CLOSE-WAIT */ [STAY, STAY, STAY, STAY, STAY, LAST_ACK, STAY, STAY, STAY],
  /* FIN-WAIT-1 */ [STAY, STAY, STAY, STAY, STAY, STAY, CLOSING, FIN_WAIT_2, STAY],
  /* CLOSING */ [STAY, STAY, STAY, STAY, STAY, STAY, STAY, TIME_WAIT, STAY],
  /* LAST-ACK */ [STAY, STAY, STAY, STAY, STAY, STAY, STAY, CLOSED, STAY],
  /* FIN-WAIT-2 */ [STAY, STAY, STAY, STAY, STAY, STAY, TIME_WAIT, STAY, CLOSED],
  /* TIME-WAIT */ [STAY, STAY, STAY, STAY, STAY, STAY, STAY, STAY, CLOSED],
];

/** The state after `event` in `state`; `state` itself when the diagram has no such arrow. */
export function nextState(state: number, event: number): number {
  const next = TRANSITIONS[state][event];
  return next === STAY ? state : next;
}

/** Both SYNs are acknowledged. */
export const isSynchronized = (state: number): boolean => state >= ESTABLISHED;
/** The peer's FIN has been received. */
export const haveReceivedFin = (state: number): boolean =>
  state === CLOSE_WAIT || state === CLOSING || state === LAST_ACK || state === TIME_WAIT;
/** Text may still arrive. */
export const canReceive = (state: number): boolean =>
  state === ESTABLISHED || state === SYN_RECEIVED || state === FIN_WAIT_1 || state === FIN_WAIT_2;
/** Our FIN is to be sent, or was and is not acknowledged. */
export const finIsUnacknowledged = (state: number): boolean =>
  state === FIN_WAIT_1 || state === CLOSING || state === LAST_ACK;
