/**
 * World W of the specification: a host with U on if0, U2 on if1 and the anycast address A, and what
 * its tests need to send it packets and see what leaves.
 */

import type { Device, Interface } from "../../stack/interface.ts";
import type { SendOptions } from "../../stack/ip/send-options.ts";
import { type Mbuf, MbufPool } from "../../stack/mbuf.ts";
import type { ControlError, Protocol } from "../../stack/protosw.ts";
import { Stack, type StackOptions } from "../../stack/stack.ts";
import { TimerWheel } from "../../stack/timer-wheel.ts";
import { fromHex, ip, toHex } from "./ip-packet.ts";
import { testRandom } from "./random.ts";

export const U = "198.51.100.7";
export const U2 = "198.51.101.7";
export const A = "203.0.113.9";
export const C = "192.0.2.1";
export const C2 = "192.0.3.77";
export const R0 = "198.51.100.60";
export const R1 = "198.51.100.50";
export const G = "198.51.101.50";

/** Hexadecimal of an address, for writing option bytes. */
export const hexOf = (address: string): string => ip(address).toString(16).padStart(8, "0");

/** A device that keeps what it is given. */
export class Tap implements Device {
  readonly packets: Uint8Array[] = [];
  readonly nextHops: number[] = [];

  transmit(m: Mbuf): void {
    this.packets.push(m.bytes.slice(m.off, m.off + m.len));
    this.nextHops.push(m.nextHop);
    m.free();
  }

  /** All packets since the last call, in hexadecimal. */
  take(): string[] {
    this.nextHops.length = 0;
    return this.packets.splice(0).map(toHex);
  }
}

/** What a protocol was handed. */
export interface Delivery {
  packet: string;
  destination: number;
  /** Hops of the saved route, pin applied, and the reply options it makes. */
  route: number[];
  reply: SendOptions | null;
}

/** A protocol that writes down what it gets. */
export class Recorder implements Protocol {
  readonly name = "recorder";
  readonly deliveries: Delivery[] = [];
  readonly errors: { type: number; code: number; mtu: number; destination: number }[] = [];

  input(stack: Stack, m: Mbuf): void {
    const { savedRoute } = stack;
    this.deliveries.push({
      packet: toHex(m.bytes.slice(m.ipAt, m.off + m.len)),
      destination: m.view.getUint32(m.destinationAt),
      route: [...savedRoute.hops.subarray(0, savedRoute.count)],
      reply: savedRoute.reply(stack.config.profile),
    });
    m.free();
  }

  ctlInput(_stack: Stack, error: ControlError): boolean {
    this.errors.push({
      type: error.type,
      code: error.code,
      mtu: error.mtu,
      destination: error.view.getUint32(error.quotedDestinationAt),
    });
    return true;
  }
}

export interface WorldW {
  stack: Stack;
  pool: MbufPool;
  clock: TimerWheel;
  if0: Interface;
  if1: Interface;
  out0: Tap;
  out1: Tap;
  tcp: Recorder;
  udp: Recorder;
  /** Gives the host a packet (bytes or hexadecimal) by if0, or by the interface named. */
  receive(packet: Uint8Array | string, by?: Interface): void;
  /** Runs what waits on the clock now (loopback). */
  settle(): void;
}

export function worldW(options: Partial<StackOptions> = {}): WorldW {
  const pool = new MbufPool();
  const clock = new TimerWheel();
  const out0 = new Tap();
  const out1 = new Tap();
  const stack = new Stack({
    name: "W",
    clock,
    random: testRandom(1),
    pool,
    interfaces: [
      {
        name: "if0",
        device: out0,
        addresses: [
          { address: ip(U), prefixLength: 24 },
          { address: ip(A), prefixLength: 32, anycast: true },
        ],
      },
      { name: "if1", device: out1, addresses: [{ address: ip(U2), prefixLength: 24 }] },
    ],
    routes: [
      { prefix: 0, prefixLength: 0, gateway: ip("198.51.100.1") },
      { prefix: ip("192.0.3.0"), prefixLength: 24, gateway: ip("198.51.101.1") },
    ],
    ...options,
  });
  const tcp = new Recorder();
  const udp = new Recorder();
  stack.register(6, tcp);
  stack.register(17, udp);
  const [if0, if1] = [stack.interfaceNamed("if0"), stack.interfaceNamed("if1")];
  const settle = (): void => clock.advance(clock.now());
  return {
    stack,
    pool,
    clock,
    if0,
    if1,
    out0,
    out1,
    tcp,
    udp,
    receive(packet, by = if0) {
      const m = pool.from(typeof packet === "string" ? fromHex(packet) : packet);
      if (!m) throw new Error("no buffer");
      stack.input(m, by);
      settle();
    },
    settle,
  };
}
