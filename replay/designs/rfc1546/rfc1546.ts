/**
 * RFC 1546's own way to use TCP with anycast: the server answers a SYN to the shared address from
 * its unicast address, and the client's TCP takes that for the peer from then on. No option, no byte
 * more on the wire, but both ends must be changed: to any other client the SYN-ACK is a stranger's.
 */
import type { Mbuf } from "../../../stack/mbuf.ts";
import { SYN_SENT } from "../../../stack/tcp/state.ts";
import type { Tcp } from "../../../stack/tcp/tcp.ts";
import { destination, headerLength, source } from "../../../stack/wire/ipv4.ts";
import {
  acknowledgment,
  destinationPort,
  flags,
  sourcePort,
  TH_ACK,
  TH_SYN,
} from "../../../stack/wire/tcp.ts";
import type { Design, DesignHost } from "../design.ts";
import { DESTINATION, isTcp, readdress } from "../readdress.ts";

/**
 * The connection that `m`, a SYN-ACK from a unicast address, answers: one whose SYN went to a shared
 * address and is acknowledged by it is given the new peer (RFC 1546, "How UDP and TCP use Anycasting").
 */
function rebind(tcp: Tcp, services: ReadonlySet<number>, m: Mbuf): void {
  const { view, off } = m;
  const at = off + headerLength(view, off);
  if ((flags(view, at) & (TH_SYN | TH_ACK)) !== (TH_SYN | TH_ACK)) return;
  const peer = source(view, off);
  if (services.has(peer)) return;
  const local = destination(view, off);
  const localPort = destinationPort(view, at);
  const peerPort = sourcePort(view, at);
  for (const service of services) {
    const tcb = tcp.table.find(local, localPort, service, peerPort);
    if (tcb?.state !== SYN_SENT || (acknowledgment(view, at) | 0) !== ((tcb.iss + 1) | 0)) continue;
    tcp.table.remove(tcb);
    tcb.remote = peer;
    tcp.table.connect(tcb);
    return;
  }
}

export const rfc1546: Design = {
  name: "rfc1546",
  summary: "the SYN-ACK comes from the unicast address, the client's TCP rebinds (RFC 1546)",
  server: {},
  changeServer(host: DesignHost) {
    const { door, services, unicast } = host;
    host.door = {
      receive(m) {
        // TCP has it for a segment to the unicast address from here on.
        if (isTcp(m) && services.has(destination(m.view, m.off))) {
          readdress(m, DESTINATION, unicast);
        }
        door.receive(m);
      },
    };
  },
  changeClient(host: DesignHost) {
    const { door, services, tcp, stack } = host;
    if (stack.config.client !== "engel") return;
    host.door = {
      receive(m) {
        if (isTcp(m)) rebind(tcp, services, m);
        door.receive(m);
      },
    };
  },
};
