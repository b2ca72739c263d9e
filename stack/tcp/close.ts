/** How connections end: in order, by the user's wish, by a reset, by giving up. */
import type { ErrorCode } from "../errors.ts";
import {
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  type Socket,
  SS_CANT_RECEIVE,
  SS_CANT_SEND,
  SS_CONNECTED,
  SS_CONNECTING,
  SS_DISCONNECTED,
} from "../socket.ts";
import { tcpOutput } from "./output.ts";
import { sendReset } from "./respond.ts";
import {
  CLOSED,
  ESTABLISHED,
  FIN_WAIT_2,
  isSynchronized,
  LISTEN,
  nextState,
  SYN_RECEIVED,
  SYN_SENT,
  TIME_WAIT,
  USER_CLOSE,
} from "./state.ts";
import {
  has,
  NEVER,
  type Tcb,
  TF_ACCURATE_ECN,
  TF_FIN_QUEUED,
  TF_PASSIVE,
  TF_QUEUED,
} from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { startWait, stopRetransmit, stopTimers } from "./timers.ts";

/**
 * The connection is over: out of the table, timers and send buffer gone. Its socket, if it has one,
 * is told `error`, and what was received stays there to be read.
 */
export function enterClosed(tcp: Tcp, tcb: Tcb, error: ErrorCode | null): void {
  if (tcb.state === CLOSED) return;
  stopTimers(tcp, tcb);
  tcp.table.remove(tcb);
  leaveListener(tcb);
  const before = tcb.state;
  tcb.state = CLOSED;
  tcb.sendBuffer.release(tcp.memory);
  tcb.early.clear();
  tcb.sacked.clear();
  if (tcb.receiveBuffer.length === 0) tcb.receiveBuffer.release(tcp.memory);
  if (before === SYN_SENT || before === SYN_RECEIVED) tcp.stats.attemptsFailed++;
  else if (error) tcp.stats.dropped++;
  else if (before !== LISTEN) tcp.stats.closed++;
  const so = tcb.socket;
  if (!so) {
    tcp.forget(tcb);
    return;
  }
  so.state &= ~(SS_CONNECTING | SS_CONNECTED);
  so.state |= SS_CANT_SEND | SS_CANT_RECEIVE | SS_DISCONNECTED;
  if (error) so.error = error;
  so.wake(POLLIN | POLLOUT | POLLHUP | (error ? POLLERR : 0));
}

/** Gives the connection up: the peer is sent a reset if it knows of the connection. */
export function drop(tcp: Tcp, tcb: Tcb, error: ErrorCode | null): void {
  const known = tcb.state === SYN_RECEIVED ? !has(tcb, TF_PASSIVE) : isSynchronized(tcb.state);
  if (known && tcb.state !== TIME_WAIT) sendReset(tcp, tcb);
  enterClosed(tcp, tcb, error);
}

/** The user sends no more: FIN behind what is queued (4.4BSD `tcp_usrclosed`). */
export function userClosed(tcp: Tcp, tcb: Tcb): void {
  if (tcb.state === LISTEN || tcb.state === SYN_SENT) {
    enterClosed(tcp, tcb, null);
    return;
  }
  tcb.flags |= TF_FIN_QUEUED;
  // Before the handshake is over the FIN waits for it.
  if (tcb.state >= ESTABLISHED) tcb.state = nextState(tcb.state, USER_CLOSE);
  waitForPeer(tcp, tcb);
  tcpOutput(tcp, tcb);
}

/** In FIN-WAIT-2 with nobody to read, the peer's FIN is not waited for without end. */
export function waitForPeer(tcp: Tcp, tcb: Tcb): void {
  const { finWait2Timeout } = tcp.config;
  if (tcb.state !== FIN_WAIT_2 || finWait2Timeout === 0) return;
  if (tcb.socket && !(tcb.socket.state & SS_CANT_RECEIVE)) return;
  if (tcb.waitAt === NEVER) startWait(tcp, tcb, tcp.now(), finWait2Timeout);
}

/** Both FINs are acknowledged and ours was first: two segment lifetimes, and no other timer. */
export function enterTimeWait(tcp: Tcp, tcb: Tcb): void {
  tcb.state = TIME_WAIT;
  tcb.flags &= ~TF_ACCURATE_ECN;
  stopRetransmit(tcb);
  tcb.delayedAckAt = NEVER;
  tcb.keepAt = NEVER;
  tcb.sendBuffer.release(tcp.memory);
  tcb.sacked.clear();
  startWait(tcp, tcb, tcp.now(), 2 * tcp.config.msl);
  if (tcb.socket) disconnected(tcb.socket);
}

function disconnected(so: Socket): void {
  so.state &= ~(SS_CONNECTING | SS_CONNECTED);
  so.state |= SS_CANT_SEND | SS_CANT_RECEIVE | SS_DISCONNECTED;
}

/** A connection in waiting leaves its listener's accounts. */
function leaveListener(tcb: Tcb): void {
  const queue = tcb.listener?.queue;
  if (queue) {
    if (has(tcb, TF_QUEUED)) queue.remove(tcb);
    else queue.halfOpen--;
  }
  tcb.flags &= ~TF_QUEUED;
  tcb.listener = null;
}
