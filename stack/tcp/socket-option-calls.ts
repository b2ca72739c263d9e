/** getsockopt and setsockopt of stream sockets, as a table of what each option reads and writes. */
import { SECOND } from "../clock.ts";
import type { ErrorCode } from "../errors.ts";
import type { Result, Socket } from "../socket.ts";
import type { OptionName, SocketOptions } from "../socket-options.ts";
import { CONGESTION_CONTROLS, congestionIndex, congestionName } from "./congestion.ts";
import { tcpInfo } from "./info.ts";
import { setMaxSegment } from "./mss.ts";
import { tcpOutput } from "./output.ts";
import { completeRoute, takeUserOptions, userOptions } from "./socket-ip-options.ts";
import { setRoute } from "./source-route.ts";
import { isSynchronized, LISTEN } from "./state.ts";
import {
  has,
  type Tcb,
  TF_CORK,
  TF_KEEPALIVE,
  TF_NODELAY,
  TF_NOOPT,
  TF_USER_ROUTE,
} from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { restartKeepAlive } from "./timers.ts";

interface Call {
  tcp: Tcp;
  so: Socket;
  tcb: Tcb;
}

/** How one option is read and written; without `set` it is read-only. */
interface Accessor<V> {
  get(call: Call): V;
  set?(call: Call, value: V): Result;
}

const flag = (bit: number, after?: (call: Call) => void): Accessor<number> => ({
  get: ({ tcb }) => (has(tcb, bit) ? 1 : 0),
  set(call, value) {
    if (value) call.tcb.flags |= bit;
    else call.tcb.flags &= ~bit;
    after?.(call);
    return 0;
  },
});

type TimeField = "keepInit" | "keepIdle" | "keepInterval";

const seconds = (field: TimeField): Accessor<number> => ({
  get: ({ tcb }) => Math.round(tcb[field] / SECOND),
  set(call, value) {
    if (!(value > 0)) return "EINVAL";
    call.tcb[field] = value * SECOND;
    restartKeepAlive(call.tcp, call.tcb, call.tcp.now());
    return 0;
  },
});

const bufferSize = (field: "sndLimit" | "rcvLimit"): Accessor<number> => ({
  get: ({ tcb }) => tcb[field],
  set({ tcp, tcb }, value) {
    if (!(value > 0)) return "EINVAL";
    if (value > tcp.config.maxBuffer) return "ENOBUFS";
    tcb[field] = value;
    return 0;
  },
});

const lowWater = (field: "receiveLow" | "sendLow"): Accessor<number> => ({
  get: ({ so }) => so[field],
  set({ so }, value) {
    if (!(value > 0)) return "EINVAL";
    so[field] = value;
    return 0;
  },
});

const push = ({ tcp, tcb }: Call): void => {
  if (isSynchronized(tcb.state)) tcpOutput(tcp, tcb);
};

const OPTIONS: { [N in OptionName]: Accessor<SocketOptions[N]> } = {
  SO_REUSEADDR: endpointFlag("reuseAddress"),
  SO_REUSEPORT: endpointFlag("reusePort"),
  SO_KEEPALIVE: flag(TF_KEEPALIVE, ({ tcp, tcb }) => restartKeepAlive(tcp, tcb, tcp.now())),
  SO_BROADCAST: {
    get: ({ tcb }) => (tcb.ip.broadcast ? 1 : 0),
    set({ tcb }, value) {
      tcb.ip.broadcast = value !== 0;
      return 0;
    },
  },
  // Urgent data is always read in line (RFC 6093 section 5).
  SO_OOBINLINE: { get: () => 1, set: (_call, value) => (value ? 0 : "EOPNOTSUPP") },
  SO_LINGER: {
    get: ({ so }) => so.linger ?? { on: false, seconds: 0 },
    set({ so }, value) {
      so.linger = value.on ? value : null;
      return 0;
    },
  },
  SO_SNDBUF: bufferSize("sndLimit"),
  SO_RCVBUF: bufferSize("rcvLimit"),
  SO_SNDLOWAT: lowWater("sendLow"),
  SO_RCVLOWAT: lowWater("receiveLow"),
  SO_ERROR: { get: ({ so }) => so.takeError() ?? 0 },
  SO_ACCEPTCONN: { get: ({ tcb }) => (tcb.state === LISTEN ? 1 : 0) },
  SO_TYPE: { get: () => 1 },
  IP_OPTIONS: {
    get: ({ tcp, tcb }) => userOptions(tcb.ip.options, tcp.stack.config.profile),
    set({ tcp, tcb }, value) {
      if (tcb.family !== 4) return "ENOPROTOOPT";
      const options = takeUserOptions(value, tcp.stack.config.profile);
      if (typeof options === "string") return options;
      if (options && options.firstHop !== 0) tcb.flags |= TF_USER_ROUTE;
      else tcb.flags &= ~TF_USER_ROUTE;
      setRoute(tcp, tcb, options);
      completeRoute(tcb);
      return 0;
    },
  },
  IP_TTL: ipNumber("ttl", 1),
  IP_TOS: ipNumber("tos", 0),
  IP_MTU_DISCOVER: {
    get: ({ tcb }) => (tcb.ip.dontFragment ? 1 : 0),
    set({ tcb }, value) {
      tcb.ip.dontFragment = value !== 0;
      return 0;
    },
  },
  TCP_NODELAY: flag(TF_NODELAY, push),
  TCP_CORK: flag(TF_CORK, push),
  TCP_NOOPT: flag(TF_NOOPT),
  TCP_MAXSEG: {
    get: ({ tcp, tcb }) =>
      isSynchronized(tcb.state) ? tcb.maxSeg : tcb.userMss || tcp.config.defaultMss,
    set({ tcp, tcb }, value) {
      if (value < tcp.config.minMss || value > 65535) return "EINVAL";
      tcb.userMss = value;
      if (isSynchronized(tcb.state)) setMaxSegment(tcp, tcb);
      return 0;
    },
  },
  TCP_KEEPINIT: seconds("keepInit"),
  TCP_KEEPIDLE: seconds("keepIdle"),
  TCP_KEEPINTVL: seconds("keepInterval"),
  TCP_KEEPCNT: {
    get: ({ tcb }) => tcb.keepCount,
    set({ tcb }, value) {
      if (!(value > 0)) return "EINVAL";
      tcb.keepCount = value;
      return 0;
    },
  },
  TCP_CONGESTION: {
    get: ({ tcb }) => congestionName(tcb.congestion),
    set({ tcb }, value) {
      const index = congestionIndex(value);
      if (index < 0) return "ENOPROTOOPT";
      tcb.congestion = index;
      CONGESTION_CONTROLS[index].reset(tcb);
      return 0;
    },
  },
  TCP_INFO: { get: ({ tcb }) => tcpInfo(tcb) },
};

function endpointFlag(field: "reuseAddress" | "reusePort"): Accessor<number> {
  return {
    get: ({ tcb }) => (tcb[field] ? 1 : 0),
    set({ tcb }, value) {
      tcb[field] = value !== 0;
      return 0;
    },
  };
}

function ipNumber(field: "ttl" | "tos", least: number): Accessor<number> {
  return {
    get: ({ tcp, tcb }) => tcb.ip[field] || (field === "ttl" ? tcp.stack.config.ttl : 0),
    set({ tcb }, value) {
      if (!(value >= least && value <= 255)) return "EINVAL";
      tcb.ip[field] = value;
      return 0;
    },
  };
}

export function getTcpOption<N extends OptionName>(
  tcp: Tcp,
  so: Socket,
  tcb: Tcb,
  name: N,
): SocketOptions[N] | ErrorCode {
  const option: Accessor<SocketOptions[N]> | undefined = OPTIONS[name];
  return option ? option.get({ tcp, so, tcb }) : "ENOPROTOOPT";
}

export function setTcpOption<N extends OptionName>(
  tcp: Tcp,
  so: Socket,
  tcb: Tcb,
  name: N,
  value: SocketOptions[N],
): Result {
  const option: Accessor<SocketOptions[N]> | undefined = OPTIONS[name];
  return option?.set ? option.set({ tcp, so, tcb }, value) : "ENOPROTOOPT";
}
