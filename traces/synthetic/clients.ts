/**
 * Who connects. Two published points fix how the number of distinct clients grows with the number
 * of connections: 32,000 in 1,650,103 and 721,417 in 60 million, so clients(n) ∝ n^0.867 (Heaps'
 * law through both). A connection that does not bring the next new client repeats that of one of
 * the last few thousand connections (Simon's copying model, which makes popularity a power law and
 * keeps a client's visits together), or now and then of anyone seen so far.
 */

import type { RandomStream } from "../random.ts";
import { THREE_HOURS, TRACE_CLIENTS, TRACE_CONNECTIONS } from "./olympic96-facts.ts";

const EXPONENT =
  Math.log(TRACE_CLIENTS / THREE_HOURS.hosts) /
  Math.log(TRACE_CONNECTIONS / THREE_HOURS.connections);
/** Connections whose clients are at hand for repeating; a power of two. */
const RECENT = 1 << 15;
/** One repeat in so many is of anyone seen so far. */
const RETURNING = 50;
/** All unprivileged ports: proxies of the time needed more than the 3,977 of a BSD host. */
const FIRST_PORT = 1024;
const PORTS = 64_512;
/** Odd, so that numbers map one to one to addresses of 10.0.0.0/8. */
const SPREAD = 0x9e3779;
/** Its inverse modulo 2^24. */
const UNSPREAD = 0xb382c9;

export class Clients {
  /** Distinct clients so far. */
  count = 0;
  private connections = 0;
  private readonly random: RandomStream;
  private readonly recent = new Uint32Array(RECENT);
  private readonly ports: Uint16Array;

  /** For at most `connections` calls of `next`. */
  constructor(connections: number, random: RandomStream) {
    this.random = random;
    this.ports = new Uint16Array(distinctClients(connections) + 1);
  }

  /** Number of the client that opens the next connection, from 0 in order of appearance. */
  next(): number {
    const n = this.connections++;
    let client: number;
    if (this.count < distinctClients(n + 1)) client = this.count++;
    else if (this.random.below(RETURNING) === 0) client = this.random.below(this.count);
    else client = this.recent[this.random.below(Math.min(n, RECENT))];
    this.recent[n & (RECENT - 1)] = client;
    return client;
  }

  /** The client's next port. */
  port(client: number): number {
    const turn = this.ports[client];
    this.ports[client] = turn + 1 === PORTS ? 0 : turn + 1;
    // Hosts do not all begin at the same port.
    return FIRST_PORT + ((turn + client * 7) % PORTS);
  }
}

/** Clients seen in the first `connections` connections. */
export function distinctClients(connections: number): number {
  return Math.ceil(TRACE_CLIENTS * (connections / TRACE_CONNECTIONS) ** EXPONENT);
}

/** The client whose address this is. */
export function clientOf(address: number): number {
  return (Math.imul(address, UNSPREAD) & 0xffffff) - 1;
}

/** The client's IPv4 address as a number, in 10.0.0.0/8. */
export function clientAddress(client: number): number {
  return 0x0a000000 + (Math.imul(client + 1, SPREAD) & 0xffffff);
}
