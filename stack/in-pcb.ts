/**
 * Endpoints and the tables that find them (4.4BSD's `in_pcb.c`).
 *
 * An endpoint is one side of a conversation: a local and a remote address and port. TCP's control
 * block and UDP's extend it, and each protocol of a stack has a table of its own. Looking one up
 * for a packet reads the addresses where they stand in the packet and makes nothing.
 */

import { makeSendState, type SendState } from "./ip/send-options.ts";
import { type Address, IN6_ANY, sameAddress } from "./ip6/in6-addr.ts";

/** `Endpoint.chain` of an endpoint that no table holds, and of one that is bound only. */
const NOWHERE = -1;
const BOUND = -2;

/** One side of a conversation; unbound and unconnected to begin with. */
export class Endpoint {
  family: 4 | 6 = 4;
  /** 0 or `::` stands for any address of this host. */
  local: Address = 0;
  localPort = 0;
  remote: Address = 0;
  /** 0 while there is no peer. */
  remotePort = 0;
  /** IP options and route of what it sends. */
  ip: SendState = makeSendState();
  /** SO_REUSEADDR, SO_REUSEPORT: what `bind` may share; see `EndpointTable.bindConflict`. */
  reuseAddress = false;
  reusePort = false;
  /** Takes packets though it has no peer; a stream socket does from `listen` on. */
  receptive = true;
  /** Links and place of the hash chain it is in; they belong to the table. */
  chainNext: Endpoint | null = null;
  chainPrevious: Endpoint | null = null;
  chain = NOWHERE;

  /** Makes it an IPv6 endpoint with no addresses yet. */
  setAnyV6(): void {
    this.family = 6;
    this.local = IN6_ANY;
    this.remote = IN6_ANY;
  }
}

/** True for the address that stands for every address of its family. */
export const isAnyAddress = (a: Address): boolean =>
  typeof a === "number" ? a === 0 : a.equals(IN6_ANY);

function mix(a: number, b: number): number {
  const h = Math.imul(a ^ (b >>> 15) ^ b, 0x2c1b3c6d);
  const k = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return k ^ (k >>> 15);
}

function hashAddress(a: Address): number {
  return typeof a === "number" ? a | 0 : mix(a.w0 ^ a.w2, a.w1 ^ a.w3);
}

function hashAt(view: DataView, at: number, family: number): number {
  if (family === 4) return view.getInt32(at);
  return mix(
    view.getInt32(at) ^ view.getInt32(at + 8),
    view.getInt32(at + 4) ^ view.getInt32(at + 12),
  );
}

function addressIsAt(a: Address, view: DataView, at: number): boolean {
  return typeof a === "number" ? view.getUint32(at) === a : a.equalsAt(view, at);
}

export class EndpointTable<E extends Endpoint> {
  /** Connected endpoints in it. */
  connected = 0;
  private chains: (Endpoint | null)[] = new Array(64).fill(null);
  /** Bound but unconnected endpoints, by local port. */
  private readonly bound = new Map<number, E[]>();

  /** Enters an endpoint that has a peer; its addresses and ports must not change from here. */
  connect(e: E): void {
    this.remove(e);
    if (this.connected >= this.chains.length) this.grow();
    this.link(e);
    this.connected++;
  }

  /** Enters an endpoint that has a local port only. */
  bind(e: E): void {
    this.remove(e);
    e.chain = BOUND;
    const sharers = this.bound.get(e.localPort);
    if (sharers) sharers.push(e);
    else this.bound.set(e.localPort, [e]);
  }

  /** Takes it out of the table; harmless when it is in none. */
  remove(e: E): void {
    if (e.chain === NOWHERE) return;
    if (e.chain === BOUND) {
      const left = (this.bound.get(e.localPort) ?? []).filter((other) => other !== e);
      if (left.length > 0) this.bound.set(e.localPort, left);
      else this.bound.delete(e.localPort);
    } else {
      if (e.chainPrevious) e.chainPrevious.chainNext = e.chainNext;
      else this.chains[e.chain] = e.chainNext;
      if (e.chainNext) e.chainNext.chainPrevious = e.chainPrevious;
      e.chainNext = null;
      e.chainPrevious = null;
      this.connected--;
    }
    e.chain = NOWHERE;
  }

  /** The endpoint connected so, or null. */
  find(local: Address, localPort: number, remote: Address, remotePort: number): E | null {
    const h = mix(hashAddress(remote) ^ (remotePort << 16), hashAddress(local) ^ localPort);
    for (let e = this.chains[h & (this.chains.length - 1)]; e; e = e.chainNext) {
      if (
        e.localPort === localPort &&
        e.remotePort === remotePort &&
        sameAddress(e.local, local) &&
        sameAddress(e.remote, remote)
      ) {
        return e as E;
      }
    }
    return null;
  }

  /**
   * The endpoint that a packet's addresses, 4 or 16 bytes at `localAt` and `remoteAt`, and ports
   * belong to: the connected one. Null when there is none; see `listening`.
   */
  lookup(
    view: DataView,
    family: number,
    localAt: number,
    localPort: number,
    remoteAt: number,
    remotePort: number,
  ): E | null {
    const h = mix(
      hashAt(view, remoteAt, family) ^ (remotePort << 16),
      hashAt(view, localAt, family) ^ localPort,
    );
    for (let e = this.chains[h & (this.chains.length - 1)]; e; e = e.chainNext) {
      if (
        e.localPort === localPort &&
        e.remotePort === remotePort &&
        e.family === family &&
        addressIsAt(e.remote, view, remoteAt) &&
        addressIsAt(e.local, view, localAt)
      ) {
        return e as E;
      }
    }
    return null;
  }

  /** The receptive endpoint bound to the address at `localAt`, else to any address, and the port. */
  listening(view: DataView, family: number, localAt: number, localPort: number): E | null {
    const sharers = this.bound.get(localPort);
    if (!sharers) return null;
    let best: E | null = null;
    for (const e of sharers) {
      if (e.family !== family || !e.receptive) continue;
      if (isAnyAddress(e.local)) best ??= e;
      else if (addressIsAt(e.local, view, localAt)) return e;
    }
    return best;
  }

  /**
   * True when `e` may not be bound to `local`:`port`. As in BSD, two may share a port when their
   * addresses differ and neither is the wildcard; with SO_REUSEADDR on both, when the addresses
   * differ at all, and beside connections; with SO_REUSEPORT on both, always.
   */
  bindConflict(e: E, local: Address, port: number): boolean {
    for (const other of this.bound.get(port) ?? []) {
      if (other === e || other.family !== e.family) continue;
      if (e.reusePort && other.reusePort) continue;
      if (sameAddress(other.local, local)) return true;
      const wildcard = isAnyAddress(other.local) || isAnyAddress(local);
      if (wildcard && !(e.reuseAddress && other.reuseAddress)) return true;
    }
    if (e.reuseAddress || e.reusePort) return false;
    return this.anyConnected(local, port, e.family);
  }

  /** True when something unconnected is bound to `port`. */
  isBound(port: number): boolean {
    return this.bound.has(port);
  }

  /** Calls `visit` with every endpoint, connected ones first; it may remove the one it is given. */
  forEach(visit: (e: E) => void): void {
    for (const head of this.chains) {
      for (let e = head; e; ) {
        const next: Endpoint | null = e.chainNext;
        visit(e as E);
        e = next;
      }
    }
    for (const sharers of [...this.bound.values()]) for (const e of sharers.slice()) visit(e);
  }

  private anyConnected(local: Address, port: number, family: number): boolean {
    if (this.connected === 0) return false;
    for (const head of this.chains) {
      for (let e = head; e; e = e.chainNext) {
        if (e.localPort !== port || e.family !== family) continue;
        if (isAnyAddress(local) || sameAddress(e.local, local)) return true;
      }
    }
    return false;
  }

  private link(e: Endpoint): void {
    const h = mix(hashAddress(e.remote) ^ (e.remotePort << 16), hashAddress(e.local) ^ e.localPort);
    const chain = h & (this.chains.length - 1);
    const head = this.chains[chain];
    e.chain = chain;
    e.chainNext = head;
    e.chainPrevious = null;
    if (head) head.chainPrevious = e;
    this.chains[chain] = e;
  }

  private grow(): void {
    const old = this.chains;
    this.chains = new Array(old.length * 4).fill(null);
    for (const head of old) {
      for (let e = head; e; ) {
        const next: Endpoint | null = e.chainNext;
        this.link(e);
        e = next;
      }
    }
  }
}
