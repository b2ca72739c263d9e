/** The flow engine's rules stated once more, over plain objects and without any speed. */
import { createHash } from "node:crypto";
import type { Policy } from "../../replay/policies/policy.ts";
import { randomStream } from "../../replay/random.ts";
import { columnsOf, type SmallConnection } from "./small-trace.ts";

export interface NaiveOutcome {
  assignments: string;
  /** Imbalance of each window, or null where there was no load at all. */
  connections: (number | null)[];
  bytes: (number | null)[];
  servers: { connections: number; peakActive: number; payloadBytes: number }[];
}

const imbalance = (loads: number[]): number | null => {
  const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length;
  return mean === 0 ? null : (Math.max(...loads) - Math.min(...loads)) / mean;
};

/** Replays connections, in order of start; bytes fall into windows as `spread` says. */
export function naiveReplay(
  connections: readonly SmallConnection[],
  policy: Policy,
  servers: number,
  windowNs: number,
  seed: number,
  spread: "packets" | "evenly",
): NaiveOutcome {
  const loads = new Int32Array(servers);
  const random = randomStream(seed, `policy/${policy.name}`);
  const made = policy.create({ servers, loads, random });
  const keys = columnsOf(connections);
  const totals = Array.from({ length: servers }, () => ({
    connections: 0,
    peakActive: 0,
    payloadBytes: 0,
  }));
  const server: number[] = [];
  const open = new Set<SmallConnection>();
  for (const [row, connection] of connections.entries()) {
    for (const other of open) {
      if (other.close > connection.open) continue;
      open.delete(other);
      loads[server[other.id]]--;
      made.loadChanged?.(server[other.id]);
    }
    const pick = made.pick(keys, row);
    server.push(pick);
    open.add(connection);
    loads[pick]++;
    made.loadChanged?.(pick);
    totals[pick].connections++;
    totals[pick].peakActive = Math.max(totals[pick].peakActive, loads[pick]);
    totals[pick].payloadBytes += keys.clientBytes[row] + keys.serverBytes[row];
  }
  const ends = connections.flatMap((c) =>
    spread === "packets"
      ? [c.close, ...c.packets.filter((p) => p.payload > 0).map((p) => p.time)]
      : [c.close],
  );
  const first = Math.floor(Math.min(...connections.map((c) => c.open)) / windowNs);
  const last = Math.floor(Math.max(...ends) / windowNs);
  const outcome: NaiveOutcome = {
    assignments: `sha256:${createHash("sha256")
      .update(Uint8Array.from(server.flatMap((s) => [s & 255, s >> 8])))
      .digest("hex")}`,
    connections: [],
    bytes: [],
    servers: totals,
  };
  for (let window = first; window <= last; window++) {
    const from = window * windowNs;
    const to = from + windowNs;
    const active = new Array<number>(servers).fill(0);
    const bytes = new Array<number>(servers).fill(0);
    for (const c of connections) {
      if (c.open < to && c.close >= to) active[server[c.id]]++;
      if (spread === "packets") {
        for (const p of c.packets) {
          if (p.time >= from && p.time < to) bytes[server[c.id]] += p.payload;
        }
      } else {
        const all = c.packets.reduce((sum, p) => sum + p.payload, 0);
        const inside = Math.max(0, Math.min(to, c.close) - Math.max(from, c.open));
        if (c.close > c.open) bytes[server[c.id]] += (all * inside) / (c.close - c.open);
        else if (c.open >= from && c.open < to) bytes[server[c.id]] += all;
      }
    }
    outcome.connections.push(imbalance(active));
    outcome.bytes.push(imbalance(bytes));
  }
  return outcome;
}
