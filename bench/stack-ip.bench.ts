/** Packets through IP input, output and forwarding of one stack, with and without the pin. */
import type { Interface } from "../stack/interface.ts";
import { ipOutput } from "../stack/ip/ip-output.ts";
import { makeSendState, type SendState } from "../stack/ip/send-options.ts";
import type { Mbuf } from "../stack/mbuf.ts";
import { MbufPool } from "../stack/mbuf.ts";
import type { Protocol } from "../stack/protosw.ts";
import { Stack, type StackOptions } from "../stack/stack.ts";
import { TimerWheel } from "../stack/timer-wheel.ts";
import { fromHex, ip, ipPacket } from "../test/support/ip-packet.ts";
import { testRandom } from "../test/support/random.ts";
import { type Bench, median, type Row } from "./bench.ts";

/** A full segment's, less the option bytes. */
const PAYLOAD = 1400;
/** Each run is cut into so many turns, so that a machine's drift meets all cases alike. */
const TURNS = 20;
const [U, A, C] = ["198.51.100.7", "203.0.113.9", "192.0.2.1"];

/** Frees what it is given: the transport is not what is measured. */
const sink: Protocol = {
  name: "sink",
  input: (_stack, m) => m.free(),
  ctlInput: () => false,
};

function host(options: Partial<StackOptions>): { stack: Stack; wire: Interface; pool: MbufPool } {
  const pool = new MbufPool();
  const device = { transmit: (m: Mbuf) => m.free() };
  const stack = new Stack({
    name: "bench",
    clock: new TimerWheel(),
    random: testRandom(1),
    pool,
    interfaces: [
      {
        name: "if0",
        device,
        addresses: [
          { address: ip(U), prefixLength: 24 },
          { address: ip(A), prefixLength: 32, anycast: true },
        ],
      },
    ],
    routes: [{ prefix: 0, prefixLength: 0, gateway: ip("198.51.100.1") }],
    ...options,
  });
  stack.register(6, sink);
  return { stack, wire: stack.interfaceNamed("if0"), pool };
}

interface Case {
  what: string;
  run(packets: number): void;
}

/** Hands a stack copies of one packet. */
function inputCase(
  what: string,
  destination: string,
  route: string,
  options: Partial<StackOptions>,
): Case {
  const { stack, wire, pool } = host(options);
  const payload = new Uint8Array(20 + PAYLOAD);
  const packet = ipPacket({ source: C, destination, options: route, protocol: 6, payload });
  return {
    what,
    run(packets) {
      for (let i = 0; i < packets; i++) {
        const m = pool.from(packet);
        if (m) stack.input(m, wire);
      }
    },
  };
}

/** Has a stack send segments from A, with the state of one connection. */
function outputCase(what: string, options: Partial<StackOptions>, state: SendState): Case {
  const { stack, pool } = host(options);
  const segment = new Uint8Array(20 + PAYLOAD);
  const [from, to] = [ip(A), ip(C)];
  return {
    what,
    run(packets) {
      for (let i = 0; i < packets; i++) {
        const m = pool.from(segment);
        if (m) ipOutput(stack, m, from, to, 6, state);
      }
    },
  };
}

/** What the receive path saves: through U, back to C. */
function routed(): SendState {
  const state = makeSendState();
  state.options = { firstHop: ip(U), bytes: fromHex("01830704c0000201") };
  return state;
}

const forwarding = { forwarding: true, sendRedirects: false };

function cases(): Case[] {
  return [
    inputCase("input, plain", A, "", {}),
    inputCase("input, plain, pinned on receipt", A, "", { pinRx: true }),
    inputCase("input along a route {>>A}", U, "01830704cb007109", { pinRx: true }),
    outputCase("output, plain", {}, makeSendState()),
    outputCase("output, pin put in on transmission", { pinTx: true }, makeSendState()),
    outputCase("output along the route saved on receipt", { pinRx: true }, routed()),
    inputCase("forwarded, plain", "198.51.100.99", "", forwarding),
    inputCase("forwarded along a route", U, "01830704c6336463", forwarding),
  ];
}

export const stackIp: Bench = {
  name: "stack-ip",
  about: "packets through IP input, output and forwarding, with and without the pin",

  async run({ runs, size, progress }) {
    const packets = size ?? 1_000_000;
    const all = cases();
    const rows: Row[] = all.map(({ what }) => ({
      what,
      command: "npm run bench -- stack-ip",
      seconds: [],
      cpuSeconds: null,
      peakBytes: null,
      amount: packets,
    }));
    const turns = all.map((): number[] => []);
    for (const each of all) each.run(packets / TURNS);
    for (let run = 0; run < runs; run++) {
      progress(`run ${run + 1} of ${runs}`);
      const sums = all.map(() => 0);
      for (let turn = 0; turn < TURNS; turn++) {
        for (const [i, each] of all.entries()) {
          const began = process.hrtime.bigint();
          each.run(packets / TURNS);
          const seconds = Number(process.hrtime.bigint() - began) / 1e9;
          sums[i] += seconds;
          turns[i].push(seconds);
        }
      }
      for (const [i, row] of rows.entries()) row.seconds.push(sums[i]);
    }
    const rate = (i: number): number => packets / median(rows[i].seconds);
    /** How fast case `b` is beside case `a`: the middle of the turns, each beside its neighbour. */
    const beside = (a: number, b: number): number =>
      median(turns[a].map((t, k) => t / turns[b][k]));
    const atLeast = (text: string, measured: number, wanted: number) =>
      ({ text, measured, wanted, side: "at least" }) as const;
    return {
      work: `${packets} packets of ${PAYLOAD} bytes of TCP payload`,
      unit: "packets",
      rows,
      beside: rows[0].what,
      claims: [
        atLeast("input, packets/s", rate(0), 1e6),
        atLeast("output, packets/s", rate(3), 1e6),
        atLeast("receiving with the pin, rate over plain", beside(0, 1), 0.85),
        atLeast("sending with the pin, rate over plain", beside(3, 4), 0.85),
      ],
      skipped: [],
    };
  },
};
