/** What is counted of a trace whatever the policies do: connections, clients, Figure 3. */
import { CONNECTION_MIDSTREAM, type ConnectionColumns } from "../traces/connection.ts";
import { DistinctAddresses } from "./metrics/distinct-addresses.ts";
import { logBins } from "./metrics/distribution.ts";
import { Histogram } from "./metrics/histogram.ts";
import type { ConnectionDistribution } from "./result.ts";

/** Bins to a power of ten in Figure 3. */
const PER_DECADE = 10;
/** Holding times below a microsecond, and no bytes at all, stand in a bin of their own. */
const SHORTEST_SECONDS = 1e-6;
const FEWEST_BYTES = 1;

export class TraceStatistics {
  connections = 0;
  midstream = 0;
  payloadBytes = 0;
  /** Latest close, in nanoseconds since the trace's origin. */
  latestClose = 0;
  readonly clients = new DistinctAddresses();
  /** Connections end in another order with other threads: sums must not depend on it. */
  readonly #holding = new Histogram(1e9);
  readonly #bytes = new Histogram(1);

  /** Connections as they open: who they are. */
  opened({ count, client, flags }: ConnectionColumns): void {
    this.connections += count;
    for (let row = 0; row < count; row++) {
      this.clients.add(client, row);
      if (flags[row] & CONNECTION_MIDSTREAM) this.midstream++;
    }
  }

  /** Connections as their end is known: what they came to. */
  closed({ count, start, duration, clientBytes, serverBytes }: ConnectionColumns): void {
    for (let row = 0; row < count; row++) {
      const bytes = clientBytes[row] + serverBytes[row];
      this.payloadBytes += bytes;
      this.#holding.add(duration[row] / 1e9);
      this.#bytes.add(bytes);
      const close = start[row] + duration[row];
      if (close > this.latestClose) this.latestClose = close;
    }
  }

  /** Figure 3: how long connections were held, and how much they moved. */
  distributions(): {
    holdingTimeSeconds: ConnectionDistribution;
    bytesPerConnection: ConnectionDistribution;
  } {
    return {
      holdingTimeSeconds: distribution(this.#holding, SHORTEST_SECONDS),
      bytesPerConnection: distribution(this.#bytes, FEWEST_BYTES),
    };
  }
}

function distribution(histogram: Histogram, smallest: number): ConnectionDistribution {
  return {
    ...logBins(histogram, PER_DECADE, smallest),
    mean: histogram.mean,
    p50: histogram.quantile(0.5),
    p95: histogram.quantile(0.95),
    p99: histogram.quantile(0.99),
    max: histogram.count > 0 ? histogram.max : 0,
  };
}
