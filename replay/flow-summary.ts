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

/** `192.0.2.1:80/tcp`, `[2001:db8::1]:53/udp`: the address is in four words at `at`. */
function serviceName(words: Uint32Array, at: number, port: number, udp: boolean): string {
  const address = formatWords(words[at], words[at + 1], words[at + 2], words[at + 3]);
  const host = address.includes(":") ? `[${address}]` : address;
  return `${host}:${port}/${udp ? "udp" : "tcp"}`;
}

export class FlowSummary {
  readonly #tcp = emptyProtocol();
  readonly #udp = emptyProtocol();
  /** By a number for IPv4, which costs no text for each connection, else by name. */
  readonly #services = new Map<number | string, ServiceFacts>();
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
    const { server } = rows;
    const at = 4 * row;
    const port = rows.serverPort[row];
    const isV4 = server[at] === 0 && server[at + 1] === 0 && server[at + 2] === 0xffff;
    const key = isV4
      ? (server[at + 3] * 0x10000 + port) * 2 + (udp ? 1 : 0)
      : serviceName(server, at, port, udp);
    const known = this.#services.get(key);
    if (known) return known;
    if (this.#services.size === MOST_SERVICES) {
      this.#unlisted++;
      return null;
    }
    const name = serviceName(server, at, port, udp);
    const service = { name, connections: 0, bytes: 0 };
    this.#services.set(key, service);
    return service;
  }
}
