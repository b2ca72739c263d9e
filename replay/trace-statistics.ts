/** What is counted of a trace whatever the policies do: connections, clients, Figure 3. */
import type { ConnectionColumns } from "../traces/connection.ts";
import { distinctAddresses } from "./metrics/distinct-addresses.ts";
import { logBins } from "./metrics/distribution.ts";
import { Histogram } from "./metrics/histogram.ts";
import { type Metrics, metricsIn } from "./metrics/metrics-code.ts";
import { StagedConnections } from "./metrics/staged-connections.ts";
import type { ConnectionDistribution } from "./result.ts";

/** Bins to a power of ten in Figure 3. */
const PER_DECADE = 10;
/** Holding times below a microsecond, and no bytes at all, stand in a bin of their own. */
const SHORTEST_SECONDS = 1e-6;
const FEWEST_BYTES = 1;

/** Sums are exact: what comes of connections does not depend on the order they are told in. */
export class TraceStatistics {
  connections = 0;
  readonly #metrics: Metrics;
  readonly #staged: StagedConnections;
  readonly #holding: Histogram;
  readonly #bytes: Histogram;

  /** Counts in `memory`, which is a `TraceMemory`'s, and may have been given out in part. */
  constructor(memory: WebAssembly.Memory) {
    const metrics = metricsIn(memory);
    this.#metrics = metrics;
    this.#staged = new StagedConnections(metrics);
    this.#holding = new Histogram(metrics, 1e9);
    this.#bytes = new Histogram(metrics, 1);
    metrics.code.beginConnections(this.#holding.address, this.#bytes.address);
  }

  /** Connections as they open: who they are. Their columns lie in the memory. */
  opened({ count, client, flags }: ConnectionColumns): void {
    this.connections += count;
    this.#metrics.code.countOpened(count, client.byteOffset, flags.byteOffset);
  }

  /** Connections as their end is known: what they came to. Their columns lie in the memory. */
  closed({ count, start, duration, clientBytes, serverBytes }: ConnectionColumns): void {
    this.#metrics.code.countClosed(
      count,
      start.byteOffset,
      duration.byteOffset,
      clientBytes.byteOffset,
      serverBytes.byteOffset,
    );
  }

  /** Whole connections, wherever their columns lie. */
  whole(rows: ConnectionColumns): void {
    const staged = this.#staged.copy(rows);
    this.opened(staged);
    this.closed(staged);
  }

  get midstream(): number {
    return this.#metrics.code.midstreams();
  }

  get payloadBytes(): number {
    return this.#bytes.sum;
  }

  /** Latest close, in nanoseconds since the trace's origin. */
  get latestClose(): number {
    return this.#metrics.code.latestClose();
  }

  /** How many clients there were, and whether that is estimated. */
  get clients(): { count: number; estimated: boolean } {
    return distinctAddresses(this.#metrics);
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
