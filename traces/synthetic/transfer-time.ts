/**
 * How long a connection lasted. Durations of the Olympic trace were never published; this derives
 * them from what was, for one request and one response over one TCP connection:
 *
 *  1. one round trip for the handshake, one for request and first response byte;
 *  2. slow start from one segment, two more each round trip served (the receiver acknowledges every
 *     other segment, so the window grows by half), until the window fills the client's throughput;
 *     each round takes a round trip or the time its bytes take at that throughput, whichever is
 *     longer; what remains then flows at the throughput;
 *  3. retransmissions at the published rate, 857,142 in 7,821,638 packets; of those 422,025 were
 *     coarse time-outs, each costing one to one and a half seconds (RTO of at least a second, 500 ms
 *     ticks) and doubling while it repeats, the others a round trip;
 *  4. half a round trip for the last acknowledgement of a FIN.
 *
 * Round trips are log-normal by client, median 200 ms, σ 0.6: dial-up modems and the transatlantic
 * paths of 1996 (an assumption, not a publication).
 */

import type { RandomStream } from "../random.ts";
import { COARSE_SHARE, RETRANSMITTED_SHARE, THROUGHPUT_KBPS } from "./olympic96-facts.ts";
import { Distribution } from "./quantiles.ts";

import { SEGMENT } from "./segments.ts";

const throughput = new Distribution(THROUGHPUT_KBPS);
const roundTrip = new Distribution(logNormal(0.2, 0.6));
export interface TransferTime {
  /** From SYN to the acknowledgement of the last FIN. */
  seconds: number;
  /** Segments of the response that were sent again. */
  retransmitted: number;
}

/** Sets `result` for a response of `bytes` to a client. */
export function transferTime(
  bytes: number,
  client: number,
  random: RandomStream,
  result: TransferTime,
): void {
  const rate = (clientThroughput(client) * 1000) / 8;
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
  let retransmitted = 0;
  for (let segment = 0; segment < bytes / SEGMENT; ) {
    const chance = random.unit();
    if (chance >= RETRANSMITTED_SHARE) {
      segment++;
      backoff = 1;
    } else {
      retransmitted++;
      if (chance < RETRANSMITTED_SHARE * COARSE_SHARE) {
        seconds += backoff * (1 + random.unit() / 2);
        backoff *= 2;
      } else seconds += rtt;
    }
  }
  result.seconds = seconds;
  result.retransmitted = retransmitted;
}

/** Throughput of the client's host in kbit/s, drawn from the published distribution. */
export const clientThroughput = (client: number): number => throughput.at(spread(client, 1));

/** A number in [0, 1) that belongs to the client and the purpose: murmur3's finaliser. */
function spread(client: number, purpose: number): number {
  let h = Math.imul(client + 1, 0x9e3779b1) ^ Math.imul(purpose, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x100000000;
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
