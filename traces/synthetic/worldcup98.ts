/**
 * The profile `worldcup98`: the 1998 World Cup site by its requests per minute, 1,352,804,107 in
 * all (Arlitt and Jin, "1998 World Cup Web Site Access Logs"). Sizes and holding times are those of
 * the olympic96 model: the logs have sizes, but the series that is kept here has only counts.
 */
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { unpack } from "../flow-trace/bit-pack.ts";
import { projectFile } from "../project-file.ts";
import { RandomStream } from "../random.ts";
import { expectedArrivals, modulatedArrivals } from "./arrivals.ts";
import type { SyntheticProfile } from "./profile.ts";
import { webTrace } from "./web-trace.ts";

/** The first minute of the series and how many there are. */
export const SERIES_START = "1998-04-30T21:30:00Z";
const SERIES_MINUTES = 125_310;
/** A part of the trace begins with its busiest hour, on 30 June 1998 at 20:51. */
const PART_START_MINUTE = 87_801;
/** A whole run by default: one connection in about 22 requests, as many as olympic96 has. */
const CONNECTIONS = 60_000_000;

/** Requests in each minute, from the file beside the sources. */
export function requestsPerMinute(): Float64Array {
  const file = projectFile("traces/synthetic/worldcup98-minutes.bin");
  const minutes = new Float64Array(SERIES_MINUTES);
  if (!unpack(inflateRawSync(readFileSync(file)), SERIES_MINUTES, minutes)) {
    throw new Error(`${file.pathname} does not hold ${SERIES_MINUTES} minutes`);
  }
  return minutes;
}

export const worldcup98: SyntheticProfile = {
  name: "worldcup98",
  summary: "the 1998 World Cup site: published requests per minute",
  /** As olympic96: without bounds the whole, with `seconds` a busy part at its own rate. */
  create({ connections, seconds, seed }) {
    const minutes = requestsPerMinute();
    const whole = seconds === undefined && (connections ?? CONNECTIONS) >= CONNECTIONS;
    const span = whole ? SERIES_MINUTES * 60 : seconds;
    const fits = (span ?? 0) <= (SERIES_MINUTES - PART_START_MINUTE) * 60;
    const first = !whole && fits ? PART_START_MINUTE : 0;
    // A minute without a request still lets time go on.
    const rate = (second: number) =>
      Math.max(minutes[(first + Math.floor(second / 60)) % SERIES_MINUTES], 0.01) / 60;
    const carried = span === undefined ? undefined : expectedArrivals(rate, span);
    const count = connections ?? (whole ? CONNECTIONS : Math.round(carried ?? 0));
    const scale = carried === undefined ? 1 : count / carried;
    return webTrace({
      origin: BigInt(Date.parse(SERIES_START) + first * 60_000) * 1_000_000n,
      connections: count,
      arrivals: modulatedArrivals(
        (second) => scale * rate(second),
        new RandomStream(seed, "arrivals"),
      ),
      seed,
      durations: "olympic96 model: size, throughput, round trips, slow start, time-outs",
    });
  },
};
