/** A received datagram as its user sees it. */
import { routeHop, visitedHops } from "../../ipopts/source-route.ts";
import { sourceRouteAt } from "../ip/header-scratch.ts";
import { type Address, In6Addr } from "../ip6/in6-addr.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import { headerLength } from "../wire/ipv4.ts";
import type { Datagram } from "./udp.ts";

const NOTHING = new Uint8Array(0);

/** Copies what fits of `m`'s data into `into` and tells the rest about it. */
export function describeDatagram(stack: Stack, m: Mbuf, into: Uint8Array): Datagram {
  const { view, ipAt } = m;
  const count = Math.min(into.length, m.len);
  into.set(m.bytes.subarray(m.off, m.off + count));
  const read = (at: number): Address =>
    m.family === 4 ? view.getUint32(at) : In6Addr.read(view, at);
  const header = m.family === 4 ? headerLength(view, ipAt) : 20;
  return {
    count,
    length: m.len,
    address: read(m.sourceAt),
    port: view.getUint16(m.off - 8),
    destination: read(m.destinationAt),
    options: header > 20 ? m.bytes.slice(ipAt + 20, ipAt + header) : NOTHING,
    returnRoute: header > 20 ? returnRoute(stack, m, header) : NOTHING,
  };
}

function returnRoute(stack: Stack, m: Mbuf, header: number): Uint8Array {
  const { view, ipAt } = m;
  const at = sourceRouteAt(stack.scratch.walk, view, ipAt + 20, header - 20);
  const hops = at < 0 ? 0 : visitedHops(view, at);
  if (hops <= 0) return NOTHING;
  const bytes = new Uint8Array(4 + 4 * hops);
  const out = new DataView(bytes.buffer);
  bytes.set([view.getUint8(at), 3 + 4 * hops, 4]);
  for (let i = 0; i < hops; i++) out.setUint32(3 + 4 * i, routeHop(view, at, hops - 1 - i));
  return bytes;
}
