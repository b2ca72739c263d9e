/**
 * What a caller's mistake or the network's answer is called at the socket: the BSD names
 * (errno.h, `intro(2)`). Packets never cause exceptions; see `DropReason` for those.
 */
export type ErrorCode =
  | "EACCES"
  | "EADDRINUSE"
  | "EADDRNOTAVAIL"
  | "EAFNOSUPPORT"
  | "EAGAIN"
  | "EALREADY"
  | "EBADF"
  | "ECONNABORTED"
  | "ECONNREFUSED"
  | "ECONNRESET"
  | "EDESTADDRREQ"
  | "EHOSTDOWN"
  | "EHOSTUNREACH"
  | "EINPROGRESS"
  | "EINVAL"
  | "EISCONN"
  | "EMSGSIZE"
  | "ENETUNREACH"
  | "ENOBUFS"
  | "ENOPROTOOPT"
  | "ENOTCONN"
  | "EOPNOTSUPP"
  | "EPIPE"
  | "EPROTO"
  | "ETIMEDOUT";

/** Thrown by socket calls, with the code that C's `errno` would hold. */
export class SocketError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, what: string) {
    super(`${code}: ${what}`);
    this.name = "SocketError";
    this.code = code;
  }
}
