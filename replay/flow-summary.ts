/** What the connections of a trace come to, for `anypin flows` without `--json` or `--csv`. */
import { formatWords } from "../stack/wire/address.ts";
import { IPPROTO_UDP } from "../stack/wire/ipv4.ts";
import { CLOSE_NAMES, CONNECTION_MIDSTREAM, type ConnectionColumns } from "../traces/connection.ts";
import type { FlowFacts, ProtocolFacts, ServiceFacts } from "./report/flow-table.ts";

/** Services told apart; a scan of every port there is must not fill the memory. */
const MOST_SERVICES = 10_000;
const SHOWN_SERVICES = 10;

const emptyProtocol = (): ProtocolFacts => ({
  connections: 0,
  midstream: 0,
  clientBytes: 0,
  serverBytes: 0,
  closes: CLOSE_NAMES.map(() => 0),
});

export class FlowSummary {
  readonly #tcp = emptyProtocol();
  readonly #udp = emptyProtocol();
  readonly #services = new Map<string, ServiceFacts>();
  #unlisted = 0;

  /** Takes closed connections in. */
  add(rows: ConnectionColumns): void {
    for (let row = 0; row < rows.count; row++) {
      const udp = rows.protocol[row] === IPPROTO_UDP;
      const bytes = rows.clientBytes[row] + rows.serverBytes[row];
      const facts = udp ? this.#udp : this.#tcp;
      facts.connections++;
      facts.clientBytes += rows.clientBytes[row];
      facts.serverBytes += rows.serverBytes[row];
      facts.closes[rows.close[row]]++;
      if (rows.flags[row] & CONNECTION_MIDSTREAM) facts.midstream++;
      const service = this.#service(rows, row, udp);
      if (!service) continue;
      service.connections++;
      service.bytes += bytes;
    }
  }

  /** The sums, with the services that had most connections. */
  facts(): Pick<FlowFacts, "tcp" | "udp" | "services" | "unlisted"> {
    const services = [...this.#services.values()].sort(
      (a, b) => b.connections - a.connections || b.bytes - a.bytes,
    );
    const rest = services.slice(SHOWN_SERVICES);
    return {
      tcp: this.#tcp,
      udp: this.#udp,
      services: services.slice(0, SHOWN_SERVICES),
      unlisted: rest.reduce((sum, { connections }) => sum + connections, this.#unlisted),
    };
  }

  #service(rows: ConnectionColumns, row: number, udp: boolean): ServiceFacts | null {
    const [w0, w1, w2, w3] = rows.server.subarray(4 * row, 4 * row + 4);
    const address = formatWords(w0, w1, w2, w3);
    const host = address.includes(":") ? `[${address}]` : address;
    const name = `${host}:${rows.serverPort[row]}/${udp ? "udp" : "tcp"}`;
    const known = this.#services.get(name);
    if (known) return known;
    if (this.#services.size === MOST_SERVICES) {
      this.#unlisted++;
      return null;
    }
    const service = { name, connections: 0, bytes: 0 };
    this.#services.set(name, service);
    return service;
  }
}
