import type { Policy } from "./policy.ts";

/**
 * A uniformly random server, one draw a connection. The draw is scaled by multiplication (Lemire,
 * "Fast random integer generation in an interval", 2019, without the rejection step: for N servers
 * the bias is below N/2³²).
 */
export const random: Policy = {
  name: "random",
  aliases: [],
  summary: "each connection to a uniformly random server",
  readsLoads: false,
  expectation: "independent",
  create({ servers, random: words }) {
    const scale = servers / 0x100000000;
    const pick = (): number => Math.floor(words.next() * scale);
    return {
      pick,
      pickBlock(_keys, count, out) {
        for (let i = 0; i < count; i++) out[i] = pick();
      },
    };
  },
};
