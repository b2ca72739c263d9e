/** What is compiled from `wasm/`: histograms, and what is counted of a trace's connections. */
import { LimitError } from "../../traces/errors.ts";
import { instantiate } from "../../traces/wasm-module.ts";
import { WASM } from "./gen/metrics-wasm.ts";

/** What `wasm/metrics.ts` exports; histograms and columns are addresses. */
interface MetricsCode {
  begin(): void;
  allocate(bytes: number): number;
  makeHistogram(grains: number): number;
  add(histogram: number, value: number, times: number): void;
  filledFrom(histogram: number, bin: number): number;
  binOfRank(histogram: number, rank: number): number;
  beginConnections(seconds: number, bytes: number): void;
  countOpened(count: number, client: number, flags: number): void;
  countClosed(
    count: number,
    start: number,
    duration: number,
    clientBytes: number,
    serverBytes: number,
  ): void;
  midstreams(): number;
  latestClose(): number;
  distinct(): number;
  ranksAt(): number;
}

/** The code, and the memory it works in. */
export interface Metrics {
  readonly code: MetricsCode;
  readonly memory: WebAssembly.Memory;
}

/** Runs in `memory`, which is a `TraceMemory`'s, and may have been given out in part. */
export function metricsIn(memory: WebAssembly.Memory): Metrics {
  const code = instantiate<MetricsCode>(WASM, memory, { memory: { exhausted } });
  code.begin();
  return { code, memory };
}

/** @throws {LimitError} always */
function exhausted(): never {
  throw new LimitError("expected figures of a trace that fit into memory, found more");
}
