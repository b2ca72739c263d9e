/** Two hosts with TCP, client and server, on two pipes and one virtual clock. */
import type { ErrorCode } from "../../stack/errors.ts";
import { In6Addr } from "../../stack/ip6/in6-addr.ts";
import { MbufPool } from "../../stack/mbuf.ts";
import { POLLIN, type Socket } from "../../stack/socket.ts";
import { Stack, type StackOptions } from "../../stack/stack.ts";
import { Tcp, type TcpOptionsForStack } from "../../stack/tcp/tcp.ts";
import { TimerWheel } from "../../stack/timer-wheel.ts";
import { ip } from "./ip-packet.ts";
import { Pipe } from "./pipe.ts";
import { testRandom } from "./random.ts";

export const CLIENT = ip("10.0.0.1");
export const SERVER = ip("10.0.0.2");
const CLIENT6 = In6Addr.parse("2001:db8::1");
export const SERVER6 = In6Addr.parse("2001:db8::2");

export interface PairOptions {
  seed?: number;
  client?: TcpOptionsForStack;
  server?: TcpOptionsForStack;
  clientStack?: Partial<StackOptions>;
  serverStack?: Partial<StackOptions>;
  mtu?: number;
}

export class TcpPair {
  readonly clock = new TimerWheel();
  readonly pool = new MbufPool();
  readonly toServer: Pipe;
  readonly toClient: Pipe;
  readonly client: Tcp;
  readonly server: Tcp;

  constructor(options: PairOptions = {}) {
    const { seed = 1, mtu = 1500 } = options;
    this.toServer = new Pipe(this.clock, testRandom(seed));
    this.toClient = new Pipe(this.clock, testRandom(seed + 1));
    const host = (name: string, device: Pipe, v4: number, v6: In6Addr, more = {}) =>
      new Stack({
        name,
        clock: this.clock,
        random: testRandom(seed + v4),
        pool: this.pool,
        interfaces: [
          {
            name: "if0",
            device,
            mtu,
            addresses: [
              { address: v4, prefixLength: 24 },
              { address: v6, prefixLength: 64 },
            ],
          },
        ],
        ...more,
      });
    const client = host("client", this.toServer, CLIENT, CLIENT6, options.clientStack);
    const server = host("server", this.toClient, SERVER, SERVER6, options.serverStack);
    this.toServer.to = { stack: server, interface: server.interfaceNamed("if0") };
    this.toClient.to = { stack: client, interface: client.interfaceNamed("if0") };
    this.client = new Tcp(client, options.client);
    this.server = new Tcp(server, options.server);
  }

  /** Runs the clock for `nanoseconds`. */
  run(nanoseconds: number): void {
    this.clock.advance(this.clock.now() + nanoseconds);
  }

  /** Runs until nothing is armed any more, or `limit` nanoseconds have passed. */
  settle(limit: number): void {
    const end = this.clock.now() + limit;
    for (;;) {
      const next = this.clock.next();
      if (next === Infinity || next > end) return;
      this.clock.advance(Math.max(next, this.clock.now()));
    }
  }

  /** A listening socket on the server that hands each connection to `onAccept`. */
  listen(port: number, onAccept: (so: Socket) => void, backlog = 128, family: 4 | 6 = 4): Socket {
    const listener = this.server.socket(family);
    ok(listener.bind(family === 4 ? 0 : new In6Addr(0, 0, 0, 0), port));
    ok(listener.listen(backlog));
    listener.onReady = (so, events) => {
      if (!(events & POLLIN)) return;
      for (;;) {
        const accepted = so.accept();
        if (typeof accepted === "string") return;
        onAccept(accepted);
      }
    };
    return listener;
  }

  /** Starts a connection from the client. */
  connect(port: number, family: 4 | 6 = 4): Socket {
    const so = this.client.socket(family);
    const result = so.connect(family === 4 ? SERVER : SERVER6, port);
    if (result !== "EINPROGRESS") throw new Error(`connect: ${result}`);
    return so;
  }
}

/** The number that a call came to; throws on an error name. */
export function ok(result: number | ErrorCode): number {
  if (typeof result === "string") throw new Error(result);
  return result;
}

/** The socket that a call came to; throws on an error name. */
export function accepted(result: Socket | ErrorCode): Socket {
  if (typeof result === "string") throw new Error(result);
  return result;
}

/** Reads what is there, 64 KiB at most. */
export function drain(so: Socket): Uint8Array {
  const into = new Uint8Array(65536);
  const got = so.receive(into);
  return into.slice(0, typeof got === "number" ? got : 0);
}
