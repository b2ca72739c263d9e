/**
 * How close a generated trace came to the published curves: Kolmogorov-Smirnov distances, the
 * largest vertical gap between the two distributions, 0 (alike) to 1.
 */
import type { ConnectionColumns } from "../connection.ts";
import { clientOf } from "./clients.ts";
import { REQUEST_BYTES, RESPONSE_BYTES, THROUGHPUT_KBPS } from "./olympic96-facts.ts";
import type { Transfers } from "./profile.ts";
import { Distribution, type Quantile } from "./quantiles.ts";
import { clientThroughput } from "./transfer-time.ts";

/** Sizes of the published curves end here. */
const MOST_BYTES = 65_536;
/** The throughput curve was made from 30,000 hosts. */
const HOSTS = 30_000;

export interface Fit {
  what: string;
  /** Connections or hosts that were measured. */
  samples: number;
  distance: number;
}

export class FitReport {
  private readonly requests = new Float64Array(MOST_BYTES + 1);
  private readonly responses = new Float64Array(MOST_BYTES + 1);
  private readonly hostBits = new Float64Array(HOSTS);
  private readonly hostSeconds = new Float64Array(HOSTS);

  /** `made` is what the trace's `fill` set beside `rows`. */
  add(rows: ConnectionColumns, made: Pick<Transfers, "response">): void {
    for (let i = 0; i < rows.count; i++) {
      this.requests[Math.min(rows.clientBytes[i], MOST_BYTES)]++;
      this.responses[Math.min(made.response[i], MOST_BYTES)]++;
      const host = clientOf(rows.client[4 * i + 3]);
      if (host < HOSTS) {
        this.hostBits[host] += 8 * made.response[i];
        this.hostSeconds[host] += rows.duration[i] / 1e9;
      }
    }
  }

  /**
   * A host's throughput is drawn from the published distribution; what its connections carried over
   * how long they lasted is less, by the round trips and time-outs that the model adds.
   */
  result(): Fit[] {
    const drawn: number[] = [];
    const carried: number[] = [];
    this.hostBits.forEach((bits, host) => {
      if (bits === 0) return;
      drawn.push(clientThroughput(host));
      carried.push(bits / this.hostSeconds[host] / 1000);
    });
    return [
      { what: "request bytes", ...countedDistance(this.requests, REQUEST_BYTES) },
      { what: "response bytes", ...countedDistance(this.responses, RESPONSE_BYTES) },
      { what: "throughput drawn", ...sampledDistance(drawn, THROUGHPUT_KBPS) },
      { what: "throughput carried", ...sampledDistance(carried, THROUGHPUT_KBPS) },
    ];
  }
}

/** `counts[v]` is how often the whole number v came. */
function countedDistance(counts: Float64Array, curve: readonly Quantile[]): Omit<Fit, "what"> {
  const distribution = new Distribution(curve);
  const samples = counts.reduce((sum, n) => sum + n, 0);
  let below = 0;
  let distance = 0;
  counts.forEach((n, value) => {
    below += n;
    // Sizes were rounded: v stands for everything up to v + ½.
    if (n > 0)
      distance = Math.max(distance, Math.abs(below / samples - distribution.below(value + 0.5)));
  });
  return { samples, distance };
}

function sampledDistance(values: number[], curve: readonly Quantile[]): Omit<Fit, "what"> {
  const distribution = new Distribution(curve);
  const sorted = Float64Array.from(values).sort();
  let distance = 0;
  sorted.forEach((value, i) => {
    const published = distribution.below(value);
    distance = Math.max(
      distance,
      Math.abs(published - i / sorted.length),
      Math.abs(published - (i + 1) / sorted.length),
    );
  });
  return { samples: sorted.length, distance };
}
