/**
 * The option of Shand and Thomas (multi-homed host support, 1996), which the paper names beside its
 * own: servers send from their unicast address, and an IP option says which address the connection
 * knows them by. A changed client finds its connection by the option and sends to the unicast
 * address from then on; any other client sees a stranger.
 *
 * The option was proposed for IPv6 and has no IPv4 number: here it is RFC 4727's experimental option
 * 158, `9e 06` and the address, two NOPs before it. Transport checksums are over the addresses of
 * the IP header, so that captures hold for every reader.
 */
import { OptionWalk } from "../../../ipopts/walk.ts";
import type { Mbuf } from "../../../stack/mbuf.ts";
import type { Tcp } from "../../../stack/tcp/tcp.ts";
import { checksum } from "../../../stack/wire/checksum.ts";
import { destination, headerLength, source } from "../../../stack/wire/ipv4.ts";
import { destinationPort, sourcePort } from "../../../stack/wire/tcp.ts";
import type { Design, DesignHost } from "../design.ts";
import { DESTINATION, isTcp, readdress, SOURCE } from "../readdress.ts";

const OPTION = 158;
/** NOP, NOP, type, length. */
const HEAD = 0x01010000 | (OPTION << 8) | 6;
const OPTION_BYTES = 8;

/** Sends `m` from `unicast`, its source so far in the option. */
function identify(m: Mbuf, unicast: number): void {
  const identity = source(m.view, m.off);
  const header = headerLength(m.view, m.off);
  if (header + OPTION_BYTES > 60) return;
  readdress(m, SOURCE, unicast);
  if (!m.prepend(OPTION_BYTES)) return;
  const { view, bytes, off } = m;
  bytes.copyWithin(off, off + OPTION_BYTES, off + OPTION_BYTES + header);
  view.setUint32(off + header, HEAD);
  view.setUint32(off + header + 4, identity);
  view.setUint8(off, 0x40 | ((header + OPTION_BYTES) >>> 2));
  view.setUint16(off + 2, m.len);
  view.setUint16(off + 10, 0);
  view.setUint16(off + 10, checksum(view, off, header + OPTION_BYTES));
}

/** The client's half: what has the option comes from the address in it, and answers go back straight. */
class Identified {
  private readonly walk = new OptionWalk();
  private readonly tcp: Tcp;

  constructor(tcp: Tcp) {
    this.tcp = tcp;
  }

  arrives(m: Mbuf): void {
    const { view, off } = m;
    const header = headerLength(view, off);
    if (header === 20) return;
    const at = this.optionAt(view, off + 20, header - 20);
    if (at < 0 || view.getUint8(at + 1) !== 6) return;
    const transport = off + header;
    const unicast = source(view, off);
    const identity = view.getUint32(at + 2);
    readdress(m, SOURCE, identity);
    const local = destination(view, off);
    const ports = [destinationPort(view, transport), sourcePort(view, transport)] as const;
    const tcb = this.tcp.table.find(local, ports[0], identity, ports[1]);
    if (!tcb || tcb.ip.options?.firstHop === unicast) return;
    tcb.ip.options = { firstHop: unicast, bytes: new Uint8Array(0) };
    tcb.ip.routeGeneration = -1;
  }

  private optionAt(view: DataView, offset: number, length: number): number {
    const { walk } = this;
    walk.start(view, offset, length);
    while (walk.next()) if (walk.type === OPTION) return walk.at;
    return -1;
  }
}

export const sourceIdentification: Design = {
  name: "source-identification",
  summary: "servers send from their own address, an IP option names the shared one",
  server: {},
  changeServer(host: DesignHost) {
    const { door, device, services, unicast, tcp, stack } = host;
    // What the option takes, segments must leave.
    for (const each of stack.interfaces) if (!each.loopback) each.mtu -= OPTION_BYTES;
    host.device = {
      transmit(m) {
        if (isTcp(m) && services.has(source(m.view, m.off))) identify(m, unicast);
        device.transmit(m);
      },
    };
    host.door = {
      receive(m) {
        if (isTcp(m) && destination(m.view, m.off) === unicast) toService(m, tcp, services);
        door.receive(m);
      },
    };
  },
  changeClient(host: DesignHost) {
    const { door, device, tcp, stack, services } = host;
    if (stack.config.client !== "engel") return;
    const identified = new Identified(tcp);
    host.door = {
      receive(m) {
        if (isTcp(m)) identified.arrives(m);
        door.receive(m);
      },
    };
    host.device = {
      transmit(m) {
        if (isTcp(m) && !services.has(destination(m.view, m.off))) straighten(m, tcp, services);
        device.transmit(m);
      },
    };
  },
};

/** Gives a segment to the unicast address the shared one that its connection is known by. */
function toService(m: Mbuf, tcp: Tcp, services: ReadonlySet<number>): void {
  const { view, off } = m;
  const at = off + headerLength(view, off);
  for (const service of services) {
    const known = tcp.table.find(
      service,
      destinationPort(view, at),
      source(view, off),
      sourcePort(view, at),
    );
    if (!known) continue;
    readdress(m, DESTINATION, service);
    return;
  }
}

/** TCP summed over the shared address; the packet goes to the unicast one. */
function straighten(m: Mbuf, tcp: Tcp, services: ReadonlySet<number>): void {
  const { view, off } = m;
  const at = off + headerLength(view, off);
  const unicast = destination(view, off);
  for (const service of services) {
    const known = tcp.table.find(
      source(view, off),
      sourcePort(view, at),
      service,
      destinationPort(view, at),
    );
    if (!known) continue;
    // Put the address that was summed in front, so that replacing it corrects the sum.
    const sum = view.getUint16(off + 10);
    view.setUint32(off + DESTINATION, service);
    readdress(m, DESTINATION, unicast);
    view.setUint16(off + 10, sum);
    return;
  }
}
