/** The user's calls on stream sockets (RFC 9293 section 3.9.1; 4.4BSD `tcp_usrreq`, `uipc_socket`). */
import type { ErrorCode } from "../errors.ts";
import type { Address } from "../ip6/in6-addr.ts";
import {
  MSG_EOF,
  MSG_MORE,
  MSG_OOB,
  MSG_PEEK,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  type Result,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
  type Socket,
  type SocketProtocol,
  SS_AT_MARK,
  SS_CANT_RECEIVE,
  SS_CANT_SEND,
  SS_CONNECTED,
  SS_CONNECTING,
  SS_DISCONNECTED,
} from "../socket.ts";
import type { OptionName, SocketOptions } from "../socket-options.ts";
import { drop, enterClosed, userClosed } from "./close.ts";
import { initialWindow } from "./congestion.ts";
import { tcpBind, tcpConnect, tcpListen } from "./open.ts";
import { tcpOutput } from "./output.ts";
import { seqAdd, seqDiff, seqGt, seqLt } from "./sequence.ts";
import { getTcpOption, setTcpOption } from "./socket-option-calls.ts";
import { CLOSED, haveReceivedFin, isSynchronized, LISTEN } from "./state.ts";
import { type Tcb, TF_CORK, TF_QUEUED } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";

export class TcpSockets implements SocketProtocol {
  private readonly tcp: Tcp;

  constructor(tcp: Tcp) {
    this.tcp = tcp;
  }

  bind(so: Socket, address: Address, port: number): Result {
    return tcpBind(this.tcp, tcbOf(so), address, port);
  }

  listen(so: Socket, backlog: number): Result {
    return tcpListen(this.tcp, tcbOf(so), backlog);
  }

  connect(so: Socket, address: Address, port: number): Result {
    return so.takeError() ?? tcpConnect(this.tcp, so, tcbOf(so), address, port);
  }

  accept(so: Socket): Socket | ErrorCode {
    const { queue } = tcbOf(so);
    if (!queue) return "EINVAL";
    const tcb = queue.shift();
    if (!tcb) return so.takeError() ?? "EAGAIN";
    tcb.flags &= ~TF_QUEUED;
    tcb.listener = null;
    const accepted = this.tcp.socketFor(tcb);
    accepted.state = SS_CONNECTED;
    if (haveReceivedFin(tcb.state)) accepted.state |= SS_CANT_RECEIVE;
    return accepted;
  }

  send(so: Socket, data: Uint8Array, from: number, count: number, flags: number): Result {
    const tcb = tcbOf(so);
    if (so.error) return so.takeError() ?? 0;
    if (so.state & SS_CANT_SEND) return "EPIPE";
    if (!(so.state & SS_CONNECTED)) return so.state & SS_CONNECTING ? "EAGAIN" : "ENOTCONN";
    const room = tcb.sndLimit - tcb.sendBuffer.length;
    const taken = Math.min(count, room);
    if (taken <= 0 && count > 0) return "EAGAIN";
    if (taken > 0) this.queue(tcb, data, from, taken);
    if (flags & MSG_OOB) tcb.sndUp = seqAdd(tcb.sndUna, tcb.sendBuffer.length);
    if (flags & MSG_EOF && taken === count) {
      so.state |= SS_CANT_SEND;
      userClosed(this.tcp, tcb);
      return taken;
    }
    const cork = tcb.flags & TF_CORK;
    if (flags & MSG_MORE) tcb.flags |= TF_CORK;
    tcpOutput(this.tcp, tcb);
    if (!cork) tcb.flags &= ~TF_CORK;
    return taken;
  }

  receive(so: Socket, into: Uint8Array, at: number, count: number, flags: number): Result {
    const tcb = tcbOf(so);
    const { receiveBuffer } = tcb;
    if (flags & MSG_OOB) return "EINVAL";
    if (receiveBuffer.length === 0) {
      if (so.error) return so.takeError() ?? 0;
      if (so.state & SS_CANT_RECEIVE) return 0;
      if (so.state & SS_CONNECTED) return "EAGAIN";
      return so.state & SS_CONNECTING ? "EAGAIN" : "ENOTCONN";
    }
    // A read stops at the urgent mark (BSD: before the last urgent octet).
    const next = seqAdd(tcb.rcvNxt, -receiveBuffer.length - (haveReceivedFin(tcb.state) ? 1 : 0));
    const mark = seqAdd(tcb.rcvUp, -1);
    const toMark = seqGt(mark, next) ? seqDiff(mark, next) : receiveBuffer.length;
    const taken = Math.min(count, receiveBuffer.length, toMark);
    receiveBuffer.read(0, into, at, taken);
    if (flags & MSG_PEEK) return taken;
    receiveBuffer.drop(taken);
    if (seqAdd(next, taken) === mark && taken > 0) so.state |= SS_AT_MARK;
    else so.state &= ~SS_AT_MARK;
    if (receiveBuffer.length === 0 && tcb.early.count === 0) {
      receiveBuffer.release(this.tcp.memory);
    }
    if (isSynchronized(tcb.state)) tcpOutput(this.tcp, tcb);
    return taken;
  }

  shutdown(so: Socket, how: number): Result {
    const tcb = tcbOf(so);
    if (how !== SHUT_RD && how !== SHUT_WR && how !== SHUT_RDWR) return "EINVAL";
    if (tcb.state === CLOSED || tcb.state === LISTEN) return "ENOTCONN";
    if (how !== SHUT_WR) {
      so.state |= SS_CANT_RECEIVE;
      if (tcb.early.count === 0) tcb.receiveBuffer.release(this.tcp.memory);
    }
    if (how !== SHUT_RD && !(so.state & SS_CANT_SEND)) {
      so.state |= SS_CANT_SEND;
      userClosed(this.tcp, tcb);
    }
    return 0;
  }

  close(so: Socket): void {
    const { tcp } = this;
    const tcb = tcbOf(so);
    tcb.socket = null;
    if (tcb.state === CLOSED) {
      tcp.table.remove(tcb);
      tcp.forget(tcb);
      return;
    }
    if (tcb.state === LISTEN) {
      tcp.table.forEach((child) => {
        if (child.listener === tcb) drop(tcp, child, "ECONNABORTED");
      });
      enterClosed(tcp, tcb, null);
      return;
    }
    const unread = tcb.receiveBuffer.length > 0 && tcp.config.resetOnUnreadClose;
    const abort = so.linger?.on && so.linger.seconds === 0;
    if (abort || (unread && !(so.state & SS_DISCONNECTED))) {
      drop(tcp, tcb, null);
      return;
    }
    tcb.early.clear();
    tcb.finEarly = false;
    tcb.receiveBuffer.release(tcp.memory);
    userClosed(tcp, tcb);
  }

  poll(so: Socket): number {
    const tcb = tcbOf(so);
    let events = so.error ? POLLERR : 0;
    if (tcb.queue) return events | (tcb.queue.length > 0 ? POLLIN : 0);
    const cantReceive = (so.state & SS_CANT_RECEIVE) !== 0;
    const cantSend = (so.state & SS_CANT_SEND) !== 0;
    if (tcb.receiveBuffer.length >= so.receiveLow || cantReceive) events |= POLLIN;
    const room = tcb.sndLimit - tcb.sendBuffer.length;
    if (cantSend || (so.state & SS_CONNECTED && room >= so.sendLow)) events |= POLLOUT;
    if (cantReceive && cantSend) events |= POLLHUP;
    return events;
  }

  getsockopt<N extends OptionName>(so: Socket, name: N): SocketOptions[N] | ErrorCode {
    return getTcpOption(this.tcp, so, tcbOf(so), name);
  }

  setsockopt<N extends OptionName>(so: Socket, name: N, value: SocketOptions[N]): Result {
    return setTcpOption(this.tcp, so, tcbOf(so), name, value);
  }

  /** Puts bytes behind what is queued; after idleness the window is what it was at first. */
  private queue(tcb: Tcb, data: Uint8Array, from: number, count: number): void {
    const { tcp } = this;
    if (tcb.sndMax === tcb.sndUna && tcp.now() - tcb.sentAt > tcb.rto) {
      const first = initialWindow(tcb.maxSeg, tcp.config.initialWindow, false);
      tcb.cwnd = Math.min(tcb.cwnd, first);
    }
    tcb.sendBuffer.append(tcp.memory, data, from, count);
    if (seqLt(tcb.sndUp, tcb.sndUna)) tcb.sndUp = tcb.sndUna;
  }
}

/** The control block of an open stream socket: nothing else is given to these. */
const tcbOf = (so: Socket): Tcb => so.pcb as Tcb;
