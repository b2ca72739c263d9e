/**
 * The connections that are open, found by the addresses and ports of a packet.
 *
 * Chained hashing, the chains through the connections themselves. The server's address is compared
 * but not hashed, so that a connection is found, too, by what it is to a server under its own
 * unicast address.
 */
import type { Connection } from "./connection.ts";

/** Stands for every server address. */
export const ANY_SERVER = -1;

export class FlowTable {
  size = 0;
  private heads: (Connection | null)[] = new Array(1024).fill(null);

  add(connection: Connection): void {
    if (this.size >= this.heads.length) this.grow();
    this.link(connection);
    this.size++;
  }

  remove(connection: Connection): void {
    const chain = this.chainOf(connection);
    let before: Connection | null = null;
    for (let at = this.heads[chain]; at; before = at, at = at.nextInChain) {
      if (at !== connection) continue;
      if (before) before.nextInChain = at.nextInChain;
      else this.heads[chain] = at.nextInChain;
      at.nextInChain = null;
      this.size--;
      return;
    }
  }

  find(
    protocol: number,
    client: number,
    clientPort: number,
    server: number,
    serverPort: number,
  ): Connection | null {
    const chain = hash(protocol, client, clientPort, serverPort) & (this.heads.length - 1);
    for (let at = this.heads[chain]; at; at = at.nextInChain) {
      if (
        at.client === client &&
        at.clientPort === clientPort &&
        at.serverPort === serverPort &&
        at.protocol === protocol &&
        (at.server === server || server === ANY_SERVER)
      ) {
        return at;
      }
    }
    return null;
  }

  /** Whether a client with that address has a connection. Walks over all. */
  hasClient(address: number): boolean {
    for (const head of this.heads) {
      for (let at = head; at; at = at.nextInChain) if (at.client === address) return true;
    }
    return false;
  }

  /** Calls `visit` with each; it may remove the one it is given. */
  forEach(visit: (connection: Connection) => void): void {
    for (const head of this.heads) {
      for (let at = head; at; ) {
        const next: Connection | null = at.nextInChain;
        visit(at);
        at = next;
      }
    }
  }

  private chainOf(c: Connection): number {
    return hash(c.protocol, c.client, c.clientPort, c.serverPort) & (this.heads.length - 1);
  }

  private link(connection: Connection): void {
    const chain = this.chainOf(connection);
    connection.nextInChain = this.heads[chain];
    this.heads[chain] = connection;
  }

  private grow(): void {
    const old = this.heads;
    this.heads = new Array(4 * old.length).fill(null);
    for (const head of old) {
      for (let at = head; at; ) {
        const next: Connection | null = at.nextInChain;
        this.link(at);
        at = next;
      }
    }
  }
}

function hash(protocol: number, client: number, clientPort: number, serverPort: number): number {
  let h = Math.imul(client ^ (clientPort << 16) ^ serverPort ^ (protocol << 8), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ clientPort, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
