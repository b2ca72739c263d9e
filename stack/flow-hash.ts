/**
 * Equal-cost multipath as routers do it (RFC 2992): a hash of addresses, protocol and ports picks
 * the next hop, so that a flow keeps its path while the set of next hops is unchanged.
 */
import type { Mbuf } from "./mbuf.ts";
import type { NextHop, NextHopChooser } from "./route-table.ts";
import type { Stack } from "./stack.ts";
import {
  fragmentWord,
  headerLength,
  IP_MF,
  IP_OFFSET_MASK,
  protocol,
  version,
} from "./wire/ipv4.ts";
import { nextHeader } from "./wire/ipv6.ts";

const mix = (hash: number, word: number): number => {
  const h = Math.imul(hash ^ word, 0x9e3779b1);
  return h ^ (h >>> 15);
};

const hasPorts = (number: number): boolean => number === 6 || number === 17;

/** A 32-bit hash of the flow of the packet at `m.ipAt`; ports count only in whole datagrams. */
function flowHash(m: Mbuf, seed: number): number {
  const { view, ipAt: at } = m;
  let hash = seed;
  if (version(view, at) === 6) {
    for (let i = 8; i < 40; i += 4) hash = mix(hash, view.getUint32(at + i));
    const next = nextHeader(view, at);
    hash = mix(hash, next);
    if (hasPorts(next)) hash = mix(hash, view.getUint32(at + 40));
  } else {
    hash = mix(mix(hash, view.getUint32(at + 12)), view.getUint32(at + 16));
    hash = mix(hash, protocol(view, at));
    const whole = (fragmentWord(view, at) & (IP_MF | IP_OFFSET_MASK)) === 0;
    if (whole && hasPorts(protocol(view, at))) {
      hash = mix(hash, view.getUint32(at + headerLength(view, at)));
    }
  }
  return (hash ^ (hash >>> 13)) >>> 0;
}

export class FlowHash implements NextHopChooser {
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  choose(_stack: Stack, hops: readonly NextHop[], m: Mbuf): number {
    return flowHash(m, this.seed) % hops.length;
  }
}
