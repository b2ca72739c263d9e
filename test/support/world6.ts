/** World W with IPv6: U6 and the anycast address A6 on if0, and a transport that writes down what it gets. */
import { In6Addr } from "../../stack/ip6/in6-addr.ts";
import type { Mbuf } from "../../stack/mbuf.ts";
import type { Stack, StackOptions } from "../../stack/stack.ts";
import { toHex } from "./ip-packet.ts";
import { ip6Packet } from "./ip6-packet.ts";
import { worldW } from "./world-w.ts";

export const A6 = "2001:db8:a::9";
export const C6 = "2001:db8:c::1";
export const U6 = "2001:db8:100::7";
export const G6 = "2001:db8:200::5";

/** A transport that writes down what it gets. */
class Recorder6 {
  readonly name = "upper";
  readonly seen: {
    source: string;
    destination: string;
    payload: string;
    destinationMtu: number;
  }[] = [];

  input(_stack: Stack, m: Mbuf): void {
    this.seen.push({
      source: In6Addr.read(m.view, m.sourceAt).toString(),
      destination: In6Addr.read(m.view, m.destinationAt).toString(),
      payload: toHex(m.bytes.slice(m.off, m.off + m.len)),
      destinationMtu: 0,
    });
    m.free();
  }

  ctlInput(_stack: Stack, error: { mtu: number; view: DataView; quotedDestinationAt: number }) {
    const destination = In6Addr.read(error.view, error.quotedDestinationAt).toString();
    this.seen.push({ source: "", destination, payload: "", destinationMtu: error.mtu });
    return true;
  }
}

export function world6(options: Partial<StackOptions> = {}) {
  const world = worldW(options);
  const { stack, if0, if1 } = world;
  stack.addAddress(if0, In6Addr.parse(U6), 64);
  stack.addAddress(if0, In6Addr.parse(A6), 128, true);
  stack.addAddress(if1, In6Addr.parse("2001:db8:200::7"), 64);
  stack.addRoute({
    prefix: In6Addr.parse("::"),
    prefixLength: 0,
    gateway: In6Addr.parse("2001:db8:100::1"),
  });
  const upper = new Recorder6();
  stack.register(6, upper);
  return { ...world, upper };
}

/** A packet from C6. */
export const from6 = (
  next: number,
  payload: string | Uint8Array,
  destination = U6,
  hopLimit = 64,
): Uint8Array => ip6Packet({ source: C6, destination, next, payload, hopLimit });

/** Type, code and the word behind, of the ICMPv6 error in `packet`. */
export const icmpOf6 = (packet: string): string =>
  `${Number.parseInt(packet.slice(80, 82), 16)}/${Number.parseInt(packet.slice(82, 84), 16)} ${Number.parseInt(packet.slice(88, 96), 16)}`;
