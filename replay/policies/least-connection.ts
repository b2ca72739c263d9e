import type { Dispatcher, Loads, Policy } from "./policy.ts";

/** Up to so many servers are looked through faster than a tree of them is kept. */
const FEW = 16;
const FEW_BITS = 4;

/** Fewest open connections; of servers with equally many, the one of lowest index, at any N. */
export const leastConnection: Policy = {
  name: "least-connection",
  aliases: ["lc"],
  summary: "to the server with the fewest open connections, ties to the lowest index",
  readsLoads: true,
  expectation: null,
  create: ({ servers, loads }) =>
    servers <= FEW ? lookThrough(servers, loads) : tournament(servers, loads),
};

/**
 * All servers' keys, load · 16 + index, are looked at without a branch: loads are nearly equal, and
 * nothing would foretell it. 32 bits have room for a hundred million connections a server.
 */
function lookThrough(servers: number, loads: Loads): Dispatcher {
  const keys = Int32Array.from({ length: servers }, (_, i) => (loads[i] << FEW_BITS) | i);
  return {
    pick() {
      let least = keys[0];
      for (let i = 1; i < servers; i++) {
        const above = (keys[i] - least) | 0;
        least += above & (above >> 31);
      }
      return least & (FEW - 1);
    },
    loadChanged(server) {
      keys[server] = (loads[server] << FEW_BITS) | server;
    },
  };
}

/**
 * A tournament tree over keys load · P + index (P servers, rounded up to a power of two): keys are
 * all different, so the least one names both the load and the tie's winner. A change of load
 * costs at most log₂ P comparisons, and usually stops after one or two.
 */
function tournament(servers: number, loads: Loads): Dispatcher {
  const leaves = 2 ** Math.ceil(Math.log2(servers));
  // Doubles: a million connections times 65,536 servers does not fit 32 bits.
  const tree = new Float64Array(2 * leaves).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < servers; i++) tree[leaves + i] = loads[i] * leaves + i;
  for (let i = leaves - 1; i > 0; i--) tree[i] = Math.min(tree[2 * i], tree[2 * i + 1]);
  const mask = leaves - 1;
  return {
    pick: () => tree[1] & mask,
    loadChanged(server) {
      let at = leaves + server;
      let key = loads[server] * leaves + server;
      tree[at] = key;
      while (at > 1) {
        const rival = tree[at ^ 1];
        if (rival < key) key = rival;
        at >>= 1;
        if (tree[at] === key) return;
        tree[at] = key;
      }
    },
  };
}
