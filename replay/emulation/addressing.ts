/**
 * Addresses of the virtual network. Clients and services keep the addresses they were recorded with,
 * so that a capture written here can be laid beside the one that was read. What cannot be kept gets
 * a stand-in: IPv6 addresses (a source route pins IPv4 only), addresses that no host may have, and
 * those of hosts that are a client of one service and a service themselves at the same time.
 *
 * Stand-ins come from 100.64/10 (RFC 6598), the network's own nodes from 198.18/15 (RFC 2544).
 */
import { isBadSource } from "../../stack/ip/addresses.ts";
import type { ConnectionColumns } from "../../traces/connection.ts";
import { fate } from "../network/option-filter.ts";
import type { FlowTable } from "./flow-table.ts";

const MAPPED = 0xffff;
const NODES = 0xc6120000;
const STAND_INS = 0x64400000;
/** The upper part of 100.64/10 stands in for services. */
const SERVICE_STAND_INS = 0x647f0000;
const CLIENT_STAND_INS = SERVICE_STAND_INS - STAND_INS;

/** True for addresses of the network's own nodes. */
export const isNode = (address: number): boolean => (address & 0xfffe0000) >>> 0 === NODES;

/** A server's unicast address on the segment: 0 for the one its requests come by. */
export const serverAddress = (server: number, segment = 0): number =>
  NODES + segment * 0x8000 + server + 1;

/** The address of router `index` on the segment, and towards the clients. */
export const routerAddress = (index: number, segment = 0): number =>
  NODES + 0x1f000 + segment * 0x100 + index + 1;

/** A client population's own address. */
export const populationAddress = (index: number): number => NODES + 0x1fe00 + index + 1;

export class Addressing {
  /** Addresses that the servers share. */
  readonly services = new Set<number>();
  /** Connections whose client or service got a stand-in. */
  standIns = 0;
  private readonly serviceStandIns = new Map<string, number>();
  private readonly flows: FlowTable;
  private readonly isBusy: (
    protocol: number,
    c: number,
    cp: number,
    s: number,
    sp: number,
  ) => boolean;

  /** `isBusy`: whether an end of such a connection is still there, in TIME-WAIT for instance. */
  constructor(flows: FlowTable, isBusy: Addressing["isBusy"]) {
    this.flows = flows;
    this.isBusy = isBusy;
  }

  /** The service address of a connection; `services` has it from here on. */
  serverOf(rows: ConnectionColumns, row: number): number {
    const at = 4 * row;
    const address = plainV4(rows.server, at);
    if (this.services.has(address)) return address;
    const kept = isOrdinary(address) && !this.flows.hasClient(address);
    const chosen = kept ? address : this.serviceStandIn(rows.server.subarray(at, at + 4).join("."));
    this.services.add(chosen);
    return chosen;
  }

  /** The client address of a connection to `server`, free for its port. */
  clientOf(rows: ConnectionColumns, row: number, server: number): number {
    const at = 4 * row;
    const address = plainV4(rows.client, at);
    const protocol = rows.protocol[row];
    const clientPort = rows.clientPort[row];
    const serverPort = rows.serverPort[row];
    const isFree = (candidate: number) =>
      !this.flows.find(protocol, candidate, clientPort, server, serverPort) &&
      !this.isBusy(protocol, candidate, clientPort, server, serverPort);
    if (isOrdinary(address) && !this.services.has(address) && isFree(address)) return address;
    this.standIns++;
    const words = rows.client;
    const mixed = words[at] ^ Math.imul(words[at + 1], 31) ^ Math.imul(words[at + 2], 961);
    const first = Math.floor(fate(words[at + 3], mixed) * CLIENT_STAND_INS);
    for (let i = 0; i < CLIENT_STAND_INS; i++) {
      const candidate = STAND_INS + ((first + i) % CLIENT_STAND_INS);
      if (isFree(candidate)) return candidate;
    }
    return STAND_INS + first;
  }

  /** Whether a client may have the address: true for all that are nobody else's. */
  isClient(address: number): boolean {
    return !isNode(address) && !this.services.has(address);
  }

  private serviceStandIn(name: string): number {
    const known = this.serviceStandIns.get(name);
    if (known !== undefined) return known;
    const address = SERVICE_STAND_INS + (this.serviceStandIns.size % 0x10000);
    this.serviceStandIns.set(name, address);
    return address;
  }
}

/** The IPv4 address at four words, 0 for an IPv6 one. */
function plainV4(words: Uint32Array, at: number): number {
  const isV4 = (words[at] | words[at + 1]) === 0 && words[at + 2] === MAPPED;
  return isV4 ? words[at + 3] : 0;
}

function isOrdinary(address: number): boolean {
  if (isBadSource(address) || isNode(address)) return false;
  return (address & 0xffc00000) >>> 0 !== STAND_INS;
}
