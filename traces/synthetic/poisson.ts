/** The profile `poisson`: the arrivals and holding times that closed forms are about. */

import { RandomStream } from "../random.ts";
import { poissonArrivals } from "./arrivals.ts";
import type { SyntheticProfile } from "./profile.ts";
import { webTrace } from "./web-trace.ts";

const RATE = 100;
const SECONDS = 600;
/** Mean seconds a connection lasts: with 100 a second over 5 servers, 100 active on each. */
const HOLDING = 5;
/** The origin every profile without a date of its own has: 1998-01-01T00:00:00Z. */
export const NOMINAL_ORIGIN = 883_612_800_000_000_000n;

export const poisson: SyntheticProfile = {
  name: "poisson",
  summary: "Poisson arrivals (100/s), exponential holding times (mean 5 s)",
  create({ connections, seconds, seed }) {
    const count = connections ?? Math.round(RATE * (seconds ?? SECONDS));
    const rate = seconds === undefined ? RATE : count / seconds;
    return webTrace({
      origin: NOMINAL_ORIGIN,
      connections: count,
      arrivals: poissonArrivals(rate, new RandomStream(seed, "arrivals")),
      seed,
      durations: "exponential, mean 5 s",
      holding: (_bytes, _client, random, result) => {
        result.seconds = HOLDING * random.exponential();
      },
    });
  },
};
