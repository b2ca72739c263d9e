/** getsockopt and setsockopt of datagram sockets. */
import type { ErrorCode } from "../errors.ts";
import type { Result, Socket } from "../socket.ts";
import type { OptionName, SocketOptions } from "../socket-options.ts";
import type { Stack } from "../stack.ts";
import { takeUserOptions } from "../tcp/socket-ip-options.ts";
import type { UdpPcb } from "./udp-pcb.ts";

/** SOCK_DGRAM. */
const DATAGRAM = 2;

type Values = { [N in OptionName]?: SocketOptions[N] };

/** The value of an option, `ENOPROTOOPT` for those that a datagram socket has not. */
export function getUdpOption<N extends OptionName>(
  so: Socket,
  pcb: UdpPcb,
  name: N,
): SocketOptions[N] | ErrorCode {
  const values: Values = {
    SO_TYPE: DATAGRAM,
    SO_REUSEADDR: Number(pcb.reuseAddress),
    SO_REUSEPORT: Number(pcb.reusePort),
    SO_BROADCAST: Number(pcb.ip.broadcast),
    SO_RCVBUF: pcb.limit,
    IP_TTL: pcb.ip.ttl,
    IP_TOS: pcb.ip.tos,
    IP_MTU_DISCOVER: Number(pcb.ip.dontFragment),
    IP_OPTIONS: pcb.userOptions?.bytes ?? new Uint8Array(0),
  };
  if (name === "SO_ERROR") return (so.takeError() ?? 0) as SocketOptions[N];
  return (values[name] as SocketOptions[N] | undefined) ?? "ENOPROTOOPT";
}

/** Sets an option; `EINVAL` for a value out of range, `ENOPROTOOPT` for an unknown one. */
export function setUdpOption<N extends OptionName>(
  stack: Stack,
  _so: Socket,
  pcb: UdpPcb,
  name: N,
  value: SocketOptions[N],
): Result {
  const number = Number(value);
  switch (name as OptionName) {
    case "SO_REUSEADDR":
      pcb.reuseAddress = number !== 0;
      return 0;
    case "SO_REUSEPORT":
      pcb.reusePort = number !== 0;
      return 0;
    case "SO_BROADCAST":
      pcb.ip.broadcast = number !== 0;
      return 0;
    case "SO_RCVBUF":
      if (!(number > 0)) return "EINVAL";
      pcb.limit = number;
      return 0;
    case "IP_TTL":
      if (!(number >= 0 && number <= 255)) return "EINVAL";
      pcb.ip.ttl = number;
      return 0;
    case "IP_TOS":
      pcb.ip.tos = number & 255;
      return 0;
    case "IP_MTU_DISCOVER":
      pcb.ip.dontFragment = number !== 0;
      return 0;
    case "IP_OPTIONS": {
      const taken = takeUserOptions(value as Uint8Array, stack.config.profile);
      if (typeof taken === "string") return taken;
      pcb.userOptions = taken;
      return 0;
    }
    default:
      return "ENOPROTOOPT";
  }
}
