/** TCP end to end through two stacks in virtual time: packets, connections, memory when idle. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { SECOND } from "../stack/clock.ts";
import { SHUT_WR, type Socket } from "../stack/socket.ts";
import { TcpPair } from "../test/support/tcp-pair.ts";
import { type Bench, median, type Row } from "./bench.ts";

const REQUEST = new Uint8Array(300);
const REPLY = new Uint8Array(2000);

interface Case {
  what: string;
  /** Does the work; how many packets, or connections, it was. */
  run(): number;
}

/** Reads and throws away; calls `onEnd` at the end of the stream. */
function sink(so: Socket, buffer: Uint8Array, onEnd: () => void): void {
  for (;;) {
    const got = so.receive(buffer);
    if (typeof got === "string") return;
    if (got === 0) {
      onEnd();
      return;
    }
  }
}

/** One connection that moves `bytes` from client to server. Packets crossing the link. */
function transfer(bytes: number, timestamps: boolean): number {
  const buffers = { sendBuffer: 262144, receiveBuffer: 262144, timestamps };
  const pair = new TcpPair({ client: buffers, server: buffers });
  const chunk = new Uint8Array(65536);
  const into = new Uint8Array(65536);
  pair.listen(80, (so) => {
    so.onReady = () => sink(so, into, () => so.close());
  });
  const so = pair.connect(80);
  let left = bytes;
  so.onReady = () => {
    while (left > 0) {
      const taken = so.send(chunk, 0, 0, Math.min(left, chunk.length));
      if (typeof taken === "string") return;
      left -= taken;
    }
    so.close();
  };
  pair.settle(3600 * SECOND);
  if (left > 0) throw new Error("unreachable: the transfer did not end");
  return pair.toServer.packets + pair.toClient.packets;
}

/** `count` connections, `open` of them at once: request, reply, closed by the server. */
function connections(count: number, open: number): number {
  const pair = new TcpPair({ client: { msl: SECOND / 100 }, server: { msl: SECOND / 100 } });
  const into = new Uint8Array(4096);
  pair.listen(80, (so) => {
    const serve = (): void => {
      const got = so.receive(into);
      if (typeof got === "string" || got === 0) return;
      so.send(REPLY);
      so.close();
    };
    so.onReady = serve;
    serve();
  });
  let begun = 0;
  let done = 0;
  const begin = (): void => {
    if (begun === count) return;
    begun++;
    const so = pair.connect(80);
    let asked = false;
    so.onReady = () => {
      if (!asked) asked = so.send(REQUEST) === REQUEST.length;
      sink(so, into, () => {
        so.close();
        done++;
        begin();
      });
    };
  };
  for (let i = 0; i < open; i++) begin();
  pair.settle(3600 * SECOND);
  if (done !== count) throw new Error(`unreachable: ${done} of ${count} connections ended`);
  return count;
}

/** Heap and buffers in use after a collection, bytes. */
function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes an established connection takes at one end, its socket included, data sent and read. */
function idleBytes(count: number): number {
  const pair = new TcpPair();
  const into = new Uint8Array(64);
  const held: Socket[] = [];
  pair.listen(80, (so) => {
    held.push(so);
    so.onReady = () => sink(so, into, () => so.close());
  });
  const open = (many: number): void => {
    for (let i = 0; i < many; i++) {
      const so = pair.connect(80);
      held.push(so);
      if ((i & 63) === 63) pair.run(SECOND / 100);
      so.onReady = () => {
        so.onReady = null;
        so.send(into);
      };
    }
    pair.run(10 * SECOND);
  };
  open(256);
  const before = memoryInUse();
  open(count);
  const bytes = (memoryInUse() - before) / (2 * count);
  if (held.length !== 2 * (count + 256)) throw new Error("unreachable: not all were accepted");
  for (const so of held) so.shutdown(SHUT_WR);
  return bytes;
}

export const tcp: Bench = {
  name: "tcp",
  about: "TCP through two stacks: packets and connections a second, bytes an idle connection",

  async run({ runs, size, progress }) {
    const bytes = (size ?? 300_000) * 1000;
    const many = Math.max(100, (size ?? 300_000) / 10);
    const cases: Case[] = [
      { what: "bulk transfer, packets", run: () => transfer(bytes, false) },
      { what: "bulk transfer with timestamps, packets", run: () => transfer(bytes, true) },
      { what: "connections opened and closed", run: () => connections(many, 100) },
    ];
    transfer(bytes / 4, true);
    connections(many / 4, 100);
    const rows: Row[] = [];
    const busy = cases.map((): number[] => []);
    for (const { what } of cases) {
      const command = "npm run bench -- tcp";
      rows.push({ what, command, seconds: [], cpuSeconds: null, peakBytes: null, amount: 0 });
    }
    for (let run = 0; run < runs; run++) {
      progress(`run ${run + 1} of ${runs}`);
      for (const [i, each] of cases.entries()) {
        const began = process.hrtime.bigint();
        const cpu = process.cpuUsage();
        rows[i].amount = each.run();
        rows[i].seconds.push(Number(process.hrtime.bigint() - began) / 1e9);
        const { user, system } = process.cpuUsage(cpu);
        busy[i].push((user + system) / 1e6);
      }
    }
    for (const [i, row] of rows.entries()) row.cpuSeconds = median(busy[i]);
    // Of one core: what others take of a shared machine is not ours.
    const rate = (i: number): number => rows[i].amount / median(busy[i]);
    const idle = idleBytes(Math.min(many, 5000));
    const atLeast = (text: string, measured: number, wanted: number) =>
      ({ text, measured, wanted, side: "at least" }) as const;
    return {
      work: `${bytes / 1e6} MB in one connection; ${many} connections of ${REQUEST.length} and ${REPLY.length} bytes`,
      unit: "packets",
      rows,
      claims: [
        atLeast(
          "end to end through two stacks, packets a second of processor time",
          rate(0),
          300_000,
        ),
        atLeast(
          "connections opened and closed, connections a second of processor time",
          rate(2),
          20_000,
        ),
        {
          text: "an idle connection at one end, bytes",
          measured: idle,
          wanted: 2048,
          side: "at most",
        },
      ],
      skipped: [],
    };
  },
};
