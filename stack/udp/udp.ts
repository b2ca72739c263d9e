/** UDP (RFC 768, RFC 1122 section 4.1), over IPv4 and IPv6. */
import { EndpointTable } from "../in-pcb.ts";
import { PORT_UNREACHABLE, UNREACHABLE } from "../ip6/icmp6.ts";
import { In6Addr } from "../ip6/in6-addr.ts";
import { M_BROADCAST, type Mbuf } from "../mbuf.ts";
import type { ControlError, Protocol } from "../protosw.ts";
import { POLLERR, POLLIN, Socket } from "../socket.ts";
import type { Stack } from "../stack.ts";
import type { DropReason } from "../stats.ts";
import { foldSum, sumBytes } from "../wire/checksum.ts";
import { ICMP_UNREACHABLE, ICMP_UNREACHABLE_PORT } from "../wire/icmp.ts";
import { IPPROTO_UDP } from "../wire/ipv4.ts";
import { destinationPort, sourcePort } from "../wire/tcp.ts";
import { UDP_HEADER_LENGTH, udpChecksum, udpLength } from "../wire/udp.ts";
import { UdpPcb } from "./udp-pcb.ts";
import { UdpSockets } from "./udp-sockets.ts";

export class Udp implements Protocol {
  readonly name = "udp";
  readonly stack: Stack;
  readonly table = new EndpointTable<UdpPcb>();
  private readonly sockets: UdpSockets;

  /** Attaches itself to `stack` under protocol number 17. */
  constructor(stack: Stack) {
    this.stack = stack;
    this.sockets = new UdpSockets(this);
    stack.register(IPPROTO_UDP, this);
  }

  /** A new datagram socket of the family, 4 or 6. */
  socket(family: 4 | 6): UdpSocket {
    const pcb = new UdpPcb();
    if (family === 6) pcb.setAnyV6();
    const so = new UdpSocket(this.sockets, pcb);
    pcb.socket = so;
    return so;
  }

  input(stack: Stack, m: Mbuf): void {
    const wrong = verify(m);
    if (wrong) {
      stack.drop(m, wrong);
      return;
    }
    stack.stats.udpReceived++;
    const { view, off } = m;
    const port = sourcePort(view, off);
    const pcb = this.endpointFor(m, port);
    if (!pcb) {
      this.refuse(m);
      return;
    }
    if (m.family === 4) this.noteRoute(pcb, m, port);
    m.trimFront(UDP_HEADER_LENGTH);
    if (!pcb.append(m)) {
      stack.drop(m, "udpFullBuffer");
      return;
    }
    pcb.socket?.wake(POLLIN);
  }

  /**
   * An error reaches a connected socket only: the others could not tell whose it is. A smaller path
   * MTU is believed when it quotes a socket of ours, connected or not, as Linux does.
   */
  ctlInput(stack: Stack, error: ControlError): boolean {
    const { view, family, quotedSourceAt, quotedDestinationAt, quotedTransportAt: at } = error;
    const port = sourcePort(view, at);
    const pcb = this.table.lookup(
      view,
      family,
      quotedSourceAt,
      port,
      quotedDestinationAt,
      destinationPort(view, at),
    );
    if (error.mtu > 0 && (pcb ?? this.table.listening(view, family, quotedSourceAt, port))) {
      const destination =
        family === 4
          ? view.getUint32(quotedDestinationAt)
          : In6Addr.read(view, quotedDestinationAt);
      stack.pathMtu.learn(destination, error.mtu);
    }
    if (!pcb) return false;
    if (pcb.socket && error.errno) {
      pcb.socket.error = error.errno;
      pcb.socket.wake(POLLERR);
    }
    return true;
  }

  private endpointFor(m: Mbuf, port: number): UdpPcb | null {
    const { view, off, family, sourceAt, destinationAt } = m;
    const own = destinationPort(view, off);
    return (
      this.table.lookup(view, family, destinationAt, own, sourceAt, port) ??
      this.table.listening(view, family, destinationAt, own)
    );
  }

  /** Keeps the way back, receive-path pin in it, for the answers to this peer. */
  private noteRoute(pcb: UdpPcb, m: Mbuf, port: number): void {
    const { savedRoute, config, clock } = this.stack;
    if (pcb.remotePort !== 0) {
      pcb.keepRoute(savedRoute, config.profile);
      return;
    }
    const source = m.view.getUint32(m.sourceAt);
    const local = m.view.getUint32(m.destinationAt);
    pcb.peers.note(source, port, local, savedRoute, config.profile, clock.now());
  }

  /** Nobody listens: port unreachable, except to what was sent to many. */
  private refuse(m: Mbuf): void {
    const { stack } = this;
    if ((m.flags & M_BROADCAST) !== 0) stack.drop(m, "udpNoPort");
    else if (m.family === 4) {
      stack.icmp.error(m, ICMP_UNREACHABLE, ICMP_UNREACHABLE_PORT, 0, "udpNoPort");
    } else stack.icmp6.error(m, UNREACHABLE, PORT_UNREACHABLE, 0, "udpNoPort");
  }
}

/** A datagram taken from a socket. */
export interface Datagram {
  /** Bytes copied, and how long the datagram was. */
  count: number;
  length: number;
  address: number | In6Addr;
  port: number;
  /** The own address it was sent to (IP_RECVDSTADDR). */
  destination: number | In6Addr;
  /** The IP options it came with (IP_RECVOPTS), empty for none. */
  options: Uint8Array;
  /**
   * The source route back as Linux's IP_RETOPTS gives it, ready for IP_OPTIONS there: all hops in
   * reverse, the first among them (`83 0b 04 R1 R0 00`); empty without a route.
   */
  returnRoute: Uint8Array;
}

export class UdpSocket extends Socket {
  /** Sends one datagram to `address`:`port`; see `UdpSockets.sendTo`. */
  sendTo(data: Uint8Array, address: number | In6Addr, port: number): ReturnType<Socket["send"]> {
    if (!this.pcb) return "EBADF";
    return (this.protocol as UdpSockets).sendTo(this, data, 0, data.length, address, port);
  }

  /** Takes the oldest datagram: what does not fit into `into` is lost. `EAGAIN` when none waits. */
  receiveFrom(into: Uint8Array): ReturnType<UdpSockets["receiveFrom"]> {
    if (!this.pcb) return "EBADF";
    return (this.protocol as UdpSockets).receiveFrom(this, into);
  }
}

function verify(m: Mbuf): DropReason | null {
  const { view, off, len, family } = m;
  if (len < UDP_HEADER_LENGTH) return "udpTooShort";
  const length = udpLength(view, off);
  if (length < UDP_HEADER_LENGTH || length > len) return "udpBadLength";
  m.len = length;
  if (udpChecksum(view, off) === 0) return family === 4 ? null : "udpBadChecksum";
  const size = family === 4 ? 4 : 16;
  const addresses = sumBytes(view, m.sourceAt, size, sumBytes(view, m.destinationAt, size));
  const sum = sumBytes(view, off, length, addresses + IPPROTO_UDP + length);
  return foldSum(sum) === 0xffff ? null : "udpBadChecksum";
}
