/**
 * Sockets: BSD's names and rules over any transport, without blocking.
 *
 * A call that cannot finish answers at once: `send` and `receive` with `EAGAIN`, `connect` with
 * `EINPROGRESS`. `onReady` tells when to try again. A result is a number, 0 or more, or the name of
 * what went wrong; nothing is thrown and nothing allocated on the way to a packet.
 */
import type { ErrorCode } from "./errors.ts";
import type { Endpoint } from "./in-pcb.ts";
import type { Address } from "./ip6/in6-addr.ts";
import type { OptionName, SocketOptions } from "./socket-options.ts";

/** What a call comes to: a number of bytes, 0 for done, or an error. */
export type Result = number | ErrorCode;

/** True for the error results. */
export const failed = (result: unknown): result is ErrorCode => typeof result === "string";

/** Readiness, as poll(2) reports it. `POLLIN`: data, end of stream, or a connection to accept. */
export const POLLIN = 1;
/** Urgent data has arrived. */
export const POLLPRI = 2;
/** There is room to send, or `connect` has succeeded. */
export const POLLOUT = 4;
/** An error waits in SO_ERROR, or in the next call. */
export const POLLERR = 8;
/** Both directions are shut. */
export const POLLHUP = 16;

/** Flags of `send` and `receive`. `MSG_OOB`: urgent; `MSG_PEEK`: leave it there. */
export const MSG_OOB = 1;
export const MSG_PEEK = 2;
/** Send the FIN behind the last byte in the same segment (BSD's MSG_EOF). */
export const MSG_EOF = 0x100;
/** More will follow at once: do not send a partial segment yet. */
export const MSG_MORE = 0x8000;

export const SHUT_RD = 0;
export const SHUT_WR = 1;
export const SHUT_RDWR = 2;

/** `Socket.state` (4.4BSD `so_state`). The user has closed it; it may linger below. */
export const SS_CLOSED = 1;
export const SS_CANT_RECEIVE = 2;
export const SS_CANT_SEND = 4;
export const SS_CONNECTING = 8;
export const SS_CONNECTED = 16;
/** The next unread byte follows urgent data (`sockatmark`). */
export const SS_AT_MARK = 32;
/** Was connected, and is no more. */
export const SS_DISCONNECTED = 64;

/** SO_LINGER: seconds that `close` may take; 0 resets the connection. */
export interface Linger {
  on: boolean;
  seconds: number;
}

/** What a transport does for its sockets (4.4BSD `pr_usrreq`). `so.pcb` is its own. */
export interface SocketProtocol {
  bind(so: Socket, address: Address, port: number): Result;
  listen(so: Socket, backlog: number): Result;
  accept(so: Socket): Socket | ErrorCode;
  connect(so: Socket, address: Address, port: number): Result;
  /** `to` is the destination of one datagram, null to use the connected peer. */
  send(so: Socket, data: Uint8Array, from: number, count: number, flags: number): Result;
  receive(so: Socket, into: Uint8Array, at: number, count: number, flags: number): Result;
  shutdown(so: Socket, how: number): Result;
  close(so: Socket): void;
  /** Readiness now: POLL bits. */
  poll(so: Socket): number;
  getsockopt<N extends OptionName>(so: Socket, name: N): SocketOptions[N] | ErrorCode;
  setsockopt<N extends OptionName>(so: Socket, name: N, value: SocketOptions[N]): Result;
}

export class Socket {
  readonly protocol: SocketProtocol;
  /** The transport's own block; null once the socket is closed. */
  pcb: Endpoint | null;
  state = 0;
  /** The error that the next call reports (`so_error`). */
  error: ErrorCode | null = null;
  linger: Linger | null = null;
  /** Bytes that must be there before POLLIN and POLLOUT say so (SO_RCVLOWAT, SO_SNDLOWAT). */
  receiveLow = 1;
  sendLow = 1;
  /**
   * Called with POLL bits when the socket may have become ready, after the packet or timer that
   * caused it has been dealt with. Any call on any socket may be made from here.
   */
  onReady: ((socket: Socket, events: number) => void) | null = null;
  /** The user's own; the stack never looks at it. */
  context: unknown = null;

  constructor(protocol: SocketProtocol, pcb: Endpoint) {
    this.protocol = protocol;
    this.pcb = pcb;
  }

  /** Names the local end; port 0 picks one. `EADDRINUSE`, `EADDRNOTAVAIL`, `EINVAL` when bound. */
  bind(address: Address, port: number): Result {
    return this.pcb ? this.protocol.bind(this, address, port) : "EBADF";
  }

  /** Starts to take connections, `backlog` of them waiting at most. */
  listen(backlog: number): Result {
    return this.pcb ? this.protocol.listen(this, backlog) : "EBADF";
  }

  /** The first connection waiting, `EAGAIN` when there is none. */
  accept(): Socket | ErrorCode {
    return this.pcb ? this.protocol.accept(this) : "EBADF";
  }

  /** Starts to connect: `EINPROGRESS`, then POLLOUT or POLLERR. */
  connect(address: Address, port: number): Result {
    return this.pcb ? this.protocol.connect(this, address, port) : "EBADF";
  }

  /** Queues bytes; the number taken, which may be fewer. `EPIPE` when the stream is shut. */
  send(data: Uint8Array, flags = 0, from = 0, count = data.length - from): Result {
    return this.pcb ? this.protocol.send(this, data, from, count, flags) : "EBADF";
  }

  /** Takes bytes that have arrived; 0 at the end of the stream. */
  receive(into: Uint8Array, flags = 0, at = 0, count = into.length - at): Result {
    return this.pcb ? this.protocol.receive(this, into, at, count, flags) : "EBADF";
  }

  /** Ends one direction or both. */
  shutdown(how: number): Result {
    return this.pcb ? this.protocol.shutdown(this, how) : "EBADF";
  }

  /** Gives the socket up; queued data is still sent, unless SO_LINGER says otherwise. */
  close(): Result {
    if (!this.pcb) return "EBADF";
    this.onReady = null;
    this.state |= SS_CLOSED;
    this.protocol.close(this);
    this.pcb = null;
    return 0;
  }

  /** What is ready now: POLL bits. */
  poll(): number {
    return this.pcb ? this.protocol.poll(this) : POLLHUP;
  }

  getsockopt<N extends OptionName>(name: N): SocketOptions[N] | ErrorCode {
    return this.pcb ? this.protocol.getsockopt(this, name) : "EBADF";
  }

  setsockopt<N extends OptionName>(name: N, value: SocketOptions[N]): Result {
    return this.pcb ? this.protocol.setsockopt(this, name, value) : "EBADF";
  }

  /** The local address and port. */
  getsockname(): { address: Address; port: number } | ErrorCode {
    return this.pcb ? { address: this.pcb.local, port: this.pcb.localPort } : "EBADF";
  }

  /** The peer's, `ENOTCONN` when there is none. */
  getpeername(): { address: Address; port: number } | ErrorCode {
    if (!this.pcb) return "EBADF";
    if (this.pcb.remotePort === 0 || this.state & SS_DISCONNECTED) return "ENOTCONN";
    return { address: this.pcb.remote, port: this.pcb.remotePort };
  }

  /** True when the next byte to read follows the urgent ones (`sockatmark(3)`). */
  atMark(): boolean {
    return (this.state & SS_AT_MARK) !== 0;
  }

  /** Takes the pending error, as every call that reports one does. */
  takeError(): ErrorCode | null {
    const error = this.error;
    this.error = null;
    return error;
  }

  /** Tells the user; the transport calls it last of all it does for a packet. */
  wake(events: number): void {
    if (events && this.onReady) this.onReady(this, events);
  }
}
