/**
 * Watches packets at the doors of servers and clients, and holds them against who holds the
 * connection they belong to.
 */
import type { Mbuf } from "../../stack/mbuf.ts";
import { destination, headerLength, IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { PacketFields } from "../network/packet-fields.ts";
import { isNode } from "./addressing.ts";
import type { Connection } from "./connection.ts";
import { ANY_SERVER, type FlowTable } from "./flow-table.ts";
import type { OutcomeCounter } from "./outcome.ts";

export class Observer {
  private readonly flows: FlowTable;
  private readonly counter: OutcomeCounter;
  private readonly firstReached: (connection: Connection) => void;
  private readonly fields = new PacketFields();
  /** Packets of connections are kept as evidence. */
  keeping = false;

  /** `firstReached` is told when a connection's first packet has come to a server. */
  constructor(
    flows: FlowTable,
    counter: OutcomeCounter,
    firstReached: (connection: Connection) => void,
  ) {
    this.flows = flows;
    this.counter = counter;
    this.firstReached = firstReached;
  }

  /** A packet has come to a server. */
  atServer(server: number, m: Mbuf, now: number): void {
    this.counter.packets++;
    const { fields } = this;
    if (!fields.read(m)) return;
    const connection = this.connectionTo(fields);
    if (!connection) return;
    if (this.keeping) connection.evidence?.add(now, `server ${server + 1}`, false, m);
    if (fields.isError) {
      if (connection.holder !== server) this.counter.misdeliveredIcmp++;
      return;
    }
    if (connection.firstServer < 0) {
      connection.firstServer = server;
      connection.holder = server;
      this.firstReached(connection);
    } else if (connection.holder !== server) {
      this.astray(connection);
    }
    if (connection.pinnedAt < 0 && isNode(destination(m.view, m.off))) connection.pinnedAt = now;
  }

  /** A packet has come to the clients. */
  atClient(m: Mbuf, now: number): void {
    this.counter.packets++;
    if (this.keeping) this.keep("client", m, now, false);
  }

  /** A host has sent a packet. */
  sent(place: string, m: Mbuf, now: number): void {
    this.counter.optionBytes += headerLength(m.view, m.off) - 20;
    if (this.keeping) this.keep(place, m, now, true);
  }

  private astray(connection: Connection): void {
    if (this.fields.opens) {
      this.counter.splitSyns++;
      connection.splits++;
      return;
    }
    this.counter.pccViolations++;
    connection.violations++;
  }

  private connectionTo(fields: PacketFields): Connection | null {
    const { protocol, source, sourcePort, destinationPort } = fields;
    const server = isNode(fields.destination) ? ANY_SERVER : fields.destination;
    return this.flows.find(protocol, source, sourcePort, server, destinationPort);
  }

  private keep(place: string, m: Mbuf, now: number, sent: boolean): void {
    const { fields } = this;
    if (!fields.read(m)) return;
    const fromClient = (place === "client") === sent;
    const client = fromClient ? fields.source : fields.destination;
    const port = fromClient ? fields.sourcePort : fields.destinationPort;
    const other = fromClient ? fields.destinationPort : fields.sourcePort;
    const protocol = fields.protocol || IPPROTO_UDP;
    const connection = this.flows.find(protocol, client, port, ANY_SERVER, other);
    connection?.evidence?.add(now, place, sent, m);
  }
}
