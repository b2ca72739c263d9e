/**
 * World W of the paper's figures: a server with the anycast address A beside its own U (and, on a
 * second interface, U2), and a client C; in Figure 2 the client is one that the server reaches by
 * the second interface, while its own packets come in by the first.
 */
import { MICROSECOND, type Random } from "../../stack/clock.ts";
import { MbufPool } from "../../stack/mbuf.ts";
import { Stack } from "../../stack/stack.ts";
import { Tcp, type TcpOptionsForStack } from "../../stack/tcp/tcp.ts";
import { TimerWheel } from "../../stack/timer-wheel.ts";
import { formatV4, parseV4 } from "../../stack/wire/address.ts";
import { randomStream } from "../random.ts";
import type { WalkChoice } from "./steps.ts";
import { WireEnd } from "./wire.ts";

const v4 = (text: string): number => {
  const address = parseV4(text);
  if (address === null) throw new Error(`not an address: ${text}`);
  return address;
};

export const A = v4("203.0.113.9");
const U = v4("198.51.100.7");
const U2 = v4("198.51.101.7");
const C = v4("192.0.2.1");
const C2 = v4("192.0.3.77");

export const CLIENT_PORT = 40_000;
export const SERVER_PORT = 80;
const DELAY = 50 * MICROSECOND;

/** Hosts that offer nothing but MSS, and a window without scaling: the packets stay readable. */
const PLAIN: TcpOptionsForStack = {
  windowScale: false,
  timestamps: false,
  sack: false,
  ecn: "off",
  pathMtuDiscovery: false,
  receiveBuffer: 65_535,
};

export interface WalkWorld {
  clock: TimerWheel;
  client: Tcp;
  server: Tcp;
  clientAddress: number;
  /** Where each host's packets leave, by interface. */
  clientEnd: WireEnd;
  serverEnds: readonly WireEnd[];
  names: Record<string, string>;
}

/** Builds both hosts and the wire between them. */
export function walkWorld(choice: WalkChoice): WalkWorld {
  const clock = new TimerWheel();
  const pool = new MbufPool();
  const multihomed = choice.topology === "multihomed";
  const clientAddress = multihomed ? C2 : C;
  const [clientEnd, end0, end1] = [0, 1, 2].map(() => new WireEnd(clock, DELAY));
  const client = new Stack({
    name: "client",
    clock,
    random: chance("client"),
    pool,
    client: choice.client,
    twoPass: choice.twoPass,
    interfaces: [
      {
        name: "if0",
        device: clientEnd,
        addresses: [{ address: clientAddress, prefixLength: 24 }],
      },
    ],
    routes: [{ prefix: 0, prefixLength: 0, interface: "if0" }],
  });
  const server = new Stack({
    name: "server",
    clock,
    random: chance("server"),
    pool,
    pinTx: choice.pin === "transmit",
    pinRx: choice.pin === "receive",
    twoPass: choice.twoPass,
    forwarding: choice.twoPass,
    interfaces: [
      {
        name: "if0",
        device: end0,
        addresses: [
          { address: U, prefixLength: 24 },
          { address: A, prefixLength: 32, anycast: true },
        ],
      },
      { name: "if1", device: end1, addresses: [{ address: U2, prefixLength: 24 }] },
    ],
    routes: [
      { prefix: 0, prefixLength: 0, gateway: v4("198.51.100.1") },
      { prefix: v4("192.0.3.0"), prefixLength: 24, gateway: v4("198.51.101.1") },
    ],
  });
  clientEnd.far = server;
  end0.far = client;
  end1.far = client;
  return {
    clock,
    client: new Tcp(client, { ...PLAIN, iss: () => 0x1000 }),
    server: new Tcp(server, { ...PLAIN, iss: () => 0x2000 }),
    clientAddress,
    clientEnd,
    serverEnds: [end0, end1],
    names: {
      [formatV4(A)]: "A",
      [formatV4(U)]: "U",
      [formatV4(U2)]: "U2",
      [formatV4(clientAddress)]: multihomed ? "C2" : "C",
    },
  };
}

function chance(name: string): Random {
  const stream = randomStream(1, `walk ${name}`);
  return { word: () => stream.next() };
}
