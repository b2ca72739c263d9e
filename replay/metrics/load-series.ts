/**
 * Load of each server over time in a bounded number of bins: when they are used up, neighbours are
 * merged and bins become twice as long.
 */

const MOST_BINS = 1000;
/** Cells (bins × servers) that one series may have, however many servers there are. */
const MOST_CELLS = 1 << 20;

export interface LoadOverTime {
  /** Seconds from the trace's origin to the first bin's beginning, and the length of a bin. */
  startSeconds: number;
  binSeconds: number;
  /** Per server and bin: mean of the active connections at the ends of the bin's windows. */
  active: number[][];
  /** Per server and bin: bytes in the bin. */
  bytes: number[][];
}

export class LoadSeries {
  readonly #servers: number;
  readonly #most: number;
  readonly #active: Float64Array;
  readonly #bytes: Float64Array;
  /** Windows per bin, finished bins, windows in the bin being filled. */
  #width = 1;
  #bins = 0;
  #filled = 0;

  constructor(servers: number) {
    this.#servers = servers;
    const most = Math.min(MOST_BINS, Math.max(8, Math.floor(MOST_CELLS / servers)));
    this.#most = most - (most % 2);
    this.#active = new Float64Array(this.#most * servers);
    this.#bytes = new Float64Array(this.#most * servers);
  }

  /** Adds `times` windows, each with these active connections and bytes per server. */
  add(active: Float64Array, bytes: Float64Array, times: number): void {
    let left = times;
    while (left > 0) {
      if (this.#bins === this.#most) this.#halve();
      const here = Math.min(left, this.#width - this.#filled);
      const at = this.#bins * this.#servers;
      for (let i = 0; i < this.#servers; i++) {
        this.#active[at + i] += active[i] * here;
        this.#bytes[at + i] += bytes[i] * here;
      }
      left -= here;
      this.#filled += here;
      if (this.#filled === this.#width) {
        this.#filled = 0;
        this.#bins++;
      }
    }
  }

  #halve(): void {
    const half = this.#most / 2;
    for (const column of [this.#active, this.#bytes]) {
      for (let bin = 0; bin < half; bin++) {
        for (let i = 0; i < this.#servers; i++) {
          const from = 2 * bin * this.#servers + i;
          column[bin * this.#servers + i] = column[from] + column[from + this.#servers];
        }
      }
      column.fill(0, half * this.#servers);
    }
    this.#bins = half;
    this.#width *= 2;
  }

  /** The series; windows are `windowSeconds` long and the first began at `startSeconds`. */
  summary(startSeconds: number, windowSeconds: number): LoadOverTime {
    const bins = this.#bins + (this.#filled > 0 ? 1 : 0);
    const row = (column: Float64Array, server: number, mean: boolean) =>
      Array.from({ length: bins }, (_, bin) => {
        const windows = mean ? (bin < this.#bins ? this.#width : this.#filled) : 1;
        return column[bin * this.#servers + server] / windows;
      });
    const servers = Array.from({ length: this.#servers }, (_, i) => i);
    return {
      startSeconds,
      binSeconds: windowSeconds * this.#width,
      active: servers.map((i) => row(this.#active, i, true)),
      bytes: servers.map((i) => row(this.#bytes, i, false)),
    };
  }
}
