import { hashAddressPort } from "./murmur3.ts";
import type { Policy } from "./policy.ts";

/**
 * The paper's hash dispatch: a function of source address and port alone, so that routers that
 * share a seed agree without talking. MurmurHash3_x86_32, keyed by the first word of the policy's
 * random stream, spread over the servers by multiplication: floor(hash · N / 2³²).
 */
export const hash: Policy = {
  name: "hash",
  aliases: [],
  summary: "by MurmurHash3 of source address and port, as in the paper",
  readsLoads: false,
  expectation: "independent",
  create({ servers, random }) {
    const scale = servers / 0x100000000;
    const seed = random.next();
    return {
      pick: (keys, row) =>
        Math.floor(hashAddressPort(keys.client, row, keys.clientPort[row], seed) * scale),
      pickBlock({ client, clientPort }, count, out) {
        for (let i = 0; i < count; i++) {
          out[i] = Math.floor(hashAddressPort(client, i, clientPort[i], seed) * scale);
        }
      },
    };
  },
};
