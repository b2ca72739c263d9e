/** Our hosts on the wire. Each has its own way with TCP, so that Linux meets them all. */
import { SECOND } from "../../../stack/clock.ts";
import { In6Addr } from "../../../stack/ip6/in6-addr.ts";
import type { MbufPool } from "../../../stack/mbuf.ts";
import { Stack, type StackOptions } from "../../../stack/stack.ts";
import { Tcp, type TcpOptionsForStack } from "../../../stack/tcp/tcp.ts";
import { ip } from "../../support/ip-packet.ts";
import { testRandom } from "../../support/random.ts";
import type { RealClock } from "./real-clock.ts";
import type { Wire } from "./wire.ts";

/** Linux's addresses on the wire, and behind it as a router. */
export const LINUX = "10.77.0.1";
export const LINUX6 = "2001:db8:77::1";

export interface OurHost {
  name: string;
  address: string;
  address6: string;
  stack: Stack;
  tcp: Tcp;
}

/** Short TIME-WAITs: a scene waits for the last of them. */
const COMMON: TcpOptionsForStack = { msl: SECOND / 2 };

export const VARIANTS: Readonly<Record<string, TcpOptionsForStack>> = {
  cubic: { receiveBuffer: 262_144, sendBuffer: 262_144 },
  reno: { congestion: "reno", ecn: "request" },
  "no SACK": { sack: false, receiveBuffer: 200_000 },
  "no options": { sack: false, timestamps: false, windowScale: false, congestion: "reno" },
  "small buffers": { sendBuffer: 8192, receiveBuffer: 8192, timestamps: false },
  cookies: { synCookies: "always", congestion: "reno" },
  "no delayed ACK": {
    delayedAck: 0,
    nagle: false,
    receiveBuffer: 1_000_000,
    sendBuffer: 1_000_000,
  },
};

export interface HostOptions {
  name: string;
  /** The last byte of its addresses, 2 to 254. */
  number: number;
  seed: number;
  tcp?: TcpOptionsForStack;
  stack?: Partial<StackOptions>;
  /** An address shared with others, beside its own. */
  anycast?: string;
}

/** Puts a host on the wire; everything that is not a neighbour is behind Linux. */
export function addHost(
  wire: Wire,
  clock: RealClock,
  pool: MbufPool,
  options: HostOptions,
): OurHost {
  const { name, number, seed } = options;
  const address = `10.77.0.${number}`;
  const address6 = `2001:db8:77::${number.toString(16)}`;
  const addresses = [
    { address: ip(address), prefixLength: 24 },
    { address: In6Addr.parse(address6), prefixLength: 64 },
  ];
  const anycast = options.anycast
    ? [{ address: ip(options.anycast), prefixLength: 32, anycast: true }]
    : [];
  const stack = new Stack({
    name,
    clock,
    pool,
    random: testRandom(seed * 1000 + number),
    interfaces: [{ name: "if0", device: wire, addresses: [...addresses, ...anycast] }],
    routes: [
      { prefix: 0, prefixLength: 0, gateway: ip(LINUX) },
      { prefix: new In6Addr(0, 0, 0, 0), prefixLength: 0, gateway: In6Addr.parse(LINUX6) },
    ],
    ...options.stack,
  });
  const tcp = new Tcp(stack, { ...COMMON, ...options.tcp });
  const port = stack.interfaceNamed("if0");
  wire.attach(ip(address), stack, port);
  wire.attach(In6Addr.parse(address6).w3, stack, port);
  return { name, address, address6, stack, tcp };
}
