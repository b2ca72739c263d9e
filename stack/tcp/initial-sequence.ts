/**
 * Initial sequence numbers (RFC 6528): a clock of 4 microseconds plus a keyed hash of the addresses
 * and ports; and the keyed hash that timestamps' offsets and SYN cookies use too.
 */
import type { Endpoint } from "../in-pcb.ts";
import type { Address } from "../ip6/in6-addr.ts";
import type { Stack } from "../stack.ts";
import { SipHash } from "./siphash.ts";

/** Supplies the initial sequence number of a connection whose endpoint is complete. */
export type IssGenerator = (endpoint: Endpoint) => number;

const TICK_NS = 4_000;

export class InitialSequence {
  private readonly stack: Stack;
  private readonly hash: SipHash;
  private readonly generator: IssGenerator | undefined;

  constructor(stack: Stack, generator: IssGenerator | undefined) {
    this.stack = stack;
    this.generator = generator;
    this.hash = new SipHash(stack.random.word(), stack.random.word());
  }

  /** The initial sequence number for `e`, as a signed 32-bit number. */
  iss(e: Endpoint): number {
    if (this.generator) return this.generator(e) | 0;
    const clock = Math.floor(this.stack.clock.now() / TICK_NS) % 0x100000000;
    return (this.keyed(e, 0) + clock) | 0;
  }

  /** The offset of timestamps to this peer, so that they do not tell how long this host is up. */
  timestampOffset(e: Endpoint): number {
    return this.generator ? 0 : this.keyed(e, 0x7473);
  }

  /** A keyed hash of addresses, ports and `extra`, as a signed 32-bit number. */
  keyed(e: Endpoint, extra: number): number {
    this.hash.begin();
    this.address(e.local);
    this.address(e.remote);
    this.hash.word((e.localPort << 16) | e.remotePort);
    this.hash.word(extra);
    return this.hash.end();
  }

  private address(a: Address): void {
    if (typeof a === "number") {
      this.hash.word(a | 0);
      return;
    }
    this.hash.word(a.w0 | 0);
    this.hash.word(a.w1 | 0);
    this.hash.word(a.w2 | 0);
    this.hash.word(a.w3 | 0);
  }
}
