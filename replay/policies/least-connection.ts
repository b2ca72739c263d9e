import type { Dispatcher, Loads, Policy } from "./policy.ts";

/** Fewest open connections; of servers with equally many, the one of lowest index, at any N. */
export const leastConnection: Policy = {
  name: "least-connection",
  aliases: ["lc"],
  summary: "to the server with the fewest open connections, ties to the lowest index",
  readsLoads: true,
  picksFewestOpen: true,
  expectation: null,
  create: ({ servers, loads }) => tournament(servers, loads),
};

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
