/** Names that scripts use for numbers: FreeBSD's values, and Linux's names for the same things. */
import * as socket from "../../stack/socket.ts";
import * as info from "../../stack/tcp/info.ts";
import * as state from "../../stack/tcp/state.ts";

export const CONSTANTS: Readonly<Record<string, number>> = {
  SHUT_RD: socket.SHUT_RD,
  SHUT_WR: socket.SHUT_WR,
  SHUT_RDWR: socket.SHUT_RDWR,
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_NONBLOCK: 4,
  MSG_OOB: socket.MSG_OOB,
  MSG_PEEK: socket.MSG_PEEK,
  MSG_EOF: socket.MSG_EOF,
  MSG_MORE: socket.MSG_MORE,
  MSG_DONTWAIT: 0x80,
  MSG_NOSIGNAL: 0x20000,
  POLLIN: socket.POLLIN,
  POLLPRI: socket.POLLPRI,
  POLLOUT: socket.POLLOUT,
  POLLERR: socket.POLLERR,
  POLLHUP: socket.POLLHUP,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  IPPROTO_TCP: 6,
  IPPROTO_UDP: 17,
  IPTOS_LOWDELAY: 0x10,
  IPTOS_THROUGHPUT: 0x08,
  IPTOS_RELIABILITY: 0x04,
  IPTOS_DSCP_EF: 0xb8,
  TCPI_OPT_TIMESTAMPS: info.TCPI_OPT_TIMESTAMPS,
  TCPI_OPT_SACK: info.TCPI_OPT_SACK,
  TCPI_OPT_WSCALE: info.TCPI_OPT_WSCALE,
  TCPI_OPT_ECN: info.TCPI_OPT_ECN,
  TCPS_CLOSED: state.CLOSED,
  TCPS_LISTEN: state.LISTEN,
  TCPS_SYN_SENT: state.SYN_SENT,
  TCPS_SYN_RECEIVED: state.SYN_RECEIVED,
  TCPS_ESTABLISHED: state.ESTABLISHED,
  TCPS_CLOSE_WAIT: state.CLOSE_WAIT,
  TCPS_FIN_WAIT_1: state.FIN_WAIT_1,
  TCPS_CLOSING: state.CLOSING,
  TCPS_LAST_ACK: state.LAST_ACK,
  TCPS_FIN_WAIT_2: state.FIN_WAIT_2,
  TCPS_TIME_WAIT: state.TIME_WAIT,
  TCP_CLOSE: state.CLOSED,
  TCP_LISTEN: state.LISTEN,
  TCP_SYN_SENT: state.SYN_SENT,
  TCP_SYN_RECV: state.SYN_RECEIVED,
  TCP_ESTABLISHED: state.ESTABLISHED,
  TCP_CLOSE_WAIT: state.CLOSE_WAIT,
  TCP_FIN_WAIT1: state.FIN_WAIT_1,
  TCP_CLOSING: state.CLOSING,
  TCP_LAST_ACK: state.LAST_ACK,
  TCP_FIN_WAIT2: state.FIN_WAIT_2,
  TCP_TIME_WAIT: state.TIME_WAIT,
  TCP_CA_Open: 0,
  TCP_CA_Disorder: 1,
  TCP_CA_CWR: 2,
  TCP_CA_Recovery: 3,
  TCP_CA_Loss: 4,
};

const STATE_WORDS = Object.entries(CONSTANTS)
  .filter(([name]) => name.startsWith("TCPS_"))
  .map(([name, value]): [string, number] => [name.replace("TCPS_", "TCPI_"), value]);
/** The states once more, as some suites call them in assertions. */
const TCPI_STATES: Readonly<Record<string, number>> = Object.fromEntries(STATE_WORDS);

/** The number that `name` stands for, also of the DSCP names; undefined for none. */
export function constant(name: string): number | undefined {
  const classSelector = /^IPTOS_DSCP_CS([0-7])$/.exec(name);
  if (classSelector) return Number(classSelector[1]) << 5;
  const assured = /^IPTOS_DSCP_AF([1-4])([1-3])$/.exec(name);
  if (assured) return (Number(assured[1]) * 8 + Number(assured[2]) * 2) << 2;
  return CONSTANTS[name] ?? TCPI_STATES[name];
}

/** States by the names that sockstat and netstat print. */
export const STATE_BY_NAME: Readonly<Record<string, number>> = {
  CLOSED: state.CLOSED,
  LISTEN: state.LISTEN,
  SYN_SENT: state.SYN_SENT,
  SYN_RCVD: state.SYN_RECEIVED,
  ESTABLISHED: state.ESTABLISHED,
  CLOSE_WAIT: state.CLOSE_WAIT,
  FIN_WAIT_1: state.FIN_WAIT_1,
  CLOSING: state.CLOSING,
  LAST_ACK: state.LAST_ACK,
  FIN_WAIT_2: state.FIN_WAIT_2,
  TIME_WAIT: state.TIME_WAIT,
};
