/** Transfers between one of our hosts and Linux: planned from a seed, run some at a time. */
import { In6Addr } from "../../../stack/ip6/in6-addr.ts";
import { POLLIN, type Socket } from "../../../stack/socket.ts";
import { ip } from "../../support/ip-packet.ts";
import type { TestRandom } from "../../support/random.ts";
import { accepted, ok } from "../../support/tcp-pair.ts";
import { LINUX, LINUX6, type OurHost } from "./hosts.ts";
import { runTask, type Task } from "./our-end.ts";
import type { Job, Outcome, Peer } from "./peer.ts";

export interface Transfer {
  number: number;
  host: OurHost;
  family: 4 | 6;
  /** Who listens. */
  server: "ours" | "linux";
  ours: Task;
  linux: Partial<Job> & { send: number };
}

/** The smallest and the largest; between them as many of each order of magnitude. */
const LEAST = 1;
export const MOST = 10_000_000;

/** Transfers above this use no small buffers or segments; buffers that are small. */
const SMALL = 200_000;
const SMALL_BUFFER = 8192;

/** Bytes of transfer `i`: the two extremes first. */
function size(i: number, random: TestRandom): number {
  if (i < 2) return LEAST;
  if (i < 4) return MOST;
  return Math.round(Math.exp((random.word() / 2 ** 32) * Math.log(MOST)));
}

/** `count` transfers over `hosts`: half of them up, half down, some both ways at once. */
export function plan(
  count: number,
  hosts: readonly OurHost[],
  congestion: readonly string[],
  random: TestRandom,
): Transfer[] {
  return Array.from({ length: count }, (_, number) => {
    const bytes = size(number, random);
    const up = number % 2 === 0;
    const both = random.below(8) === 0 && bytes < 1_000_000;
    let host = random.pick(hosts);
    const linux: Transfer["linux"] = { send: up && !both ? 0 : bytes, at: random.below(1e6) };
    if (random.below(4) === 0) linux.receiveBuffer = random.pick([4096, 20_000, 500_000]);
    if (random.below(6) === 0) linux.maxSegment = random.pick([88, 200, 536, 1000]);
    // Where two segments fill a buffer every loss costs a time-out: not for the large ones.
    if (bytes > SMALL) {
      delete linux.maxSegment;
      delete linux.receiveBuffer;
      if (host.tcp.config.sendBuffer < 2 * SMALL_BUFFER) host = hosts[0];
    }
    linux.congestion = random.pick(congestion);
    linux.chunk = random.pick([1000, 65_536, 1_000_000]);
    linux.last = random.below(3) === 0;
    return {
      number,
      host,
      family: random.below(4) === 0 ? 6 : 4,
      server: random.below(2) === 0 ? "ours" : "linux",
      ours: {
        send: up || both ? bytes : 0,
        at: random.below(1e6),
        // Both waiting for the other's end would be waiting for ever.
        last: !linux.last && random.below(3) === 0,
      },
      linux,
    };
  });
}

/** Connects from `host` to Linux's `port`. */
export function connectToLinux(host: OurHost, family: 4 | 6, port: number): Socket {
  const so = host.tcp.socket(family);
  const result = so.connect(family === 4 ? ip(LINUX) : In6Addr.parse(LINUX6), port);
  if (result !== "EINPROGRESS") throw new Error(`connect: ${result}`);
  return so;
}

/** Listens on `port` of `host`, a free one when 0, and resolves with the first connection. */
export function acceptOne(
  host: OurHost,
  family: 4 | 6,
  port = 0,
): { port: number; connection: Promise<Socket> } {
  const listener = host.tcp.socket(family);
  ok(listener.setsockopt("SO_REUSEADDR", 1));
  ok(listener.bind(family === 4 ? 0 : new In6Addr(0, 0, 0, 0), port));
  ok(listener.listen(5));
  const name = listener.getsockname();
  if (typeof name === "string") throw new Error(name);
  const connection = new Promise<Socket>((resolve) => {
    listener.onReady = (_, events) => {
      if (!(events & POLLIN)) return;
      const so = accepted(listener.accept());
      listener.close();
      resolve(so);
    };
  });
  return { port: name.port, connection };
}

/** Runs both ends of one transfer; what each says of it. */
async function runTransfer(
  peer: Peer,
  transfer: Transfer,
): Promise<{ ours: Outcome; linux: Outcome }> {
  const { host, family } = transfer;
  if (transfer.server === "linux") {
    const address = family === 4 ? LINUX : LINUX6;
    const { port, outcome } = await peer.listen({ ...transfer.linux, family, address });
    const so = connectToLinux(host, family, port);
    const [ours, linux] = await Promise.all([runTask(so, transfer.ours), outcome]);
    return { ours, linux };
  }
  const { port, connection } = acceptOne(host, family);
  const address = family === 4 ? host.address : host.address6;
  const linux = peer.connect({ ...transfer.linux, family, address, remotePort: port });
  const refused = linux.then((outcome) => {
    if (outcome.error) throw new Error(`Linux could not connect: ${outcome.error}`);
    return outcome;
  });
  const so = await Promise.race([connection, refused.then(() => connection)]);
  return { ours: await runTask(so, transfer.ours), linux: await linux };
}

/** What is wrong with what the two ends say, or null. */
function judge(transfer: Transfer, ours: Outcome, linux: Outcome): string | null {
  const { send } = transfer.ours;
  const wrong: string[] = [];
  if (ours.error) wrong.push(`ours: ${ours.error}`);
  if (linux.error) wrong.push(`linux: ${linux.error}`);
  if (linux.received !== send) wrong.push(`${linux.received} of ${send} bytes reached Linux`);
  if (ours.received !== transfer.linux.send) {
    wrong.push(`${ours.received} of ${transfer.linux.send} bytes reached us`);
  }
  if (ours.sha256Sent !== linux.sha256Received) wrong.push("other bytes reached Linux");
  if (linux.sha256Sent !== ours.sha256Received) wrong.push("other bytes reached us");
  return wrong.length > 0 ? wrong.join(", ") : null;
}

/** Runs `transfers`, `width` at a time; complaints, one for each that failed. */
export async function runAll(
  peer: Peer,
  transfers: readonly Transfer[],
  width: number,
): Promise<string[]> {
  const complaints: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < transfers.length) {
      const transfer = transfers[next++];
      const { number, host, family, server } = transfer;
      try {
        const { ours, linux } = await runTransfer(peer, transfer);
        const wrong = judge(transfer, ours, linux);
        if (wrong) complaints.push(`${number} (${host.name}, v${family}, ${server}): ${wrong}`);
      } catch (error) {
        complaints.push(
          `${number} (${host.name}): ${error instanceof Error ? error.message : error}`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return complaints;
}
