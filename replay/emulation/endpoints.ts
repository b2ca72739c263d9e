/** Which host of the network has which end of a connection. */
import type { Tcb } from "../../stack/tcp/tcb.ts";
import { IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { fate } from "../network/option-filter.ts";
import { serverAddress } from "./addressing.ts";
import type { Connection } from "./connection.ts";
import type { EmulationSettings } from "./settings.ts";
import type { Network } from "./wiring/network.ts";

/** The profile of a client, an index into `clients`: its address falls to one of them by weight. */
export function populationOf({ clients, seed }: EmulationSettings, address: number): number {
  if (clients.length === 1) return 0;
  let share = fate(address, Math.imul(seed, 0x9e3779b1) | 0);
  for (let i = 0; i < clients.length - 1; i++) {
    share -= clients[i].share;
    if (share < 0) return i;
  }
  return clients.length - 1;
}

export class Endpoints {
  private readonly settings: EmulationSettings;
  private readonly network: Network;

  constructor(settings: EmulationSettings, network: Network) {
    this.settings = settings;
    this.network = network;
  }

  /** Whether a client still has its end of such a connection, in TIME-WAIT for instance. */
  isBusy(protocol: number, c: number, cp: number, s: number, sp: number): boolean {
    const { populations, servers } = this.network;
    const host = populations[populationOf(this.settings, c)];
    const table = protocol === IPPROTO_UDP ? host.udp.table : host.tcp.table;
    if (table.find(c, cp, s, sp) !== null) return true;
    // Connections that have rebound stand under their server's own address.
    if (!this.settings.design.rebinds) return false;
    return servers.some((_, i) => table.find(c, cp, serverAddress(i), sp) !== null);
  }

  /**
   * The server whose SYN-ACK the client took, where a retransmitted SYN made a second one answer:
   * its initial sequence number tells. -1 when none has the connection any more.
   */
  holder({ client, clientPort, server, serverPort, socket }: Connection): number {
    if (!socket) return -1;
    const { irs } = socket.pcb as Tcb;
    return this.network.servers.findIndex(({ tcp }, i) =>
      [server, serverAddress(i)].some(
        (local) => tcp.table.find(local, serverPort, client, clientPort)?.iss === irs,
      ),
    );
  }
}
