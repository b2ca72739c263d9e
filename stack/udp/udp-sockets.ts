/** The user's calls on datagram sockets (4.4BSD `udp_usrreq`, `udp_output`). */
import type { ErrorCode } from "../errors.ts";
import { isAnyAddress } from "../in-pcb.ts";
import { isLoopback, isMulticast } from "../ip/addresses.ts";
import { ipOutput } from "../ip/ip-output.ts";
import { type Address, type In6Addr, sameAddress } from "../ip6/in6-addr.ts";
import { ip6Output } from "../ip6/ip6-output.ts";
import type { Mbuf } from "../mbuf.ts";
import { sourceFor } from "../output.ts";
import {
  POLLERR,
  POLLIN,
  POLLOUT,
  type Result,
  type Socket,
  type SocketProtocol,
  SS_CANT_RECEIVE,
  SS_CANT_SEND,
  SS_CONNECTED,
} from "../socket.ts";
import type { OptionName, SocketOptions } from "../socket-options.ts";
import { fold, sumBytes } from "../wire/checksum.ts";
import { IPPROTO_UDP } from "../wire/ipv4.ts";
import { describeDatagram } from "./datagram.ts";
import type { Datagram, Udp } from "./udp.ts";
import { getUdpOption, setUdpOption } from "./udp-options.ts";
import type { UdpPcb } from "./udp-pcb.ts";

/** What fits behind an IPv4 and a UDP header. */
const LONGEST = 65_507;
/** The dynamic ports (RFC 6335). */
const FIRST_PORT = 49_152;
const PORTS = 16_384;

const pcbOf = (so: Socket): UdpPcb => so.pcb as UdpPcb;
const familyOf = (a: Address): 4 | 6 => (typeof a === "number" ? 4 : 6);

export class UdpSockets implements SocketProtocol {
  private readonly udp: Udp;

  constructor(udp: Udp) {
    this.udp = udp;
  }

  bind(so: Socket, address: Address, port: number): Result {
    const pcb = pcbOf(so);
    const { table } = this.udp;
    if (familyOf(address) !== pcb.family) return "EAFNOSUPPORT";
    if (pcb.localPort !== 0 || port < 0 || port > 65535) return "EINVAL";
    if (!isAnyAddress(address) && !this.isOwn(address)) return "EADDRNOTAVAIL";
    const chosen = port || this.freePort(pcb, address);
    if (chosen === 0 || table.bindConflict(pcb, address, chosen)) return "EADDRINUSE";
    pcb.local = address;
    pcb.localPort = chosen;
    table.bind(pcb);
    return 0;
  }

  connect(so: Socket, address: Address, port: number): Result {
    const pcb = pcbOf(so);
    if (familyOf(address) !== pcb.family) return "EAFNOSUPPORT";
    if (so.state & SS_CONNECTED) return "EISCONN";
    if (port <= 0 || port > 65535 || isAnyAddress(address)) return "EADDRNOTAVAIL";
    const local = isAnyAddress(pcb.local) ? sourceFor(this.udp.stack, address) : pcb.local;
    if (local === null) return "ENETUNREACH";
    if (pcb.localPort === 0) {
      const bound = this.bind(so, pcb.local, 0);
      if (bound !== 0) return bound;
    }
    const other = this.udp.table.find(local, pcb.localPort, address, port);
    if (other) return "EADDRINUSE";
    pcb.local = local;
    pcb.remote = address;
    pcb.remotePort = port;
    this.udp.table.connect(pcb);
    so.state |= SS_CONNECTED;
    return 0;
  }

  listen(): Result {
    return "EOPNOTSUPP";
  }

  accept(): ErrorCode {
    return "EOPNOTSUPP";
  }

  send(so: Socket, data: Uint8Array, from: number, count: number): Result {
    const pcb = pcbOf(so);
    if (so.error) return so.takeError() ?? 0;
    if (so.state & SS_CANT_SEND) return "EPIPE";
    if (pcb.remotePort === 0) return "EDESTADDRREQ";
    pcb.ip.options = pcb.userOptions ?? pcb.peerRoute;
    return this.output(pcb, data, from, count, pcb.local, pcb.remote, pcb.remotePort);
  }

  /**
   * Sends `count` bytes from `from` to `address`:`port` as one datagram. To a peer that was heard of
   * lately it goes the way the peer's last datagram came, from the address that was sent to.
   */
  sendTo(
    so: Socket,
    data: Uint8Array,
    from: number,
    count: number,
    address: Address,
    port: number,
  ): Result {
    const pcb = pcbOf(so);
    const { stack } = this.udp;
    if (so.error) return so.takeError() ?? 0;
    if (so.state & SS_CANT_SEND) return "EPIPE";
    if (pcb.remotePort !== 0) return "EISCONN";
    if (familyOf(address) !== pcb.family) return "EAFNOSUPPORT";
    if (port <= 0 || port > 65535 || isAnyAddress(address)) return "EADDRNOTAVAIL";
    if (pcb.localPort === 0) {
      const bound = this.bind(so, pcb.local, 0);
      if (bound !== 0) return bound;
    }
    const known =
      typeof address === "number" ? pcb.peers.find(address, port, stack.clock.now()) : null;
    let source: Address | null = pcb.local;
    let route = null;
    if (known && (isAnyAddress(source) || sameAddress(source, known.local))) {
      source = known.local;
      route = known.options;
    }
    if (isAnyAddress(source)) source = sourceFor(stack, address);
    if (source === null) return "ENETUNREACH";
    pcb.ip.options = pcb.userOptions ?? route;
    return this.output(pcb, data, from, count, source, address, port);
  }

  receive(so: Socket, into: Uint8Array, at: number, count: number): Result {
    const taken = this.receiveFrom(so, into.subarray(at, at + count));
    return typeof taken === "string" ? taken : taken.count;
  }

  receiveFrom(so: Socket, into: Uint8Array): Datagram | ErrorCode {
    if (so.error) return so.takeError() ?? "EAGAIN";
    const m = pcbOf(so).shift();
    if (!m) return "EAGAIN";
    const datagram = describeDatagram(this.udp.stack, m, into);
    m.free();
    return datagram;
  }

  shutdown(so: Socket, how: number): Result {
    if (!(so.state & SS_CONNECTED)) return "ENOTCONN";
    so.state |= [SS_CANT_RECEIVE, SS_CANT_SEND, SS_CANT_RECEIVE | SS_CANT_SEND][how] ?? 0;
    return how >= 0 && how <= 2 ? 0 : "EINVAL";
  }

  close(so: Socket): void {
    const pcb = pcbOf(so);
    pcb.socket = null;
    pcb.peers.clear();
    for (let m = pcb.shift(); m; m = pcb.shift()) m.free();
    this.udp.table.remove(pcb);
  }

  poll(so: Socket): number {
    const pcb = pcbOf(so);
    return POLLOUT | (pcb.head ? POLLIN : 0) | (so.error ? POLLERR : 0);
  }

  getsockopt<N extends OptionName>(so: Socket, name: N): SocketOptions[N] | ErrorCode {
    return getUdpOption(so, pcbOf(so), name);
  }

  setsockopt<N extends OptionName>(so: Socket, name: N, value: SocketOptions[N]): Result {
    return setUdpOption(this.udp.stack, so, pcbOf(so), name, value);
  }

  private output(
    pcb: UdpPcb,
    data: Uint8Array,
    from: number,
    count: number,
    source: Address,
    destination: Address,
    port: number,
  ): Result {
    const { stack } = this.udp;
    if (count > LONGEST) return "EMSGSIZE";
    const m = stack.pool.get(count + 8);
    if (!m) return "ENOBUFS";
    m.bytes.set(count === data.length ? data : data.subarray(from, from + count), m.off + 8);
    m.len = count + 8;
    m.view.setUint16(m.off, pcb.localPort);
    m.view.setUint16(m.off + 2, port);
    m.view.setUint16(m.off + 4, m.len);
    m.view.setUint16(m.off + 6, 0);
    stack.stats.udpSent++;
    let error: ErrorCode | null;
    if (typeof destination === "number") {
      // Linux takes the first hop of a source route for the destination here (specification 1.3).
      const linux = stack.config.profile === "linux";
      const summed = (linux && pcb.ip.options?.firstHop) || destination;
      if (!stack.config.udpNoChecksum) seal(m, (source as number) + summed);
      error = ipOutput(stack, m, source as number, destination, IPPROTO_UDP, pcb.ip);
    } else {
      const from6 = source as In6Addr;
      seal(m, sumOf(from6) + sumOf(destination));
      error = ip6Output(stack, m, from6, destination, IPPROTO_UDP, pcb.ip);
    }
    return error ?? count;
  }

  private freePort(pcb: UdpPcb, address: Address): number {
    const { stack, table } = this.udp;
    const first = stack.random.word() % PORTS;
    for (let i = 0; i < PORTS; i++) {
      const port = FIRST_PORT + ((first + i) % PORTS);
      if (!table.bindConflict(pcb, address, port)) return port;
    }
    return 0;
  }

  private isOwn(address: Address): boolean {
    const { addresses, addresses6 } = this.udp.stack;
    if (typeof address !== "number") return addresses6.find(address) !== undefined;
    if (addresses.isOwn(address) || isLoopback(address)) return true;
    return isMulticast(address) || addresses.isBroadcast(address);
  }
}

const sumOf = (a: In6Addr): number => a.w0 + a.w1 + a.w2 + a.w3;

/** Writes the checksum of the datagram at `m.off`; a result of 0 is sent as all ones. */
function seal(m: Mbuf, addresses: number): void {
  const sum = fold(sumBytes(m.view, m.off, m.len, addresses + IPPROTO_UDP + m.len));
  m.view.setUint16(m.off + 6, sum || 0xffff);
}
