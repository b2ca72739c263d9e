import type { Policy } from "./policy.ts";

/** Servers in turn, beginning with server 0. */
export const roundRobin: Policy = {
  name: "round-robin",
  aliases: ["rr"],
  summary: "each connection to the next server in turn",
  readsLoads: false,
  expectation: null,
  create({ servers }) {
    let next = 0;
    const pick = (): number => {
      const server = next;
      next = server + 1 === servers ? 0 : server + 1;
      return server;
    };
    return {
      pick,
      pickBlock(_keys, count, out) {
        for (let i = 0; i < count; i++) out[i] = pick();
      },
    };
  },
};
