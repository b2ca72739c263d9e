/** Socket options by their BSD names, and what type each value has. Flags are 0 or 1. */
import type { Linger } from "./socket.ts";
import type { TcpInfo } from "./tcp/info.ts";

export interface SocketOptions {
  // level SOL_SOCKET
  SO_REUSEADDR: number;
  SO_REUSEPORT: number;
  SO_KEEPALIVE: number;
  SO_BROADCAST: number;
  SO_OOBINLINE: number;
  SO_LINGER: Linger;
  /** Bytes; the value read back is what is in force. */
  SO_SNDBUF: number;
  SO_RCVBUF: number;
  SO_SNDLOWAT: number;
  SO_RCVLOWAT: number;
  /** Read only, and reading clears it: an ErrorCode, or 0. */
  SO_ERROR: string | number;
  SO_ACCEPTCONN: number;
  /** SOCK_STREAM is 1, SOCK_DGRAM 2. */
  SO_TYPE: number;
  // level IPPROTO_IP
  /** Option bytes as the profile's kernel takes them (specification 4.4); empty clears. */
  IP_OPTIONS: Uint8Array;
  IP_TTL: number;
  IP_TOS: number;
  /** 1: DF is set and path MTU discovery done. */
  IP_MTU_DISCOVER: number;
  // level IPPROTO_TCP
  TCP_NODELAY: number;
  TCP_MAXSEG: number;
  /** BSD's TCP_NOPUSH. */
  TCP_CORK: number;
  TCP_NOOPT: number;
  /** Seconds. */
  TCP_KEEPINIT: number;
  TCP_KEEPIDLE: number;
  TCP_KEEPINTVL: number;
  TCP_KEEPCNT: number;
  TCP_CONGESTION: string;
  TCP_INFO: TcpInfo;
}

export type OptionName = keyof SocketOptions;
