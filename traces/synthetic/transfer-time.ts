/**
 * How long a connection lasted. Durations of the Olympic trace were never published; this derives
 * them from what was, for one request and one response over one TCP connection:
 *
 *  1. one round trip for the handshake, one for request and first response byte;
 *  2. slow start from one segment, two more each round trip served (the receiver acknowledges every
 *     other segment, so the window grows by half), until the window fills the client's throughput;
 *     each round takes a round trip or the time its bytes take at that throughput, whichever is
 *     longer; what remains then flows at the throughput;
 *  3. coarse time-outs at the published rate, 422,025 in 1,650,103 connections, spread over
 *     response segments; each costs one to one and a half seconds (RTO of at least a second, 500 ms
 *     ticks) and doubles while it repeats;
 *  4. half a round trip for the last acknowledgement of a FIN.
 *
 * Round trips are log-normal by client, median 200 ms, σ 0.6: dial-up modems and the transatlantic
 * paths of 1996 (an assumption, not a publication).
 */
import { RESPONSE_BYTES, THREE_HOURS, THROUGHPUT_KBPS } from "./olympic96-facts.ts";
import { Distribution } from "./quantiles.ts";
import type { RandomStream } from "./random.ts";

/** Bytes in a full segment on the paths of the time: 1460 behind Ethernet and dial-up alike. */
export const SEGMENT = 1460;
const throughput = new Distribution(THROUGHPUT_KBPS);
const roundTrip = new Distribution(logNormal(0.2, 0.6));
const TIMEOUTS_PER_CONNECTION = THREE_HOURS.coarseTimeouts / THREE_HOURS.connections;
/** Mean number of segments in a response, so that time-outs per segment give the published rate. */
const MEAN_SEGMENTS = meanSegments(new Distribution(RESPONSE_BYTES));
const TIMEOUT_PER_SEGMENT = TIMEOUTS_PER_CONNECTION / (MEAN_SEGMENTS + TIMEOUTS_PER_CONNECTION);

/** Seconds from SYN to the acknowledgement of the last FIN, for a response of `bytes`. */
export function transferSeconds(bytes: number, client: number, random: RandomStream): number {
  const rate = (throughput.at(spread(client, 1)) * 1000) / 8;
  const rtt = roundTrip.at(spread(client, 2));
  let seconds = 2.5 * rtt;
  let window = SEGMENT;
  let left = bytes;
  while (left > window && window < rate * rtt) {
    seconds += Math.max(rtt, window / rate);
    left -= window;
    window += SEGMENT * Math.ceil(window / SEGMENT / 2);
  }
  seconds += left / rate;
  let backoff = 1;
  for (let segment = 0; segment < bytes / SEGMENT; ) {
    if (random.unit() < TIMEOUT_PER_SEGMENT) {
      seconds += backoff * (1 + random.unit() / 2);
      backoff *= 2;
    } else {
      segment++;
      backoff = 1;
    }
  }
  return seconds;
}

/** A number in [0, 1) that belongs to the client and the purpose: murmur3's finaliser. */
function spread(client: number, purpose: number): number {
  let h = Math.imul(client + 1, 0x9e3779b1) ^ Math.imul(purpose, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x100000000;
}

function meanSegments(sizes: Distribution): number {
  let sum = 0;
  for (let i = 0; i < 1000; i++) sum += Math.ceil(sizes.at((i + 0.5) / 1000) / SEGMENT);
  return sum / 1000;
}

/** Quantiles of a log-normal distribution, to four deviations, by Abramowitz and Stegun 26.2.17. */
function logNormal(median: number, sigma: number): [number, number][] {
  const points: [number, number][] = [[0, median * Math.exp(-4.2 * sigma)]];
  for (let z = -4; z <= 4; z += 0.125) points.push([normalBelow(z), median * Math.exp(z * sigma)]);
  points.push([1, median * Math.exp(4.2 * sigma)]);
  return points;
}

function normalBelow(z: number): number {
  if (z < 0) return 1 - normalBelow(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
