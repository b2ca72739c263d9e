/** `bind`, `listen` and `connect` of stream sockets (4.4BSD `in_pcbbind`, `in_pcbconnect`). */
import { SECOND } from "../clock.ts";
import { isAnyAddress } from "../in-pcb.ts";
import { isMulticast } from "../ip/addresses.ts";
import type { Address } from "../ip6/in6-addr.ts";
import { sourceFor } from "../output.ts";
import {
  type Result,
  type Socket,
  SS_CONNECTED,
  SS_CONNECTING,
  SS_DISCONNECTED,
} from "../socket.ts";
import { enterClosed } from "./close.ts";
import { initialWindow } from "./congestion.ts";
import { ListenQueue } from "./listen-queue.ts";
import { learnPathMtu, setMaxSegment } from "./mss.ts";
import { tcpOutput } from "./output.ts";
import { seqAdd, seqLeq } from "./sequence.ts";
import { completeRoute } from "./socket-ip-options.ts";
import { ACTIVE_OPEN, CLOSED, LISTEN, nextState, PASSIVE_OPEN, TIME_WAIT } from "./state.ts";
import { has, NEVER, type Tcb, TF_TIMESTAMPS } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { armFor } from "./timers.ts";

const familyOf = (a: Address): 4 | 6 => (typeof a === "number" ? 4 : 6);

/** Gives `tcb` a local address and port; port 0 picks one. */
export function tcpBind(tcp: Tcp, tcb: Tcb, address: Address, port: number): Result {
  if (familyOf(address) !== tcb.family) return "EAFNOSUPPORT";
  if (tcb.localPort !== 0 || tcb.state !== CLOSED || port < 0 || port > 65535) return "EINVAL";
  if (!isAnyAddress(address) && !isOwn(tcp, address)) return "EADDRNOTAVAIL";
  let chosen = port;
  if (port === 0) {
    chosen = freePort(tcp, (candidate) => !tcp.table.bindConflict(tcb, address, candidate));
    if (chosen === 0) return "EADDRINUSE";
  } else if (tcp.table.bindConflict(tcb, address, port)) return "EADDRINUSE";
  tcb.local = address;
  tcb.localPort = chosen;
  tcp.table.bind(tcb);
  return 0;
}

/** Starts to take connections; on a listening socket, changes the backlog. */
export function tcpListen(tcp: Tcp, tcb: Tcb, backlog: number): Result {
  const limit = Math.min(Math.max(backlog, 0), tcp.config.somaxconn);
  if (tcb.state === LISTEN && tcb.queue) {
    tcb.queue.backlog = limit;
    return 0;
  }
  if (tcb.state !== CLOSED || tcb.remotePort !== 0) return "EINVAL";
  if (tcb.localPort === 0) {
    const bound = tcpBind(tcp, tcb, tcb.local, 0);
    if (bound !== 0) return bound;
  }
  tcb.queue = new ListenQueue(limit);
  tcb.receptive = true;
  tcb.state = nextState(tcb.state, PASSIVE_OPEN);
  return 0;
}

/** Sends a SYN to `address`:`port`. */
export function tcpConnect(tcp: Tcp, so: Socket, tcb: Tcb, address: Address, port: number): Result {
  if (familyOf(address) !== tcb.family) return "EAFNOSUPPORT";
  if (so.state & SS_CONNECTED) return "EISCONN";
  if (so.state & SS_CONNECTING) return "EALREADY";
  if (tcb.state === LISTEN) return "EOPNOTSUPP";
  if (tcb.state !== CLOSED || so.state & SS_DISCONNECTED) return "EINVAL";
  if (port <= 0 || port > 65535 || isAnyAddress(address)) return "EADDRNOTAVAIL";
  if (
    typeof address === "number" &&
    (isMulticast(address) || tcp.stack.addresses.isBroadcast(address))
  ) {
    return "ENETUNREACH";
  }
  const firstHop = tcb.ip.options?.firstHop || address;
  const local = isAnyAddress(tcb.local) ? sourceFor(tcp.stack, firstHop) : tcb.local;
  if (local === null) return "ENETUNREACH";
  const named = nameLocalEnd(tcp, tcb, local, address, port);
  if (named !== 0) return named;
  tcb.remote = address;
  tcb.remotePort = port;
  tcp.table.connect(tcb);
  completeRoute(tcb);
  tcp.anycast?.opening(tcb);
  so.state |= SS_CONNECTING;
  sendFirst(tcp, tcb);
  return "EINPROGRESS";
}

function nameLocalEnd(tcp: Tcp, tcb: Tcb, local: Address, address: Address, port: number): Result {
  const { table } = tcp;
  if (tcb.localPort === 0) {
    const free = freePort(
      tcp,
      (candidate) =>
        table.find(local, candidate, address, port) === null && !table.isBound(candidate),
    );
    if (free === 0) return "EADDRNOTAVAIL";
    tcb.localPort = free;
  } else {
    const other = table.find(local, tcb.localPort, address, port);
    if (other && !leavesTimeWait(tcp, other)) return "EADDRINUSE";
  }
  tcb.local = local;
  return 0;
}

/** A connection in TIME-WAIT gives way a second later, when timestamps tell old from new. */
function leavesTimeWait(tcp: Tcp, other: Tcb): boolean {
  if (other.state !== TIME_WAIT || !has(other, TF_TIMESTAMPS)) return false;
  if (tcp.now() - other.tsRecentAt <= SECOND) return false;
  tcp.lastUsed = other.sndMax;
  enterClosed(tcp, other, null);
  return true;
}

function sendFirst(tcp: Tcp, tcb: Tcb): void {
  const now = tcp.now();
  tcp.stats.connectAttempts++;
  tcb.ip.dontFragment = tcp.config.pathMtuDiscovery;
  tcb.iss = tcp.sequence.iss(tcb);
  if (tcp.lastUsed !== null && seqLeq(tcb.iss, tcp.lastUsed))
    tcb.iss = seqAdd(tcp.lastUsed, 0x10000);
  tcp.lastUsed = null;
  tcb.sndUna = tcb.iss;
  tcb.sndNxt = tcb.iss;
  tcb.sndMax = tcb.iss;
  tcb.tsOffset = tcp.sequence.timestampOffset(tcb);
  learnPathMtu(tcp, tcb);
  setMaxSegment(tcp, tcb);
  tcb.cwnd = initialWindow(tcb.maxSeg, tcp.config.initialWindow, false);
  tcb.openedAt = now;
  tcb.heardAt = now;
  tcb.state = nextState(tcb.state, ACTIVE_OPEN);
  if (tcb.keepInit !== NEVER) {
    tcb.keepAt = now + tcb.keepInit;
    armFor(tcp, tcb, tcb.keepAt);
  }
  tcpOutput(tcp, tcb);
}

/** A port of the ephemeral range for which `free` is true, 0 when there is none. */
function freePort(tcp: Tcp, free: (port: number) => boolean): number {
  const range = tcp.config.lastEphemeral - tcp.config.firstEphemeral + 1;
  for (let i = 0; i < range; i++) {
    const port = tcp.nextPort();
    if (free(port)) return port;
  }
  return 0;
}

function isOwn(tcp: Tcp, address: Address): boolean {
  const { addresses, addresses6 } = tcp.stack;
  if (typeof address === "number") return addresses.isOwn(address) || address >>> 24 === 127;
  return Boolean(addresses6.find(address));
}
