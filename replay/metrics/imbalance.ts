/** How evenly servers are loaded, window by window, in memory that does not grow with the trace. */
import { type Distribution, linearBins, niceWidth } from "./distribution.ts";
import { Histogram } from "./histogram.ts";
import type { Metrics } from "./metrics-code.ts";

/** Imbalance = (max − min)/mean over the servers, over all windows in which the mean is not 0. */
export interface ImbalanceSummary {
  /** Windows measured, and those left out because no server had any load. */
  windows: number;
  emptyWindows: number;
  mean: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
  /** Shares of the measured windows whose imbalance is below 0.3 and below 0.5. */
  under30: number;
  under50: number;
}

export interface LoadSummary {
  imbalance: ImbalanceSummary;
  /** max/mean − 1: by how much the busiest server exceeds its fair share. */
  excess: { mean: number; max: number };
  /** Jain's index (Σx)²/(N·Σx²): 1 when even, 1/N when one server has everything. */
  jain: { mean: number; min: number };
  /** Load of one server, averaged over servers and measured windows. */
  meanPerServer: number;
  /** Imbalance in bins of 1 %, or as wide as leaves 1000 of them up to N, the most it can be. */
  distribution: Distribution;
}

export class ImbalanceRecorder {
  #servers = 1;
  readonly #histogram: Histogram;
  #empty = 0;
  #under30 = 0;
  #under50 = 0;
  #excess = 0;
  #excessMax = 0;
  #jain = 0;
  #jainMin = 1;
  #load = 0;

  /** Its histogram lies where `metrics` works. */
  constructor(metrics: Metrics) {
    this.#histogram = new Histogram(metrics);
  }

  /** Adds `times` windows in which server i had `loads[i]`. */
  add(loads: Float64Array, times: number): void {
    let min = Number.POSITIVE_INFINITY;
    let max = 0;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < loads.length; i++) {
      const load = loads[i];
      if (load < min) min = load;
      if (load > max) max = load;
      sum += load;
      squares += load * load;
    }
    this.#servers = loads.length;
    if (sum === 0) {
      this.#empty += times;
      return;
    }
    const mean = sum / loads.length;
    const imbalance = (max - min) / mean;
    this.#histogram.add(imbalance, times);
    if (imbalance < 0.3) this.#under30 += times;
    if (imbalance < 0.5) this.#under50 += times;
    const excess = max / mean - 1;
    this.#excess += excess * times;
    if (excess > this.#excessMax) this.#excessMax = excess;
    const jain = (sum * mean) / squares;
    this.#jain += jain * times;
    if (jain < this.#jainMin) this.#jainMin = jain;
    this.#load += mean * times;
  }

  summary(): LoadSummary {
    const h = this.#histogram;
    const windows = h.count;
    const per = windows > 0 ? 1 / windows : 0;
    return {
      imbalance: {
        windows,
        emptyWindows: this.#empty,
        mean: h.mean,
        p50: h.quantile(0.5),
        p95: h.quantile(0.95),
        p99: h.quantile(0.99),
        max: windows > 0 ? h.max : 0,
        under30: this.#under30 * per,
        under50: this.#under50 * per,
      },
      excess: { mean: this.#excess * per, max: this.#excessMax },
      jain: { mean: this.#jain * per, min: this.#jainMin },
      meanPerServer: this.#load * per,
      distribution: linearBins(h, niceWidth(0.01, this.#servers / 1000)),
    };
  }
}
