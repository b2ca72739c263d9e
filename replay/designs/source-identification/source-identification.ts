/**
 * The option of M. Shand and M. Thomas ("Multi-homed Host Support in IPv6", Internet-Draft, 1996),
 * which the paper names beside its own: a host sends from whichever of its addresses packets are to
 * come back to, and an option says which address the connection knows it by. The draft is for IPv6,
 * has expired, and is modelled here in IPv4 by its idea rather than its words:
 *
 * - Servers send from their unicast address. The option is `type 158, length 8, two zero bytes, the
 *   shared address`: an experimental number (RFC 4727) whose copied bit puts it into every fragment.
 * - Transports at both ends know the shared address alone. Below them the client's IP puts it back
 *   as source, and sends what goes to it to the flow's unicast address; the server's IP readdresses
 *   that again. Transport checksums are kept right for the addresses on the wire. Both ends remember
 *   flows (`FlowMap`), routers nothing.
 * - The first answer binds a flow, a SYN unbinds it. Fragments that a client makes have no ports to
 *   know their flow by, and go to the shared address.
 *
 * Both kernels have to be changed. Clients of profile `engel` stand for those that are; any other
 * ignores the option (RFC 1122 section 3.2.1.8) and sees a stranger's answer. Against the paper's pin
 * it costs as many bytes from the server, none from the client, and memory at both ends.
 */
import type { Stack } from "../../../stack/stack.ts";
import type { Design } from "../design.ts";
import { IdentifiedClient } from "./client.ts";
import { OPTION_LENGTH } from "./option.ts";
import { IdentifyingServer } from "./server.ts";

/** One for each host, whatever the number of its interfaces. */
const servers = new WeakMap<Stack, IdentifyingServer>();

export const sourceIdentification: Design = {
  name: "source-identification",
  summary: "servers send from their own address, an IP option names the shared one",
  server: {},
  changeServer(host) {
    const { stack, unicast, services } = host;
    // By the first interface requests come, and its address is the one that clients can reach.
    const server = servers.get(stack) ?? new IdentifyingServer(stack.clock, unicast, services);
    servers.set(stack, server);
    for (const out of stack.interfaces) if (out.unicast === unicast) out.mtu -= OPTION_LENGTH;
    host.device = server.before(host.device);
    host.door = server.behind(host.door);
  },
  changeClient(host) {
    if (host.stack.config.client !== "engel") return;
    const client = new IdentifiedClient(host.stack.clock, host.services);
    host.device = client.before(host.device);
    host.door = client.behind(host.door);
  },
};
