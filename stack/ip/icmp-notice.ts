/**
 * An ICMP error taken apart for the protocol whose packet it quotes: what it means, and which
 * connection it is about.
 */
import { findSourceRoute, isCompleted, isSoundRoute } from "../../ipopts/source-route.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import type { ErrorCode } from "../errors.ts";
import type { Mbuf } from "../mbuf.ts";
import type { ControlError } from "../protosw.ts";
import * as icmp from "../wire/icmp.ts";
import * as ipv4 from "../wire/ipv4.ts";

/** By code of "unreachable" (BSD's `inetctlerrmap`, RFC 1122 section 4.2.3.9). */
const UNREACHABLE: readonly (ErrorCode | null)[] = [
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "ENOPROTOOPT",
  "ECONNREFUSED",
  "EMSGSIZE",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
];

/** At least this much of the transport header is quoted (RFC 792): ports, sequence number. */
const LEAST_QUOTE = 8;

export class IcmpNotice implements ControlError {
  family = 4;
  type = 0;
  code = 0;
  errno: ErrorCode | null = null;
  hard = false;
  mtu = 0;
  view: DataView = new DataView(new ArrayBuffer(0));
  quotedAt = 0;
  quotedSourceAt = 0;
  quotedDestinationAt = 0;
  quotedTransportAt = 0;
  quotedLength = 0;
  private readonly walk = new OptionWalk();

  /** True for "fragmentation needed": `mtu` is what the router told, 0 from an old one. */
  get mtuExceeded(): boolean {
    return this.type === icmp.ICMP_UNREACHABLE && this.code === icmp.ICMP_UNREACHABLE_NEEDFRAG;
  }

  /**
   * Reads the error at `m.off`. False when its quote is not the beginning of a packet. `stock`
   * takes the quoted header's destination for the connection's even when a source route says that
   * the packet was going elsewhere, as the BSDs and Linux do (specification 5.5, finding 4).
   */
  read(m: Mbuf, stock: boolean): boolean {
    const { view, off } = m;
    const at = off + icmp.ICMP_HEADER_LENGTH;
    const quoted = m.len - icmp.ICMP_HEADER_LENGTH;
    if (quoted < ipv4.IPV4_HEADER_LENGTH || ipv4.version(view, at) !== 4) return false;
    const header = ipv4.headerLength(view, at);
    if (header < ipv4.IPV4_HEADER_LENGTH || quoted < header + LEAST_QUOTE) return false;
    if (ipv4.fragmentOffset(view, at) !== 0) return false;
    this.type = icmp.icmpType(view, off);
    this.code = icmp.icmpCode(view, off);
    this.errno = this.meaning();
    this.hard =
      this.type === icmp.ICMP_UNREACHABLE &&
      (this.code === icmp.ICMP_UNREACHABLE_PROTOCOL || this.code === icmp.ICMP_UNREACHABLE_PORT);
    this.mtu = this.mtuExceeded ? icmp.icmpMtu(view, off) : 0;
    this.view = view;
    this.quotedAt = at;
    this.quotedSourceAt = at + 12;
    this.quotedDestinationAt = stock ? at + 16 : this.finalDestinationAt(view, at, header);
    this.quotedTransportAt = at + header;
    this.quotedLength = quoted - header;
    return true;
  }

  private meaning(): ErrorCode | null {
    if (this.type === icmp.ICMP_UNREACHABLE) return UNREACHABLE[this.code] ?? null;
    if (this.type === icmp.ICMP_PARAMETER_PROBLEM) return "ENOPROTOOPT";
    return this.type === icmp.ICMP_TIME_EXCEEDED ? "EHOSTUNREACH" : null;
  }

  /** Where the address stands that the quoted packet was to reach in the end. */
  private finalDestinationAt(view: DataView, at: number, header: number): number {
    if (header === 20) return at + 16;
    const routeAt = findSourceRoute(this.walk, view, at + 20, header - 20);
    if (routeAt < 0 || !isSoundRoute(view, routeAt) || isCompleted(view, routeAt)) return at + 16;
    return routeAt + view.getUint8(routeAt + 1) - 4;
  }
}
