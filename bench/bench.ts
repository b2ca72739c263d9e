/** What a benchmark is: the contract between `run.ts` and the files `*.bench.ts`. */

export interface Bench {
  /** The word that picks it: `npm run bench -- NAME`. */
  name: string;
  /** One line. */
  about: string;
  run(settings: Settings): Promise<Report>;
}

/** What `npm run bench` was asked for. */
export interface Settings {
  /** Runs of each measurement; the median counts. */
  runs: number;
  /** Size of the work where a benchmark has one (packets of its capture); null for its own. */
  size: number | null;
  /** A line about what is under way. */
  progress(text: string): void;
}

/** One thing measured. */
export interface Row {
  what: string;
  /** What a reader would type to measure it again. */
  command: string;
  /** Wall time of each run, seconds. */
  seconds: number[];
  /** Processor time of the median run, seconds; null where it cannot be told. */
  cpuSeconds: number | null;
  /** Largest resident memory of any run, bytes; null where it cannot be told. */
  peakBytes: number | null;
  /** Units of work in a run (`Report.unit`). */
  amount: number;
}

/** A promise about the numbers, and whether this run kept it. */
export interface Claim {
  text: string;
  measured: number;
  /** The bound, and the side on which `measured` must lie. */
  wanted: number;
  side: "at least" | "at most";
}

export interface Report {
  /** What the work was, in words: a file's size, packets, connections. */
  work: string;
  unit: string;
  rows: Row[];
  /** The row whose median every other is divided by; absent when nothing is compared. */
  beside?: string;
  claims: Claim[];
  /** What could not be measured here, and why. */
  skipped: string[];
}

export const kept = ({ measured, wanted, side }: Claim): boolean =>
  side === "at least" ? measured >= wanted : measured <= wanted;

/** The middle value; the mean of the two middle ones for an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
