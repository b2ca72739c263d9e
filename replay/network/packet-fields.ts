/** Whose conversation a packet of the virtual network belongs to. One object reads packet after packet. */
import { finalDestination, findSourceRoute } from "../../ipopts/source-route.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import type { Mbuf } from "../../stack/mbuf.ts";
import { icmpType, isIcmpError } from "../../stack/wire/icmp.ts";
import * as ipv4 from "../../stack/wire/ipv4.ts";
import { flags, TH_ACK, TH_SYN } from "../../stack/wire/tcp.ts";

export class PacketFields {
  source = 0;
  /** Where the packet ends, past the hops of its source route. */
  destination = 0;
  sourcePort = 0;
  destinationPort = 0;
  protocol = 0;
  /** Bytes of IP options. */
  options = 0;
  /** Where the transport header begins. */
  transportAt = 0;
  /** TCP flags, 0 for other protocols. */
  flags = 0;
  /** An ICMP error: the addresses and ports are those of the packet it quotes, turned round. */
  isError = false;
  private readonly walk = new OptionWalk();

  /** Reads the packet at `m.off`. False for what has no ports: fragments, ICMP queries. */
  read(m: Mbuf): boolean {
    const { view, off } = m;
    if (m.len < 28 || ipv4.version(view, off) !== 4) return false;
    if (!this.readAt(view, off)) return false;
    this.isError = false;
    if (this.protocol !== ipv4.IPPROTO_ICMP) return true;
    return this.readQuote(view, off + m.len);
  }

  /** True for a segment that opens a connection. */
  get opens(): boolean {
    return (this.flags & (TH_SYN | TH_ACK)) === TH_SYN;
  }

  private readAt(view: DataView, at: number): boolean {
    const header = ipv4.headerLength(view, at);
    this.protocol = ipv4.protocol(view, at);
    this.source = ipv4.source(view, at);
    this.destination = ipv4.destination(view, at);
    this.options = header - 20;
    this.transportAt = at + header;
    this.flags = 0;
    if (header > 20) {
      const routeAt = findSourceRoute(this.walk, view, at + 20, header - 20);
      this.destination = finalDestination(view, at, routeAt);
    }
    if (ipv4.fragmentOffset(view, at) !== 0) return false;
    if (this.protocol === ipv4.IPPROTO_TCP || this.protocol === ipv4.IPPROTO_UDP) {
      this.sourcePort = view.getUint16(this.transportAt);
      this.destinationPort = view.getUint16(this.transportAt + 2);
      if (this.protocol === ipv4.IPPROTO_TCP) this.flags = flags(view, this.transportAt);
      return true;
    }
    return this.protocol === ipv4.IPPROTO_ICMP;
  }

  private readQuote(view: DataView, end: number): boolean {
    const at = this.transportAt;
    if (!isIcmpError(icmpType(view, at)) || at + 8 + 28 > end) return false;
    const { options } = this;
    const quoted = at + 8;
    if (ipv4.headerLength(view, quoted) + 8 + quoted > end || !this.readAt(view, quoted)) {
      return false;
    }
    const { source, sourcePort } = this;
    this.source = this.destination;
    this.destination = source;
    this.sourcePort = this.destinationPort;
    this.destinationPort = sourcePort;
    this.options = options;
    this.flags = 0;
    this.isError = true;
    return this.protocol !== ipv4.IPPROTO_ICMP;
  }
}
