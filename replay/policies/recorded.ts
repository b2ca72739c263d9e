import type { FlowKeys, Policy } from "./policy.ts";

/**
 * The server that answered when the trace was recorded: whoever dispatched then is held against the
 * policies that might have. Server addresses become servers in the order in which they first appear,
 * beginning again from server 0 when there are more of them.
 */
export const recorded: Policy = {
  name: "recorded",
  aliases: [],
  summary: "the server that answered when the trace was recorded (not among 'all')",
  readsLoads: false,
  expectation: null,
  create({ servers }) {
    const known = new Map<string, number>();
    /** Most connections go where the one before went: its words, and where that was. */
    const last = new Uint32Array(4);
    let lastServer = -1;
    const look = (server: Uint32Array, at: number): number => {
      const words = server.subarray(at, at + 4);
      last.set(words);
      const name = words.join();
      const place = known.get(name) ?? known.size;
      known.set(name, place);
      lastServer = place % servers;
      return lastServer;
    };
    const pick = ({ server }: FlowKeys, row: number): number => {
      const at = 4 * row;
      const same =
        server[at + 3] === last[3] &&
        server[at + 2] === last[2] &&
        server[at + 1] === last[1] &&
        server[at] === last[0];
      return same && lastServer >= 0 ? lastServer : look(server, at);
    };
    return {
      pick,
      pickBlock(keys, count, out) {
        for (let i = 0; i < count; i++) out[i] = pick(keys, i);
      },
    };
  },
};
