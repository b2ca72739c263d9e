/**
 * The protocol switch (BSD's inetsw): what IP does with a protocol number.
 *
 * One implementation serves both IP versions: the packet says which (`m.family`) and where its
 * addresses stand (`m.sourceAt`, `m.destinationAt`, 4 or 16 bytes).
 */
import type { ErrorCode } from "./errors.ts";
import type { Mbuf } from "./mbuf.ts";
import type { Stack } from "./stack.ts";

export interface Protocol {
  readonly name: string;
  /**
   * Takes a packet for this host and owns it. `m.off` is the transport header, `m.len` reaches to
   * the end of the datagram, `m.ipAt` is the IP header. While it runs, `stack.savedRoute` holds the
   * source route that the packet arrived with (receive-path pin applied).
   */
  input(stack: Stack, m: Mbuf): void;
  /**
   * Takes an ICMP error about a packet that this host sent. `error` is the stack's own, overwritten
   * by the next error; the message's buffer stays with ICMP. Returns false when no endpoint of this
   * protocol sent such a packet.
   */
  ctlInput(stack: Stack, error: ControlError): boolean;
}

/** An ICMP or ICMPv6 error, its quoted packet already taken apart. */
export interface ControlError {
  /** 4 or 6. */
  family: number;
  type: number;
  code: number;
  /** What it means to a socket, null where it means nothing (source quench, a redirect). */
  errno: ErrorCode | null;
  /**
   * True for the errors on which RFC 1122 section 4.2.3.9 lets TCP abort a connection: protocol or
   * port unreachable. All others are hints: remember, report only if the connection dies anyway.
   */
  hard: boolean;
  /** Next-hop MTU in bytes of "fragmentation needed" or "packet too big", else 0. */
  mtu: number;
  view: DataView;
  /**
   * The quoted packet: IP header, addresses (4 or 16 bytes at each), transport header and how many
   * bytes are quoted from there (at least 8). `quotedDestinationAt` is the *final* destination: the
   * last address of a quoted unexpired source route, else the header's (stock: always the header's).
   */
  quotedAt: number;
  quotedSourceAt: number;
  quotedDestinationAt: number;
  quotedTransportAt: number;
  quotedLength: number;
}
