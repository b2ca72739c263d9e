/** The profile `olympic96`: the 1996 Olympic web server as far as it was published. */

import { RandomStream } from "../random.ts";
import { burstFactor, expectedArrivals, modulatedArrivals } from "./arrivals.ts";
import { hourlyLoad } from "./load-curve.ts";
import { TRACE_CONNECTIONS, TRACE_SECONDS, TRACE_START } from "./olympic96-facts.ts";
import type { SyntheticProfile } from "./profile.ts";
import { webTrace } from "./web-trace.ts";

/**
 * Bursts of about ten seconds; with this deviation the busiest second of a day carries what the
 * busiest second of the trace did (14.2 Mbit/s).
 */
const BURST_SIGMA = 0.1;
const BURST_SECONDS = 10;
/**
 * Connections a second for each Mbit/s of load, at the published mean response. Over the whole
 * trace this makes 190 million, which is what the site counted; the 60 million of the trace are
 * those that were captured.
 */
const CONNECTIONS_PER_MBIT = 1e6 / 8 / 5543;
/** A part of the trace begins on 30 July 1996 at 11:00 EDT, the busiest published morning. */
const PART_START_HOUR = 450;

export const olympic96: SyntheticProfile = {
  name: "olympic96",
  summary: "the 1996 Olympic web server: published load, sizes and throughput",
  /**
   * Without `connections` or `seconds`: all 60 million over 26 days. With `seconds` alone: a part at
   * the load published for those hours. With `connections` alone: as long as they take at that
   * load. With both: the load's shape, scaled.
   */
  create({ connections, seconds, seed }) {
    const load = hourlyLoad();
    const whole = seconds === undefined && (connections ?? TRACE_CONNECTIONS) >= TRACE_CONNECTIONS;
    const span = whole ? TRACE_SECONDS : seconds;
    const fits = (span ?? 0) <= TRACE_SECONDS - 3600 * PART_START_HOUR;
    const firstHour = !whole && fits ? PART_START_HOUR : 0;
    const published = (second: number) =>
      CONNECTIONS_PER_MBIT * load[(firstHour + Math.floor(second / 3600)) % load.length];
    const carried = span === undefined ? undefined : expectedArrivals(published, span);
    const count = connections ?? (whole ? TRACE_CONNECTIONS : Math.round(carried ?? 0));
    const scale = carried === undefined ? 1 : count / carried;
    const burst = burstFactor(BURST_SIGMA, BURST_SECONDS, new RandomStream(seed, "bursts"));
    return webTrace({
      origin: BigInt(Date.parse(TRACE_START) + firstHour * 3_600_000) * 1_000_000n,
      connections: count,
      arrivals: modulatedArrivals(
        (second) => scale * published(second) * burst(),
        new RandomStream(seed, "arrivals"),
      ),
      seed,
      durations: "olympic96 model: size, throughput, round trips, slow start, time-outs",
    });
  },
};
