/** One seeded trial of two stacks over a bad link, and what must hold at its end. */
import { MICROSECOND, SECOND } from "../../stack/clock.ts";
import type { TcpOptionsForStack } from "../../stack/tcp/tcp.ts";
import { testRandom } from "./random.ts";
import { exchange } from "./tcp-exchange.ts";
import { TcpPair } from "./tcp-pair.ts";

/** Runs trial `seed`; null when all is well, else what is not. Transfers are below `most` bytes. */
export function soakTrial(seed: number, most: number): string | null {
  const random = testRandom(seed);
  const options = (): TcpOptionsForStack => ({
    sack: random.below(2) === 0,
    timestamps: random.below(2) === 0,
    windowScale: random.below(2) === 0,
    nagle: random.below(4) > 0,
    congestion: random.pick(["reno", "cubic"] as const),
    receiveBuffer: random.pick([2048, 16384, 65536, 300_000]),
    sendBuffer: random.pick([2048, 65536, 300_000]),
    delayedAck: random.pick([0, 40_000_000]),
    ecn: random.pick(["off", "accept", "request"] as const),
    msl: SECOND,
    synCookies: random.pick(["never", "overflow", "always"] as const),
    persistMin: random.pick([SECOND / 5, 5 * SECOND]),
  });
  const pair = new TcpPair({ seed, client: options(), server: options() });
  const bad = {
    loss: random.below(150),
    duplicate: random.below(50),
    reorder: random.below(200),
    corrupt: random.below(30),
  };
  for (const pipe of [pair.toServer, pair.toClient]) {
    pipe.faults = bad;
    pipe.delay = (10 + random.below(20_000)) * MICROSECOND;
  }
  const up = random.bytes(random.below(most));
  const down = random.bytes(random.below(most));
  const family = random.below(3) === 0 ? 6 : 4;
  const { listener, result } = exchange(pair, up, down, family);
  pair.settle(4 * 3600 * SECOND);
  listener.close();
  pair.settle(4 * 3600 * SECOND);
  const wrong: string[] = [];
  if (result.damaged) wrong.push("damaged data");
  if (!result.intact && result.error === null) {
    wrong.push(`silent loss: ${result.up}/${up.length} up, ${result.down}/${down.length} down`);
  }
  if (result.error === "ECONNRESET") wrong.push("reset");
  const { client, server } = pair;
  const left = {
    blocks: client.live + server.live,
    connected: client.table.connected + server.table.connected,
    mbufs: pair.pool.outstanding,
    timers: pair.clock.pending,
    bytes: client.memory.outstanding + server.memory.outstanding,
  };
  for (const [name, count] of Object.entries(left)) if (count) wrong.push(`${count} ${name} left`);
  return wrong.length > 0 ? `seed ${seed}: ${wrong.join(", ")} (${result.error})` : null;
}
