/**
 * The profile `onoff`: sources that are on and off for heavy-tailed times, whose sum is bursty at
 * every scale (Willinger, Taqqu, Sherman, Wilson, "Self-Similarity Through High-Variability",
 * SIGCOMM 1995). With tail index 1.5 the Hurst parameter is 0.75.
 */

import { RandomStream } from "../random.ts";
import { modulatedArrivals } from "./arrivals.ts";
import { NOMINAL_ORIGIN } from "./poisson.ts";
import type { SyntheticProfile } from "./profile.ts";
import { webTrace } from "./web-trace.ts";

const SOURCES = 200;
const TAIL = 1.5;
/** Shortest time in a state, in seconds; the mean is three times as long. */
const LEAST = 3;
const RATE = 100;
const SECONDS = 600;

export const onoff: SyntheticProfile = {
  name: "onoff",
  summary: "200 sources on and off for heavy-tailed times: bursts at every scale",
  create({ connections, seconds, seed }) {
    const count = connections ?? Math.round(RATE * (seconds ?? SECONDS));
    const rate = seconds === undefined ? RATE : count / seconds;
    const on = sourcesOn(new RandomStream(seed, "sources"));
    return webTrace({
      origin: NOMINAL_ORIGIN,
      connections: count,
      // Half of the sources are on in the mean; never quite none, so that time goes on.
      arrivals: modulatedArrivals(
        (second) => (rate * Math.max(on(second), 0.01)) / (SOURCES / 2),
        new RandomStream(seed, "arrivals"),
      ),
      seed,
      durations: "olympic96 model: size, throughput, round trips, slow start, time-outs",
    });
  },
};

/** How many sources are on in each second, asked for in order. */
function sourcesOn(random: RandomStream): (second: number) => number {
  const isOn = Uint8Array.from({ length: SOURCES }, () => random.below(2));
  const pareto = () => LEAST * random.unit() ** (-1 / TAIL);
  const until = Float64Array.from({ length: SOURCES }, pareto);
  return (second) => {
    let count = 0;
    for (let s = 0; s < SOURCES; s++) {
      while (until[s] <= second) {
        until[s] += pareto();
        isOn[s] ^= 1;
      }
      count += isOn[s];
    }
    return count;
  };
}
